//! A client outside the runtime, on blocking sockets: it must not suffer what it measures.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use crate::Failure;

/// An answer that takes longer is an error.
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

    /// Asks for `/` again and again for a while, and says how long each answer took.
    pub(crate) fn probe(&mut self, duration: Duration) -> Result<Vec<Duration>, Failure> {
        let deadline = Instant::now() + duration;
        let mut latencies = Vec::new();
        while Instant::now() < deadline {
            let sent = Instant::now();
            self.send("/")?;
            self.expect("service\n")?;
            latencies.push(sent.elapsed());
            thread::sleep(PAUSE);
        }
        Ok(latencies)
    }
}
