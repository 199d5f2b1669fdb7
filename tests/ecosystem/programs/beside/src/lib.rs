//! Builds and starts the same server on both, for programs that look at them side by side.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

/// What a program runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// The package named tokio of this repository.
    Ours,
    /// tokio itself.
    Real,
}

impl On {
    /// Both, in the order of tables.
    pub const BOTH: [Self; 2] = [Self::Ours, Self::Real];

    /// Returns the name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ours => "runtime, under the name tokio",
            Self::Real => "tokio",
        }
    }

    fn workspace(self) -> PathBuf {
        match self {
            Self::Ours => ecosystem().to_owned(),
            Self::Real => ecosystem().join("real"),
        }
    }

    fn target(self) -> &'static str {
        match self {
            Self::Ours => "target/ours",
            Self::Real => "target/real",
        }
    }
}

fn ecosystem() -> &'static Path {
    let programs = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    programs
        .and_then(Path::parent)
        .expect("a program is two folders deep")
}

/// How a server is built.
#[derive(Clone, Copy, Debug)]
pub enum Profile {
    Debug,
    Release,
}

/// A server that runs in a process of its own until it is dropped.
#[derive(Debug)]
pub struct Site {
    process: Child,
    output: BufReader<ChildStdout>,
    /// Where it listens.
    pub port: u16,
}

impl Site {
    /// Builds the server, starts it and waits until it listens.
    pub fn start(on: On, profile: Profile) -> io::Result<Self> {
        let (flags, folder): (&[&str], _) = match profile {
            Profile::Debug => (&[], "debug"),
            Profile::Release => (&["--release"], "release"),
        };
        // In the workspace's folder, where cargo finds its settings.
        let built = Command::new("cargo")
            .args(["build", "--quiet", "--locked", "--package=site"])
            .args(flags)
            .current_dir(on.workspace())
            .status()?;
        if !built.success() {
            return Err(io::Error::other("the server cannot be built"));
        }
        let program = ecosystem().join(on.target()).join(folder).join("site");
        let mut process = Command::new(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let output = process.stdout.take().expect("its output is piped");
        let mut site = Self {
            process,
            output: BufReader::new(output),
            port: 0,
        };
        site.port = site.line()?.parse().map_err(io::Error::other)?;
        Ok(site)
    }

    /// Waits for the next line that it prints.
    pub fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    }

    /// Returns the number of its process.
    pub fn process(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Asks for a page on a new connection and returns the whole answer.
pub fn ask(port: u16, path: &str, patience: Duration) -> io::Result<String> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(patience))?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
