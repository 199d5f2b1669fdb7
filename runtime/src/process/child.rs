//! The handle of a child: waiting, killing, collecting what it says.

use std::fmt;
use std::future::poll_fn;
use std::io;
use std::process::{ExitStatus, Output};
use std::task::{Context, Poll, ready};

use super::end::Teller;
use super::output::Collector;
use super::running::Running;
use super::stdio::{ChildStderr, ChildStdin, ChildStdout};

/// A child process; made by [`Command::spawn`](super::Command::spawn).
///
/// Dropping it does not end the child unless [`kill_on_drop`](super::Command::kill_on_drop) is set. In
/// either case the child is reaped when it has ended; see the [module](super).
///
/// # Examples
///
/// ```
/// use std::process::Stdio;
/// use runtime::io::AsyncReadExt;
/// use runtime::process::{Child, Command};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let mut child: Child = Command::new("echo").arg("hello").stdout(Stdio::piped()).spawn()?;
/// let mut text = String::new();
/// child.stdout.take().unwrap().read_to_string(&mut text).await?;
/// assert_eq!(text, "hello\n");
/// assert!(child.wait().await?.success());
/// # Ok(())
/// # }
/// ```
pub struct Child {
    state: State,

    /// The child's standard input, if it is a pipe.
    ///
    /// Take it out (`child.stdin.take()`) to use it beside the methods of the child.
    pub stdin: Option<ChildStdin>,

    /// The child's standard output, if it is a pipe.
    ///
    /// Take it out (`child.stdout.take()`) to use it beside the methods of the child.
    pub stdout: Option<ChildStdout>,

    /// The child's standard error, if it is a pipe.
    ///
    /// Take it out (`child.stderr.take()`) to use it beside the methods of the child.
    pub stderr: Option<ChildStderr>,
}

#[derive(Debug)]
enum State {
    /// Not reaped, as far as this handle knows.
    Running(Running),
    /// Reaped.
    Ended(ExitStatus),
}

impl Child {
    /// Takes over a child of the standard library. If that fails the child is killed.
    #[track_caller]
    pub(super) fn adopt(mut child: std::process::Child, kill_on_drop: bool) -> io::Result<Self> {
        let (stdin, stdout, stderr) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let teller = Teller::of(&child);
        let mut running = Running::new(child, teller, true);
        let stdin = stdin.map(ChildStdin::from_std).transpose()?;
        let stdout = stdout.map(ChildStdout::from_std).transpose()?;
        let stderr = stderr.map(ChildStderr::from_std).transpose()?;
        running.kill_on_drop = kill_on_drop;
        Ok(Child {
            state: State::Running(running),
            stdin,
            stdout,
            stderr,
        })
    }

    /// Returns the id that the system gave to the child, or `None` once a method of this handle has told that it
    /// has ended: the id may be another's then.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::process::Command;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let mut child = Command::new("true").spawn()?;
    /// assert!(child.id().is_some());
    /// child.wait().await?;
    /// assert_eq!(child.id(), None); // it may be another's by now
    /// # Ok(())
    /// # }
    /// ```
    pub fn id(&self) -> Option<u32> {
        match &self.state {
            State::Running(child) => Some(child.id()),
            State::Ended(_) => None,
        }
    }

    /// Kills the child with `SIGKILL`, which it cannot refuse, and does not wait until it is gone.
    ///
    /// A child that has ended already is left in peace.
    ///
    /// # Errors
    ///
    /// If the system refuses, as it does for a child that now runs as another user. In a fork of this process,
    /// to which the child does not belong.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::os::unix::process::ExitStatusExt;
    /// use runtime::process::Command;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let mut child = Command::new("sleep").arg("60").spawn()?;
    /// child.start_kill()?;
    /// assert_eq!(child.wait().await?.signal(), Some(libc::SIGKILL));
    /// # Ok(())
    /// # }
    /// ```
    pub fn start_kill(&mut self) -> io::Result<()> {
        match &mut self.state {
            State::Running(child) => child.kill(),
            State::Ended(_) => Ok(()),
        }
    }

    /// Kills the child with `SIGKILL`, and waits until it is gone.
    ///
    /// # Errors
    ///
    /// As of [`start_kill`](Self::start_kill) and [`wait`](Self::wait).
    ///
    /// # Cancel safety
    ///
    /// Once polled it has killed the child; what is cancelled is the wait.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::process::Command;
    ///
    /// #[runtime::main]
    /// async fn main() -> std::io::Result<()> {
    ///     let mut child = Command::new("sleep").arg("60").spawn()?;
    ///     child.kill().await?;
    ///     assert!(!child.wait().await?.success());
    ///     Ok(())
    /// }
    /// ```
    pub async fn kill(&mut self) -> io::Result<()> {
        self.start_kill()?;
        self.wait().await?;
        Ok(())
    }

    /// Waits until the child has ended, and returns how. It returns the same when it is called again.
    ///
    /// It first drops [`stdin`](Self::stdin), so that a child which reads to the end does not wait for us
    /// while we wait for it. Take it out before to keep it open. A child that has more to say than a pipe
    /// holds waits for somebody who reads it: do both at once, or use
    /// [`wait_with_output`](Self::wait_with_output).
    ///
    /// # Errors
    ///
    /// If somebody else has reaped the child (see the [module](super)); if the runtime on which it was spawned has
    /// shut down and the child has not ended; and where the end is told by `SIGCHLD`, as of
    /// [`signal`](crate::signal::unix::signal).
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing but `stdin`.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use runtime::{process::Command, time::timeout};
    ///
    /// #[runtime::main]
    /// async fn main() -> std::io::Result<()> {
    ///     let mut child = Command::new("sleep").arg("60").spawn()?;
    ///     match timeout(Duration::from_millis(10), child.wait()).await {
    ///         Ok(status) => println!("ended: {}", status?),
    ///         Err(_) => child.kill().await?,
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub async fn wait(&mut self) -> io::Result<ExitStatus> {
        drop(self.stdin.take());
        poll_fn(|cx| self.state.poll_end(cx)).await
    }

    /// Returns how the child has ended, or `None` if it has not.
    ///
    /// It does not drop [`stdin`](Self::stdin), and wakes nobody later.
    ///
    /// # Errors
    ///
    /// If somebody else has reaped the child; see the [module](super).
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::process::Command;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let mut child = Command::new("sleep").arg("60").spawn()?;
    /// assert!(child.try_wait()?.is_none()); // it still sleeps
    /// child.kill().await?;
    /// assert!(child.try_wait()?.is_some());
    /// # Ok(())
    /// # }
    /// ```
    pub fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {
        match &mut self.state {
            State::Ended(status) => Ok(Some(*status)),
            State::Running(child) => {
                let status = child.try_wait()?;
                Ok(status.map(|status| self.state.end(status)))
            }
        }
    }

    /// Waits until the child has ended and its output, too, and returns both.
    ///
    /// Output is collected from the streams that are pipes and were not taken out. It ends when nobody has
    /// the pipe open, which may be later than the child. Like [`wait`](Self::wait), it first drops
    /// [`stdin`](Self::stdin).
    ///
    /// # Errors
    ///
    /// As of [`wait`](Self::wait), and if a pipe cannot be read. The child is dropped then.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future drops the child, and loses the output.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::process::Stdio;
    ///
    /// use runtime::process::Command;
    ///
    /// #[runtime::main]
    /// async fn main() -> std::io::Result<()> {
    ///     let child = Command::new("sh").args(["-c", "echo no >&2; exit 3"]).stderr(Stdio::piped()).spawn()?;
    ///     let output = child.wait_with_output().await?;
    ///     assert_eq!(output.status.code(), Some(3));
    ///     assert_eq!(output.stderr, b"no\n");
    ///     Ok(())
    /// }
    /// ```
    pub async fn wait_with_output(mut self) -> io::Result<Output> {
        drop(self.stdin.take());
        let mut stdout = Collector::new(self.stdout.take().map(ChildStdout::into_pipe));
        let mut stderr = Collector::new(self.stderr.take().map(ChildStderr::into_pipe));
        let status = poll_fn(|cx| {
            let stdout = stdout.poll_end(cx)?;
            let stderr = stderr.poll_end(cx)?;
            let status = ready!(self.state.poll_end(cx))?;
            ready!(stdout);
            ready!(stderr);
            Poll::Ready(Ok::<_, io::Error>(status))
        });
        Ok(Output {
            status: status.await?,
            stdout: stdout.into_bytes(),
            stderr: stderr.into_bytes(),
        })
    }
}

impl State {
    fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<ExitStatus>> {
        match self {
            State::Ended(status) => Poll::Ready(Ok(*status)),
            State::Running(child) => {
                let status = ready!(child.poll_end(cx))?;
                Poll::Ready(Ok(self.end(status)))
            }
        }
    }

    fn end(&mut self, status: ExitStatus) -> ExitStatus {
        *self = State::Ended(status);
        status
    }
}

impl fmt::Debug for Child {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("Child");
        match &self.state {
            State::Running(child) => fields.field("id", &child.id()),
            State::Ended(status) => fields.field("status", status),
        };
        fields
            .field("stdin", &self.stdin)
            .field("stdout", &self.stdout)
            .field("stderr", &self.stderr)
            .finish()
    }
}
