//! The command lines of `http` and `http_hello`.

use std::io;
use std::time::Duration;

use lexopt::prelude::*;

use super::{compare, serve};

const HELP: &str = "\
Loads HTTP servers on this runtime, on tokio and on raw epoll with wrk, in turn.

    cargo run --release -p runtime-benches --bin http -- [options]

    --rounds N      rounds of each case (5)
    --seconds N     length of one run of wrk (4)
    --workers N     worker threads of a server (2)
    --only NAME     only cases that have NAME in their name; may be repeated
    --timers        give hyper a timer, which it sets anew for each request
    --quick         2 rounds of 2 seconds
    --markdown      print tables in Markdown";

const SERVER_HELP: &str = "\
An HTTP/1.1 server that says hello, and stops by itself.

    cargo run --release -p runtime-benches --bin http_hello -- [options]

    --runtime NAME      ours, tokio or floor (ours)
    --workers N         worker threads (2)
    --port P            on 127.0.0.1 (8080)
    --seconds N         how long to serve (60)
    --burn-every N      burn a millisecond in one request out of N (never)
    --timers            give hyper a timer, which it sets anew for each request";

/// What to do.
#[derive(Debug)]
pub enum Command {
    /// Load the servers and print the table.
    Compare(Options),
    /// Be a server.
    Serve(ServerOptions),
    /// Print the help.
    Help(&'static str),
}

/// What to compare, and how thoroughly.
#[derive(Debug, Clone)]
pub struct Options {
    /// Rounds of each case.
    pub rounds: usize,
    /// The length of one run of wrk, in seconds.
    pub seconds: u32,
    /// Worker threads of each server.
    pub workers: usize,
    /// Parts of names of cases; empty means all.
    pub only: Vec<String>,
    /// Whether hyper gets a timer.
    pub timers: bool,
    /// Whether to print Markdown.
    pub markdown: bool,
}

/// What server to be.
#[derive(Debug, Clone)]
pub struct ServerOptions {
    /// The name of a runtime, or `floor`.
    pub runtime: String,
    /// Worker threads.
    pub workers: usize,
    /// The port on 127.0.0.1.
    pub port: u16,
    /// How long to serve.
    pub seconds: Duration,
    /// One request out of this many burns a millisecond; zero for none.
    pub burn_every: u32,
    /// Whether hyper gets a timer.
    pub timers: bool,
}

impl Options {
    /// Tells whether a case of this name is to be measured.
    pub(super) fn selects(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|part| name.contains(part.as_str()))
    }
}

impl Command {
    /// The first argument with which `http` starts itself as a server.
    pub(super) const SERVE: &str = "serve";

    /// Does it.
    ///
    /// # Errors
    ///
    /// Answers with the error of a server, or of `wrk`.
    pub fn run(self) -> io::Result<()> {
        match self {
            Self::Compare(options) => compare(&options),
            Self::Serve(options) => serve(&options),
            Self::Help(text) => {
                println!("{text}");
                Ok(())
            }
        }
    }

    /// Reads the arguments of `http`.
    ///
    /// # Errors
    ///
    /// Names the argument that makes no sense.
    pub fn from_args() -> Result<Self, lexopt::Error> {
        let mut parser = lexopt::Parser::from_env();
        let mut options = Options {
            rounds: 5,
            seconds: 4,
            workers: 2,
            only: Vec::new(),
            timers: false,
            markdown: false,
        };
        while let Some(argument) = parser.next()? {
            match argument {
                Value(word) if word == Self::SERVE => return Self::server_from(parser),
                Long("rounds") => options.rounds = parser.value()?.parse()?,
                Long("seconds") => options.seconds = parser.value()?.parse()?,
                Long("workers") => options.workers = parser.value()?.parse()?,
                Long("only") => options.only.push(parser.value()?.string()?),
                Long("timers") => options.timers = true,
                Long("quick") => (options.rounds, options.seconds) = (2, 2),
                Long("markdown") => options.markdown = true,
                Long("help") | Short('h') => return Ok(Self::Help(HELP)),
                other => return Err(other.unexpected()),
            }
        }
        options.rounds = options.rounds.max(1);
        Ok(Self::Compare(options))
    }

    /// Reads the arguments of `http_hello`.
    ///
    /// # Errors
    ///
    /// Names the argument that makes no sense.
    pub fn server_from_args() -> Result<Self, lexopt::Error> {
        Self::server_from(lexopt::Parser::from_env())
    }

    fn server_from(mut parser: lexopt::Parser) -> Result<Self, lexopt::Error> {
        let mut options = ServerOptions {
            runtime: "ours".to_owned(),
            workers: 2,
            port: 8080,
            seconds: Duration::from_secs(60),
            burn_every: 0,
            timers: false,
        };
        while let Some(argument) = parser.next()? {
            match argument {
                Long("runtime") => options.runtime = parser.value()?.string()?,
                Long("workers") => options.workers = parser.value()?.parse()?,
                Long("port") => options.port = parser.value()?.parse()?,
                Long("seconds") => options.seconds = Duration::from_secs(parser.value()?.parse()?),
                Long("burn-every") => options.burn_every = parser.value()?.parse()?,
                Long("timers") => options.timers = true,
                Long("help") | Short('h') => return Ok(Self::Help(SERVER_HELP)),
                other => return Err(other.unexpected()),
            }
        }
        Ok(Self::Serve(options))
    }
}
