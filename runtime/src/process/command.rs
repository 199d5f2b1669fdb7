//! What to run, and how.

use std::ffi::OsStr;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{self, ExitStatus, Output, Stdio};

use super::Child;
use crate::scheduler::context;

/// A program to be run as a child process, with its arguments, environment and standard streams.
///
/// It is [`std::process::Command`], which explains each setting, but for what it starts. What is missing
/// here is there: [`as_std_mut`](Self::as_std_mut), and `From` for one that was made there.
///
/// # Examples
///
/// ```
/// use std::process::Stdio;
///
/// use runtime::io::AsyncWriteExt;
/// use runtime::process::Command;
///
/// #[runtime::main]
/// async fn main() -> std::io::Result<()> {
///     let mut sort = Command::new("sort").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
///     let mut stdin = sort.stdin.take().unwrap();
///     stdin.write_all(b"fish\nbird\n").await?;
///     drop(stdin);
///     assert_eq!(sort.wait_with_output().await?.stdout, b"bird\nfish\n");
///     Ok(())
/// }
/// ```
#[derive(Debug)]
pub struct Command {
    std: process::Command,
    kill_on_drop: bool,
}

impl Command {
    /// Names the program: a path, or a name to be looked for in `PATH`.
    ///
    /// Unless told otherwise it has no arguments, and inherits the environment, the directory, and with
    /// [`spawn`](Self::spawn) and [`status`](Self::status) the standard streams.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::process::Command;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// assert!(Command::new("true").status().await?.success());
    /// assert!(Command::new("/there/is/no/such/program").status().await.is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub fn new<S: AsRef<OsStr>>(program: S) -> Command {
        process::Command::new(program).into()
    }

    /// Returns the command of the standard library inside.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::process::Command;
    ///
    /// let mut command = Command::new("ls");
    /// command.arg("-l");
    /// assert_eq!(command.as_std().get_program(), "ls");
    /// assert_eq!(command.as_std().get_args().count(), 1);
    /// ```
    pub fn as_std(&self) -> &process::Command {
        &self.std
    }

    /// Returns the command of the standard library inside, for settings that are missing here.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::process::Command;
    ///
    /// let mut command = Command::new("ls");
    /// command.as_std_mut().arg("-l"); // or what only the standard library can do
    /// assert_eq!(command.as_std().get_args().count(), 1);
    /// ```
    pub fn as_std_mut(&mut self) -> &mut process::Command {
        &mut self.std
    }

    /// Returns the command of the standard library. [`kill_on_drop`](Self::kill_on_drop) is lost.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::process::Command;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let mut command = Command::new("true");
    /// command.env("LANG", "C");
    /// assert!(command.into_std().status()?.success()); // blocks the thread
    /// # Ok(())
    /// # }
    /// ```
    pub fn into_std(self) -> process::Command {
        self.std
    }

    /// Adds an argument. No shell is involved, so nothing in it needs quotes.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::process::Command;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let output = Command::new("echo").arg("two  words").output().await?;
    /// assert_eq!(output.stdout, b"two  words\n");
    /// # Ok(())
    /// # }
    /// ```
    pub fn arg<S: AsRef<OsStr>>(&mut self, arg: S) -> &mut Command {
        self.std.arg(arg);
        self
    }

    /// Adds arguments.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::process::Command;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let output = Command::new("echo").args(["one", "two"]).output().await?;
    /// assert_eq!(output.stdout, b"one two\n");
    /// # Ok(())
    /// # }
    /// ```
    pub fn args<I, S>(&mut self, args: I) -> &mut Command
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        self.std.args(args);
        self
    }

    /// Sets an environment variable.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::process::Command;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let output = Command::new("sh").args(["-c", "echo $GREETING"]).env("GREETING", "hello").output();
    /// assert_eq!(output.await?.stdout, b"hello\n");
    /// # Ok(())
    /// # }
    /// ```
    pub fn env<K, V>(&mut self, key: K, val: V) -> &mut Command
    where
        K: AsRef<OsStr>,
        V: AsRef<OsStr>,
    {
        self.std.env(key, val);
        self
    }

    /// Sets environment variables.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::process::Command;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let output = Command::new("sh").args(["-c", "echo $A $B"]).envs([("A", "1"), ("B", "2")]).output();
    /// assert_eq!(output.await?.stdout, b"1 2\n");
    /// # Ok(())
    /// # }
    /// ```
    pub fn envs<I, K, V>(&mut self, vars: I) -> &mut Command
    where
        I: IntoIterator<Item = (K, V)>,
        K: AsRef<OsStr>,
        V: AsRef<OsStr>,
    {
        self.std.envs(vars);
        self
    }

    /// Removes an environment variable, also one that would be inherited.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::process::Command;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let output = Command::new("sh").args(["-c", "echo ${HOME-none}"]).env_remove("HOME").output();
    /// assert_eq!(output.await?.stdout, b"none\n");
    /// # Ok(())
    /// # }
    /// ```
    pub fn env_remove<K: AsRef<OsStr>>(&mut self, key: K) -> &mut Command {
        self.std.env_remove(key);
        self
    }

    /// Removes all environment variables, and inherits none.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::process::Command;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let output = Command::new("env").env_clear().env("ONLY", "this").output().await?;
    /// assert_eq!(output.stdout, b"ONLY=this\n");
    /// # Ok(())
    /// # }
    /// ```
    pub fn env_clear(&mut self) -> &mut Command {
        self.std.env_clear();
        self
    }

    /// Sets the directory in which the child starts.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::process::Command;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let output = Command::new("pwd").current_dir("/").output().await?;
    /// assert_eq!(output.stdout, b"/\n");
    /// # Ok(())
    /// # }
    /// ```
    pub fn current_dir<P: AsRef<Path>>(&mut self, dir: P) -> &mut Command {
        self.std.current_dir(dir);
        self
    }

    /// Sets what the child reads from. [`Stdio::piped`] gives [`Child::stdin`].
    ///
    /// # Examples
    ///
    /// ```
    /// use std::process::Stdio;
    /// use runtime::process::Command;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let mut cat = Command::new("cat");
    /// cat.stdin(Stdio::null()); // there is nothing to read
    /// assert!(cat.output().await?.stdout.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn stdin<T: Into<Stdio>>(&mut self, cfg: T) -> &mut Command {
        self.std.stdin(cfg);
        self
    }

    /// Sets where the child's output goes. [`Stdio::piped`] gives [`Child::stdout`].
    ///
    /// # Examples
    ///
    /// ```
    /// use std::process::Stdio;
    /// use runtime::process::Command;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let mut echo = Command::new("echo").arg("not seen").stdout(Stdio::null()).spawn()?;
    /// assert!(echo.wait().await?.success());
    /// # Ok(())
    /// # }
    /// ```
    pub fn stdout<T: Into<Stdio>>(&mut self, cfg: T) -> &mut Command {
        self.std.stdout(cfg);
        self
    }

    /// Sets where the child's error messages go. [`Stdio::piped`] gives [`Child::stderr`].
    ///
    /// # Examples
    ///
    /// ```
    /// use std::process::Stdio;
    /// use runtime::process::Command;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let mut command = Command::new("sh");
    /// command.args(["-c", "echo trouble >&2"]).stderr(Stdio::piped());
    /// let output = command.spawn()?.wait_with_output().await?;
    /// assert_eq!(output.stderr, b"trouble\n");
    /// # Ok(())
    /// # }
    /// ```
    pub fn stderr<T: Into<Stdio>>(&mut self, cfg: T) -> &mut Command {
        self.std.stderr(cfg);
        self
    }

    /// Chooses whether dropping the [`Child`], or a future of [`status`](Self::status) or
    /// [`output`](Self::output), kills the child with `SIGKILL`. It does not unless told so.
    ///
    /// The children of the child are not killed. The child is reaped in any case; see the [module](super).
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::process::Command;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let child = Command::new("sleep").arg("60").kill_on_drop(true).spawn()?;
    /// drop(child); // it does not sleep for a minute now
    /// # Ok(())
    /// # }
    /// ```
    pub fn kill_on_drop(&mut self, kill_on_drop: bool) -> &mut Command {
        self.kill_on_drop = kill_on_drop;
        self
    }

    /// Returns what [`kill_on_drop`](Self::kill_on_drop) has set.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::process::Command;
    ///
    /// let mut command = Command::new("sleep");
    /// assert!(!command.get_kill_on_drop());
    /// command.kill_on_drop(true);
    /// assert!(command.get_kill_on_drop());
    /// ```
    pub fn get_kill_on_drop(&self) -> bool {
        self.kill_on_drop
    }

    /// Sets the user that the child runs as. Spawning fails if this process may not become that user.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use runtime::process::Command;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let output = Command::new("id").uid(65534).gid(65534).output().await?; // as nobody
    /// println!("{}", String::from_utf8_lossy(&output.stdout));
    /// # Ok(())
    /// # }
    /// ```
    pub fn uid(&mut self, id: u32) -> &mut Command {
        self.std.uid(id);
        self
    }

    /// Sets the group that the child runs as. Spawning fails if this process may not become a member.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use runtime::process::Command;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let output = Command::new("id").arg("-g").gid(65534).output().await?;
    /// assert_eq!(output.stdout, b"65534\n");
    /// # Ok(())
    /// # }
    /// ```
    pub fn gid(&mut self, id: u32) -> &mut Command {
        self.std.gid(id);
        self
    }

    /// Sets the argument in front of the first, which is otherwise the program's name.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::process::Command;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let output = Command::new("sh").arg0("shell").args(["-c", "echo $0"]).output().await?;
    /// assert_eq!(output.stdout, b"shell\n");
    /// # Ok(())
    /// # }
    /// ```
    pub fn arg0<S: AsRef<OsStr>>(&mut self, arg: S) -> &mut Command {
        self.std.arg0(arg);
        self
    }

    /// Sets the child's process group; 0 makes a new one that the child leads.
    ///
    /// A child in a group of its own does not get the signals of keys at the terminal, such as control and C.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::process::Command;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let mut child = Command::new("true").process_group(0).spawn()?; // control and C do not reach it
    /// assert!(child.wait().await?.success());
    /// # Ok(())
    /// # }
    /// ```
    pub fn process_group(&mut self, pgroup: i32) -> &mut Command {
        self.std.process_group(pgroup);
        self
    }

    /// Adds a function that is called in the child before the program starts. If it fails, so does spawning.
    ///
    /// # Safety
    ///
    /// The function runs after a `fork` in a process of several threads, of which the child has only one. It
    /// may do what a signal handler may do, and no more: above all it must not allocate memory and must not
    /// take a lock. See [`CommandExt::pre_exec`].
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::process::Command;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let mut command = Command::new("sh");
    /// command.args(["-c", "umask"]);
    /// // SAFETY: `umask` may be called after `fork`; nothing else is done.
    /// unsafe {
    ///     command.pre_exec(|| {
    ///         libc::umask(0o077);
    ///         Ok(())
    ///     });
    /// }
    /// assert_eq!(command.output().await?.stdout, b"0077\n");
    /// # Ok(())
    /// # }
    /// ```
    pub unsafe fn pre_exec<F>(&mut self, f: F) -> &mut Command
    where
        F: FnMut() -> io::Result<()> + Send + Sync + 'static,
    {
        // SAFETY: the caller vouches for `f`.
        unsafe { self.std.pre_exec(f) };
        self
    }

    /// Starts the child, whose standard streams are inherited unless set otherwise.
    ///
    /// The thread is blocked until the program has started, a millisecond or so.
    ///
    /// # Errors
    ///
    /// If there is no such program or it cannot be started; if the system has no process or no descriptor left; if a
    /// pipe cannot be registered with the runtime. No child is left then.
    ///
    /// # Panics
    ///
    /// Outside a runtime, and in a fork of the runtime's process.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::process::Command;
    ///
    /// #[runtime::main]
    /// async fn main() -> std::io::Result<()> {
    ///     let mut child = Command::new("true").spawn()?;
    ///     assert!(child.wait().await?.success());
    ///     Ok(())
    /// }
    /// ```
    #[track_caller]
    pub fn spawn(&mut self) -> io::Result<Child> {
        self.spawn_with(process::Command::spawn)
    }

    /// As [`spawn`](Self::spawn), by a way of the caller's own: `with` starts the child of the command that it is given.
    ///
    /// # Errors
    ///
    /// As of [`spawn`](Self::spawn), and with what `with` fails with.
    ///
    /// # Panics
    ///
    /// As [`spawn`](Self::spawn).
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::process::Command;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let mut child = Command::new("true").spawn_with(|command| {
    ///     println!("starting {command:?}");
    ///     command.spawn()
    /// })?;
    /// assert!(child.wait().await?.success());
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn spawn_with(
        &mut self,
        with: impl FnOnce(&mut process::Command) -> io::Result<process::Child>,
    ) -> io::Result<Child> {
        // The panic should come before the child does.
        context::current().assert_not_forked();
        Child::adopt(with(&mut self.std)?, self.kill_on_drop)
    }

    /// Starts the child at once, and returns a future that waits for its end.
    ///
    /// The standard streams are inherited unless set otherwise. Those that are pipes are closed when the future is first
    /// polled.
    ///
    /// # Errors
    ///
    /// As of [`spawn`](Self::spawn) and [`Child::wait`].
    ///
    /// # Panics
    ///
    /// The call panics as [`spawn`](Self::spawn) does.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future leaves the child running, unless [`kill_on_drop`](Self::kill_on_drop) is set.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::process::Command;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let status = Command::new("sh").args(["-c", "exit 3"]).status().await?;
    /// assert_eq!(status.code(), Some(3));
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn status(&mut self) -> impl Future<Output = io::Result<ExitStatus>> + use<> {
        let child = self.spawn();
        async {
            let mut child = child?;
            // A child that reads or writes would wait for us.
            drop((child.stdin.take(), child.stdout.take(), child.stderr.take()));
            child.wait().await
        }
    }

    /// Starts the child at once, and returns a future that collects its output and waits for its end.
    ///
    /// Standard output and error become pipes, whatever they were set to, and stay so. Standard input is
    /// inherited unless set otherwise.
    ///
    /// # Errors
    ///
    /// As of [`spawn`](Self::spawn) and [`Child::wait_with_output`].
    ///
    /// # Panics
    ///
    /// The call panics as [`spawn`](Self::spawn) does.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses the output and leaves the child running, unless
    /// [`kill_on_drop`](Self::kill_on_drop) is set.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::process::Command;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let output = Command::new("sh").args(["-c", "echo yes; echo no >&2"]).output().await?;
    /// assert!(output.status.success());
    /// assert_eq!((&*output.stdout, &*output.stderr), (&b"yes\n"[..], &b"no\n"[..]));
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn output(&mut self) -> impl Future<Output = io::Result<Output>> + use<> {
        self.std.stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = self.spawn();
        async { child?.wait_with_output().await }
    }
}

impl From<process::Command> for Command {
    fn from(std: process::Command) -> Command {
        Command {
            std,
            kill_on_drop: false,
        }
    }
}
