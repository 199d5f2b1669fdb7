//! How the programs here end.

use std::error::Error;
use std::process::ExitCode;

/// Runs a program to its end; an error is printed.
pub fn exit_code(run: impl FnOnce() -> Result<(), Box<dyn Error>>) -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
