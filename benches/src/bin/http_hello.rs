//! An HTTP/1.1 hello server on a chosen runtime; `--help` lists the options.

use std::process::ExitCode;

use runtime_benches::http::Command;

fn main() -> ExitCode {
    runtime_benches::exit_code(|| Ok(Command::server_from_args()?.run()?))
}
