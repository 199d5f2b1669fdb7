//! TCP sockets that are registered with the reactor and do nothing.

use std::io;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use rustix::net::sockopt::set_socket_linger;

use super::{Findings, WORKERS};
use crate::UnderTest;
use crate::report::process_status::resident_bytes;

pub(super) const NAME: &str = "sockets";

/// Long enough for the reactor to see that every socket is writable.
const SETTLING: Duration = Duration::from_millis(200);

/// Measures what a registered stream takes of this process's memory.
///
/// What the kernel keeps of it is not resident here and so does not count.
pub(super) fn run<R: UnderTest>(sockets: u32) -> io::Result<Findings> {
    let runtime = R::build(WORKERS)?;
    let (near, _far) = connected_pairs(sockets)?;
    let before = resident_bytes()?;
    let registered = runtime.block_on(async { register_all::<R>(near) })?;
    thread::sleep(SETTLING);
    let after = resident_bytes()?;
    drop(registered);
    let bytes = after.saturating_sub(before) as f64 / f64::from(sockets);
    Ok(vec![("bytes", bytes)])
}

fn register_all<R: UnderTest>(streams: Vec<TcpStream>) -> io::Result<Vec<R::TcpStream>> {
    let mut registered = Vec::with_capacity(streams.len());
    for stream in streams {
        registered.push(R::register(stream)?);
    }
    Ok(registered)
}

fn connected_pairs(pairs: u32) -> io::Result<(Vec<TcpStream>, Vec<TcpStream>)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    let (mut near, mut far) = (Vec::new(), Vec::new());
    for _ in 0..pairs {
        let connected = TcpStream::connect(address)?;
        // Closing with a reset leaves no port behind in TIME_WAIT for the next child.
        set_socket_linger(&connected, Some(Duration::ZERO))?;
        let (accepted, _) = listener.accept()?;
        accepted.set_nonblocking(true)?;
        far.push(connected);
        near.push(accepted);
    }
    Ok((near, far))
}
