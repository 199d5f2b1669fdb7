//! The floor: what the kernel alone asks for a request.
//!
//! Each thread has an epoll and a listener of its own on the same port. A readable
//! connection costs one read and one write; what was read is not looked at.

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::Arc;
use std::thread;

use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
use rustix::net::{self, AddressFamily, SocketFlags, SocketType, sockopt};

use super::options::ServerOptions;
use super::{BODY, Burner};

pub(super) const NAME: &str = "floor";

const BACKLOG: i32 = 1_024;
const EVENTS: usize = 1_024;
const READ_BUFFER: usize = 8 * 1_024;

/// Starts the threads, which serve until the process ends.
pub(super) fn start(options: &ServerOptions) -> io::Result<()> {
    let burner = Arc::new(Burner::new(options.burn_every));
    for _ in 0..options.workers {
        let mut poller = Poller::listen(options.port)?;
        let burner = burner.clone();
        thread::spawn(move || {
            let ended = poller.serve(&burner);
            eprintln!("the floor server gave up: {ended:?}");
        });
    }
    Ok(())
}

struct Poller {
    epoll: OwnedFd,
    listener: OwnedFd,
    connections: HashMap<u64, OwnedFd>,
    response: Vec<u8>,
}

impl Poller {
    fn listen(port: u16) -> io::Result<Self> {
        let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
        let listener = net::socket_with(AddressFamily::INET, SocketType::STREAM, flags, None)?;
        sockopt::set_socket_reuseport(&listener, true)?;
        net::bind(&listener, &SocketAddrV4::new(Ipv4Addr::LOCALHOST, port))?;
        net::listen(&listener, BACKLOG)?;
        let epoll = epoll::create(CreateFlags::CLOEXEC)?;
        epoll::add(&epoll, &listener, key(&listener), EventFlags::IN)?;
        Ok(Self {
            epoll,
            listener,
            connections: HashMap::new(),
            response: response(),
        })
    }

    fn serve(&mut self, burner: &Burner) -> io::Result<()> {
        let listener = key(&self.listener).u64();
        let mut events = Vec::with_capacity(EVENTS);
        loop {
            events.clear();
            epoll::wait(
                &self.epoll,
                rustix::buffer::spare_capacity(&mut events),
                None,
            )?;
            for event in &events {
                match event.data.u64() {
                    connection if connection != listener => self.answer(connection, burner)?,
                    _ => self.accept()?,
                }
            }
        }
    }

    fn accept(&mut self) -> io::Result<()> {
        let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
        let connection = net::accept_with(&self.listener, flags)?;
        sockopt::set_tcp_nodelay(&connection, true)?;
        epoll::add(&self.epoll, &connection, key(&connection), EventFlags::IN)?;
        self.connections.insert(key(&connection).u64(), connection);
        Ok(())
    }

    fn answer(&mut self, key: u64, burner: &Burner) -> io::Result<()> {
        let connection = &self.connections[&key];
        let mut request = [0; READ_BUFFER];
        match rustix::io::read(connection, &mut request) {
            Ok(0) | Err(rustix::io::Errno::CONNRESET) => drop(self.connections.remove(&key)),
            Ok(_) => {
                burner.request();
                rustix::io::write(connection, &self.response)?;
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }
}

fn key(descriptor: &OwnedFd) -> EventData {
    EventData::new_u64(descriptor.as_raw_fd() as u64)
}

/// Answers with as many bytes as hyper sends.
fn response() -> Vec<u8> {
    let length = BODY.len();
    let date = "Thu, 01 Jan 1970 00:00:00 GMT";
    format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\ndate: {date}\r\n\r\n{BODY}")
        .into_bytes()
}
