//! Standard output.

use std::io;

use super::output::{Output, impl_output};
use super::target::Target;

/// The standard output of the process, made by [`stdout`](fn@stdout).
///
/// Bytes are written on the blocking pool. A write is accepted when the one before is done, and goes on
/// by itself from then on: how it ended is told by the next write, or by a flush. **Flush before the process ends:**
/// [`std::process::exit`] waits for nobody. A runtime that shuts down makes the writes that were accepted, as it
/// waits for all that has begun on the pool; if nobody reads at the other end of a pipe, it waits for that.
///
/// A write of up to 64 KiB goes out in one piece between those of [`println!`] and of other handles, and
/// after what was printed before it.
///
/// # Cancel safety
///
/// A write that was dropped while it waited has accepted nothing. A dropped flush goes on.
///
/// # Examples
///
/// ```no_run
/// use runtime::io::{AsyncWriteExt, Stdout};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let mut output: Stdout = runtime::io::stdout();
/// output.write_all(b"hello\n").await?;
/// output.flush().await?; // without it the line may be lost at the end
/// # Ok(())
/// # }
/// ```
pub struct Stdout {
    handle: io::Stdout,
    output: Output,
}

/// Returns a handle to the standard output of the process.
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
///     let mut stdout = runtime::io::stdout();
///     stdout.write_all(b"hello\n").await?;
///     stdout.flush().await
/// }
/// ```
pub fn stdout() -> Stdout {
    Stdout {
        handle: io::stdout(),
        output: Output::to(Target::Stdout),
    }
}

impl_output!(Stdout);
