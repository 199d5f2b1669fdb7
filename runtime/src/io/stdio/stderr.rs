//! Standard error.

use std::io;

use super::output::{Output, impl_output};
use super::target::Target;

/// The standard error of the process, made by [`stderr`](fn@stderr).
///
/// It works as [`Stdout`](crate::io::Stdout) does: flush before the process ends.
///
/// # Cancel safety
///
/// As of [`Stdout`](crate::io::Stdout).
///
/// # Examples
///
/// ```no_run
/// use runtime::io::{AsyncWriteExt, Stderr};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let mut log: Stderr = runtime::io::stderr();
/// log.write_all(b"started\n").await?;
/// log.flush().await?;
/// # Ok(())
/// # }
/// ```
pub struct Stderr {
    handle: io::Stderr,
    output: Output,
}

/// Returns a handle to the standard error of the process.
///
/// # Panics
///
/// Writing panics outside a runtime.
///
/// # Examples
///
/// ```
/// use runtime::io::AsyncWriteExt;
///
/// #[runtime::main]
/// async fn main() -> std::io::Result<()> {
///     let mut stderr = runtime::io::stderr();
///     stderr.write_all(b"something is wrong\n").await?;
///     stderr.flush().await
/// }
/// ```
pub fn stderr() -> Stderr {
    Stderr {
        handle: io::stderr(),
        output: Output::to(Target::Stderr),
    }
}

impl_output!(Stderr);
