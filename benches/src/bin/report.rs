//! Prints the table of ratios to tokio; `--help` lists the options.

use std::process::ExitCode;

use runtime_benches::report::Command;

fn main() -> ExitCode {
    runtime_benches::exit_code(|| Ok(Command::from_args()?.run()?))
}
