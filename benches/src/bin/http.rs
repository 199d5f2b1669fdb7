//! Loads the HTTP servers with `wrk` and prints the ratios; `--help` lists the options.

use std::process::ExitCode;

use runtime_benches::http::Command;

fn main() -> ExitCode {
    runtime_benches::exit_code(|| Ok(Command::from_args()?.run()?))
}
