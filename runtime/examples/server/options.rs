//! The command line.

use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroUsize;

pub(crate) const USAGE: &str = "\
An HTTP/1.1 and HTTP/2 server on the `runtime` crate.

Usage: cargo run --release -p runtime --example server -- [OPTIONS]

Options:
  --addr <IP:PORT>  where to listen [default: 127.0.0.1:3000]; port 0 takes a free one
  --workers <N>     worker threads [default: one for each core]
  --demo            serve on a free port, load it for a few seconds, report, and exit
  --help            print this

Routes:
  GET  /            says hello
  POST /echo        streams the request's body back
  GET  /sleep/{ms}  answers after that many milliseconds, at most 60000
  GET  /metrics     what the runtime knows of itself";

const DEFAULT_ADDR: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 3000);

/// What the program was asked to do.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) job: Job,
    /// `None` leaves the number to the runtime.
    pub(crate) workers: Option<NonZeroUsize>,
}

#[derive(Debug)]
pub(crate) enum Job {
    Help,
    Serve { addr: SocketAddr },
    Demo,
}

impl Options {
    /// Reads the arguments after the program's name; an error is a message that names the remedy.
    pub(crate) fn parse(args: impl Iterator<Item = OsString>) -> Result<Options, String> {
        let mut args = args.map(|arg| arg.to_string_lossy().into_owned());
        let (mut addr, mut workers, mut demo) = (None, None, false);
        while let Some(arg) = args.next() {
            // Both `--name value` and `--name=value` are understood.
            let (name, inline) = match arg.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (arg.as_str(), None),
            };
            match name {
                "--addr" => addr = Some(parse_addr(&value_of(name, inline, &mut args)?)?),
                "--workers" => workers = Some(parse_workers(&value_of(name, inline, &mut args)?)?),
                "--demo" if inline.is_none() => demo = true,
                "--help" | "-h" if inline.is_none() => {
                    return Ok(Options {
                        job: Job::Help,
                        workers: None,
                    });
                }
                _ => return Err(format!("unknown argument `{arg}`: the options are below")),
            }
        }
        let job = match (demo, addr) {
            (false, addr) => Job::Serve {
                addr: addr.unwrap_or(DEFAULT_ADDR),
            },
            (true, None) => Job::Demo,
            (true, Some(_)) => {
                return Err("--demo takes a free port itself: leave out --addr".to_owned());
            }
        };
        Ok(Options { job, workers })
    }
}

fn value_of(
    name: &str,
    inline: Option<String>,
    rest: &mut impl Iterator<Item = String>,
) -> Result<String, String> {
    inline
        .or_else(|| rest.next())
        .ok_or_else(|| format!("{name} wants a value after it: see the options below"))
}

fn parse_addr(value: &str) -> Result<SocketAddr, String> {
    value.parse().map_err(|_| {
        format!("--addr wants an IP address and a port, such as 127.0.0.1:3000, not `{value}`")
    })
}

fn parse_workers(value: &str) -> Result<NonZeroUsize, String> {
    value
        .parse()
        .map_err(|_| format!("--workers wants a whole number of at least 1, not `{value}`"))
}
