//! A client outside the runtime, on blocking sockets: it must not suffer what it measures.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use crate::Failure;

/// An answer that takes longer does not come any more.
const PATIENCE: Duration = Duration::from_secs(30);

/// Between two requests: enough to leave most of the machine to the others.
const PAUSE: Duration = Duration::from_millis(2);

/// One keep-alive connection.
#[derive(Debug)]
pub(crate) struct Client(TcpStream);

impl Client {
    pub(crate) fn connect(addr: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(addr)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self(stream))
    }

    pub(crate) fn send(&mut self, path: &str) -> io::Result<()> {
        let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n");
        self.0.write_all(request.as_bytes())
    }

    /// Reads one answer, which must end in `expected`.
    pub(crate) fn expect(&mut self, expected: &str) -> Result<(), Failure> {
        let mut answer = Vec::new();
        let mut part = [0; 1024];
        while !answer.ends_with(expected.as_bytes()) {
            match self.0.read(&mut part)? {
                0 => return Err("the server closed the connection".into()),
                read => answer.extend_from_slice(&part[..read]),
            }
        }
        match answer.starts_with(b"HTTP/1.1 200") {
            true => Ok(()),
            false => Err(String::from_utf8_lossy(&answer).into()),
        }
    }

    /// Asks for `/` again and again for a while, and says how long each answer took. An answer that has
    /// not come when the time is over is not waited for.
    pub(crate) fn probe(&mut self, duration: Duration) -> Result<Vec<Duration>, Failure> {
        let deadline = Instant::now() + duration;
        let mut latencies = Vec::new();
        while let Some(left) = time_until(deadline) {
            let sent = Instant::now();
            self.0.set_read_timeout(Some(left))?;
            self.send("/")?;
            match self.expect("service\n") {
                Err(failure) if is_timeout(&failure) => break,
                answered => answered?,
            }
            latencies.push(sent.elapsed());
            thread::sleep(PAUSE);
        }
        Ok(latencies)
    }
}

fn time_until(deadline: Instant) -> Option<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    (!left.is_zero()).then_some(left)
}

fn is_timeout(failure: &Failure) -> bool {
    let kind = failure.downcast_ref::<io::Error>().map(io::Error::kind);
    matches!(kind, Some(ErrorKind::WouldBlock | ErrorKind::TimedOut))
}
