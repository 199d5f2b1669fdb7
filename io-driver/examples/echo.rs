//! A TCP echo on one thread with nothing but the driver: a server, a client, and
//! forty lines that run them.
//!
//! `cargo run -p io-driver --example echo`

use std::future::{Future, poll_fn};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use io_driver::{Direction, Driver, Evented, FdSource, Handle, Interest};

type Socket = Evented<FdSource<TcpStream>>;

fn main() -> io::Result<()> {
    let mut driver = Driver::new(64)?;
    let handle = driver.handle().clone();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    println!("echoing on {address}");
    run(
        &mut driver,
        vec![
            Task::new(serve_one(handle.clone(), listener)),
            Task::new(call(handle, address)),
        ],
    )
}

async fn serve_one(handle: Handle, listener: TcpListener) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = Evented::new(&handle, FdSource::new(listener), Interest::READABLE)?;
    let (stream, peer) = listener
        .registration()
        .async_io(Interest::READABLE, || listener.accept())
        .await?;
    println!("server: {peer} is here");

    let socket = register(&handle, stream)?;
    let mut buffer = [0; 1024];
    loop {
        match read(&socket, &mut buffer).await? {
            0 => return Ok(()),
            n => write_all(&socket, &buffer[..n]).await?,
        }
    }
}

async fn call(handle: Handle, address: SocketAddr) -> io::Result<()> {
    let socket = register(&handle, TcpStream::connect(address)?)?;
    let mut buffer = [0; 1024];
    for line in ["hello", "and good bye"] {
        write_all(&socket, line.as_bytes()).await?;
        let n = read(&socket, &mut buffer).await?;
        println!(
            "client: {line:?} came back as {:?}",
            String::from_utf8_lossy(&buffer[..n])
        );
    }
    Ok(())
}

fn register(handle: &Handle, stream: TcpStream) -> io::Result<Socket> {
    stream.set_nonblocking(true)?;
    Evented::new(
        handle,
        FdSource::new(stream),
        Interest::READABLE | Interest::WRITABLE,
    )
}

async fn read(socket: &Socket, buffer: &mut [u8]) -> io::Result<usize> {
    let registration = socket.registration();
    poll_fn(|cx| {
        registration.poll_transfer(cx, Direction::Read, buffer.len(), || {
            (&***socket).read(buffer)
        })
    })
    .await
}

async fn write_all(socket: &Socket, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = socket
            .registration()
            .async_io(Interest::WRITABLE, || (&***socket).write(bytes))
            .await?;
        bytes = &bytes[written..];
    }
    Ok(())
}

struct Task {
    future: Pin<Box<dyn Future<Output = io::Result<()>>>>,
    woken: Arc<Woken>,
}

struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Release);
    }
}

impl Task {
    fn new(future: impl Future<Output = io::Result<()>> + 'static) -> Task {
        Task {
            future: Box::pin(future),
            woken: Arc::new(Woken(AtomicBool::new(true))),
        }
    }

    fn poll_if_woken(&mut self) -> Poll<io::Result<()>> {
        if !self.woken.0.swap(false, Ordering::Acquire) {
            return Poll::Pending;
        }
        let waker = Waker::from(self.woken.clone());
        self.future.as_mut().poll(&mut Context::from_waker(&waker))
    }
}

/// Polls who has been woken, then waits for the driver, until all have ended.
fn run(driver: &mut Driver, mut tasks: Vec<Task>) -> io::Result<()> {
    let mut woken = Vec::new();
    while !tasks.is_empty() {
        let mut waiting = Vec::new();
        for mut task in tasks {
            match task.poll_if_woken() {
                Poll::Ready(result) => result?,
                Poll::Pending => waiting.push(task),
            }
        }
        tasks = waiting;
        if !tasks.is_empty()
            && !tasks
                .iter()
                .any(|task| task.woken.0.load(Ordering::Acquire))
        {
            driver.turn(None, &mut woken)?;
            woken.drain(..).for_each(Waker::wake);
        }
    }
    Ok(())
}
