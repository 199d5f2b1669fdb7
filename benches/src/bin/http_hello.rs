//! An HTTP/1.1 hello server on a chosen runtime; `--help` lists the options.

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
    Ok(Command::server_from_args()?.run()?)
}
