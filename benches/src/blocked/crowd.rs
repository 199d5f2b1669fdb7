//! The tasks that block.

use std::future::Future;
use std::hint;
use std::io::{self, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::cell::Kind;
use super::host::Host;

const MOMENT: Duration = Duration::from_millis(5);
const SHORT_POLL: Duration = Duration::from_millis(1);

/// Tasks that block until they are released, and books on them.
pub(super) struct Crowd {
    books: Arc<Books>,
    /// What holds them back.
    gate: MutexGuard<'static, ()>,
    clients: Vec<TcpStream>,
}

struct Books {
    mutex: &'static Mutex<()>,
    begun: AtomicUsize,
    ended: AtomicUsize,
}

impl Books {
    fn begin(&self) {
        self.begun.fetch_add(1, Ordering::Relaxed);
    }

    fn end(&self) {
        self.ended.fetch_add(1, Ordering::Relaxed);
    }

    /// Blocks until the release.
    fn block(&self) {
        self.begin();
        drop(self.mutex.lock());
    }

    fn is_released(&self) -> bool {
        self.mutex.try_lock().is_ok()
    }
}

impl Crowd {
    /// Spawns `size` tasks from outside.
    pub(super) fn start<R: Host>(host: &R, kind: Kind, size: usize) -> io::Result<Self> {
        let mutex: &'static Mutex<()> = Box::leak(Box::default());
        let books = Arc::new(Books {
            mutex,
            begun: AtomicUsize::new(0),
            ended: AtomicUsize::new(0),
        });
        let mut crowd = Crowd {
            books,
            gate: mutex.lock().unwrap_or_else(PoisonError::into_inner),
            clients: Vec::new(),
        };
        match kind {
            Kind::Chain => host.spawn_from_outside(link::<R>(size - 1, crowd.books.clone())),
            Kind::Request => {
                for _ in 0..size {
                    crowd.request(host)?;
                }
            }
            _ => {
                for _ in 0..size {
                    host.spawn_from_outside(member::<R>(kind, crowd.books.clone()));
                }
            }
        }
        Ok(crowd)
    }

    fn request<R: Host>(&mut self, host: &R) -> io::Result<()> {
        let (mut client, server) = connected()?;
        let books = self.books.clone();
        host.spawn_from_outside(async move {
            R::read_byte(server).await.expect("the client sends");
            books.block();
            books.end();
        });
        thread::sleep(SHORT_POLL);
        client.write_all(&[1])?;
        self.clients.push(client);
        Ok(())
    }

    pub(super) fn begun(&self) -> usize {
        self.books.begun.load(Ordering::Relaxed)
    }

    /// Lets them go on; counts those that have ended.
    pub(super) fn release(self) -> impl Fn() -> usize {
        drop(self.gate);
        move || self.books.ended.load(Ordering::Relaxed)
    }
}

async fn member<R: Host>(kind: Kind, books: Arc<Books>) {
    match kind {
        Kind::InPlace => R::block_in_place(|| books.block()),
        Kind::Loop => {
            books.begin();
            while !books.is_released() {
                hint::spin_loop();
            }
        }
        Kind::Polls => {
            books.begin();
            while !books.is_released() {
                let started = Instant::now();
                while started.elapsed() < SHORT_POLL {
                    hint::spin_loop();
                }
                R::yield_now().await;
            }
        }
        Kind::ComeAndGo => {
            books.begin();
            while !books.is_released() {
                R::block_in_place(|| thread::sleep(MOMENT));
                R::yield_now().await;
            }
        }
        Kind::Plain | Kind::Request | Kind::Chain => books.block(),
    }
    books.end();
}

/// One task of a chain, with so many to come behind it.
fn link<R: Host>(behind: usize, books: Arc<Books>) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async move {
        R::block_in_place(|| match behind {
            0 => books.block(),
            _ => {
                books.begin();
                let next = link::<R>(behind - 1, books.clone());
                let (end, ended) = channel::<()>();
                R::spawn(async move {
                    next.await;
                    drop(end);
                });
                // Nothing is sent: it is over when the sender is gone.
                let _ = ended.recv();
            }
        });
        books.end();
    })
}

/// A client's end that blocks, and a server's end that does not.
pub(super) fn connected() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let client = TcpStream::connect(listener.local_addr()?)?;
    let (server, _) = listener.accept()?;
    client.set_nodelay(true)?;
    server.set_nonblocking(true)?;
    Ok((client, server))
}
