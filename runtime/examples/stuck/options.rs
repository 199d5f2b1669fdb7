//! The command line.

use std::net::{Ipv4Addr, SocketAddr};

use crate::trap::Way;

pub(crate) const USAGE: &str = "\
A server that keeps answering while every worker is stuck, and the same server on tokio.

Usage: cargo run --release -p runtime --example stuck -- [OPTIONS]

Options:
  --demo [WAY]      get every worker stuck, on both runtimes in turn, report, and exit;
                    WAY is `loop` [default], `mutex` (held by a thread) or `read` (blocking)
  --addr <IP:PORT>  where to listen [default: 127.0.0.1:3000]; port 0 takes a free one
  --tokio           serve on tokio
  --help            print this

Routes:
  GET /       is answered at once
  GET /stuck  loops for a minute without yielding";

const DEFAULT_ADDR: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 3000);

/// What the program was asked to do.
#[derive(Debug)]
pub(crate) enum Job {
    Help,
    Demo(Way),
    Serve { addr: SocketAddr, on_tokio: bool },
}

impl Job {
    /// Reads the arguments after the program's name; an error is a message that names the remedy.
    pub(crate) fn parse(args: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut args = args.peekable();
        let (mut addr, mut on_tokio, mut way) = (None, false, None);
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--help" | "-h" => return Ok(Job::Help),
                "--tokio" => on_tokio = true,
                "--addr" => addr = Some(parse_addr(args.next())?),
                "--demo" => {
                    let name = args.next_if(|arg| !arg.starts_with('-'));
                    way = Some(parse_way(name.as_deref().unwrap_or("loop"))?);
                }
                _ => return Err(format!("unknown argument `{arg}`: the options are below")),
            }
        }
        match way {
            None => Ok(Job::Serve {
                addr: addr.unwrap_or(DEFAULT_ADDR),
                on_tokio,
            }),
            Some(way) if addr.is_none() && !on_tokio => Ok(Job::Demo(way)),
            Some(_) => Err("--demo takes a free port and both runtimes: leave the rest out".into()),
        }
    }
}

fn parse_way(name: &str) -> Result<Way, String> {
    Way::from_name(name)
        .ok_or_else(|| format!("a demo is one of `loop`, `mutex` and `read`, not `{name}`"))
}

fn parse_addr(value: Option<String>) -> Result<SocketAddr, String> {
    let value = value.unwrap_or_default();
    value.parse().map_err(|_| {
        format!("--addr wants an IP address and a port, such as 127.0.0.1:3000, not `{value}`")
    })
}
