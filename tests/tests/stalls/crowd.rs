//! Any number of tasks that block until they are released.

use std::io::Write;
use std::net::TcpStream as StdStream;
use std::pin::Pin;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, MutexGuard};

use futures_lite::AsyncReadExt;
use runtime::net::TcpStream;
use runtime::runtime::Handle;
use runtime::task::block_in_place;
use runtime_tests::count::Counter;
use runtime_tests::wait;

use crate::callers::connected;

/// How the tasks of a crowd block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// In a poll, without a word.
    Plainly,
    /// So, too, one after another, each when it has read a request.
    InRequests,
    /// They say so.
    InPlace,
    /// They say so, and each waits for one that it has spawned; only the last waits for the release.
    InAChain,
}

/// Tasks that block, and books on them.
#[derive(Debug)]
pub(crate) struct Crowd {
    size: usize,
    books: Books,
    gates: Vec<Gate>,
    clients: Vec<StdStream>,
}

/// What holds a task back until it is dropped.
#[derive(Debug)]
enum Gate {
    Channel(#[expect(dead_code, reason = "its drop opens the gate")] Sender<()>),
    Mutex(#[expect(dead_code, reason = "its drop opens the gate")] MutexGuard<'static, ()>),
}

/// A gate as the task sees it.
#[derive(Debug)]
enum Obstacle {
    Channel(Receiver<()>),
    Mutex(&'static Mutex<()>),
}

#[derive(Clone, Debug, Default)]
struct Books {
    begun: Counter,
    ended: Counter,
}

impl Crowd {
    /// Spawns the tasks from outside; they need not all have begun when this returns.
    pub(crate) fn start(handle: &Handle, manner: Manner, size: usize) -> Self {
        let mut crowd = Crowd {
            size,
            books: Books::default(),
            gates: Vec::new(),
            clients: Vec::new(),
        };
        match manner {
            Manner::Plainly => crowd.spawn_all(handle, block),
            Manner::InPlace => crowd.spawn_all(handle, |obstacle, books| {
                block_in_place(|| block(obstacle, books));
            }),
            Manner::InRequests => (0..size).for_each(|_| crowd.request(handle)),
            Manner::InAChain => {
                let (obstacle, books) = (crowd.new_obstacle(), crowd.books.clone());
                drop(handle.spawn(link(size - 1, obstacle, books)));
            }
        }
        crowd
    }

    fn spawn_all(&mut self, handle: &Handle, block: fn(Obstacle, &Books)) {
        for _ in 0..self.size {
            let (obstacle, books) = (self.new_obstacle(), self.books.clone());
            drop(handle.spawn(async move {
                block(obstacle, &books);
                books.ended.raise();
            }));
        }
    }

    /// Sends a request over a socket of its own, and waits until it blocks.
    fn request(&mut self, handle: &Handle) {
        let (mut client, server) = connected();
        let (obstacle, books) = (self.new_obstacle(), self.books.clone());
        let entered = handle.enter();
        let mut server = TcpStream::from_std(server).unwrap();
        drop(entered);
        let begun = books.begun.get();
        drop(handle.spawn(async move {
            server.read_exact(&mut [0]).await.unwrap();
            block(obstacle, &books);
            books.ended.raise();
        }));
        client.write_all(&[1]).unwrap();
        self.clients.push(client);
        let books = &self.books;
        wait::until("the request blocks", || books.begun.get() > begun);
    }

    /// Channels and mutexes by turns.
    fn new_obstacle(&mut self) -> Obstacle {
        if self.gates.len().is_multiple_of(2) {
            let (sender, receiver) = channel();
            self.gates.push(Gate::Channel(sender));
            return Obstacle::Channel(receiver);
        }
        let mutex: &'static Mutex<()> = Box::leak(Box::default());
        self.gates.push(Gate::Mutex(mutex.lock().unwrap()));
        Obstacle::Mutex(mutex)
    }

    /// Waits until every task blocks.
    pub(crate) fn wait_until_all_block(&self) {
        let books = &self.books;
        wait::until("all have begun", || books.begun.get() == self.size);
    }

    /// Ends the blockage and waits for every task to end; none may have ended before.
    pub(crate) fn release(mut self) {
        assert_eq!(self.books.ended.get(), 0);
        self.gates.clear();
        let books = &self.books;
        wait::until("all have ended", || books.ended.get() == self.size);
    }
}

fn block(obstacle: Obstacle, books: &Books) {
    books.begun.raise();
    match obstacle {
        Obstacle::Channel(receiver) => drop(receiver.recv()),
        // A test that fails leaves it poisoned.
        Obstacle::Mutex(mutex) => drop(mutex.lock()),
    }
}

/// One task of a chain, with so many to come behind it.
fn link(
    behind: usize,
    obstacle: Obstacle,
    books: Books,
) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async move {
        block_in_place(|| match behind {
            0 => block(obstacle, &books),
            _ => {
                books.begun.raise();
                let next = link(behind - 1, obstacle, books.clone());
                let (end, ended) = channel();
                drop(runtime::spawn(async move {
                    next.await;
                    // The one that waits is gone if the runtime is.
                    let _ = end.send(());
                }));
                let _ = ended.recv();
            }
        });
        books.ended.raise();
    })
}
