//! Loads the HTTP servers with `wrk` and prints the ratios; `--help` lists the options.

use std::error::Error;
use std::process::ExitCode;

use runtime_benches::http::Command;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    Ok(Command::from_args()?.run()?)
}
