//! Measures what others notice of blocked tasks; `--help` lists the options.

use std::process::ExitCode;

use runtime_benches::blocked::Command;

fn main() -> ExitCode {
    runtime_benches::exit_code(|| Ok(Command::from_args()?.run()?))
}
