//! smol: its executor on threads of our own, as its documentation suggests.
//!
//! What it does not have itself comes from elsewhere: oneshots from the crate `oneshot`, broadcast
//! channels from tokio, whose run on any executor.

use std::cell::RefCell;
use std::future::Future;
use std::io;
use std::net::TcpStream;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use smol::lock::Mutex;
use smol::{Async, Executor, Timer, channel, future};

use super::{Lock, Mpsc, TaskHandle, UnderTest};

thread_local! {
    /// The executor whose worker this thread is.
    static CURRENT: RefCell<Option<Arc<Executor<'static>>>> = const { RefCell::new(None) };
}

/// An `Executor` and the threads that run it.
///
/// smol's reactor and blocking pool belong to the process, not to the executor.
#[derive(Debug)]
pub struct Smol {
    executor: Arc<Executor<'static>>,
    stop: Option<channel::Sender<()>>,
    workers: Vec<JoinHandle<()>>,
}

impl UnderTest for Smol {
    const NAME: &'static str = "smol";
    type JoinHandle<T: Send + 'static> = Joined<T>;
    type TcpStream = Async<TcpStream>;
    type OneshotSender<T: Send + 'static> = oneshot::Sender<T>;
    type OneshotReceiver<T: Send + 'static> = oneshot::Receiver<T>;
    type BroadcastSender<T: Clone + Send + 'static> = tokio::sync::broadcast::Sender<T>;
    type BroadcastReceiver<T: Clone + Send + 'static> = tokio::sync::broadcast::Receiver<T>;
    type Mpsc = AsyncChannel;
    type Lock = Mutex<u32>;

    fn build(workers: usize) -> io::Result<Self> {
        let executor = Arc::new(Executor::new());
        let (stop, stopped) = channel::unbounded::<()>();
        let workers = (0..workers)
            .map(|_| {
                let (executor, stopped) = (executor.clone(), stopped.clone());
                thread::Builder::new().spawn(move || run_worker(executor, stopped))
            })
            .collect::<io::Result<_>>()?;
        Ok(Self {
            executor,
            stop: Some(stop),
            workers,
        })
    }

    fn block_on<F: Future>(&self, future: F) -> F::Output {
        let outer = CURRENT.replace(Some(self.executor.clone()));
        let output = smol::block_on(future);
        CURRENT.set(outer);
        output
    }

    fn spawn_from_outside<F>(&self, future: F) -> Joined<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        Joined(self.executor.spawn(future))
    }

    fn spawn<F>(future: F) -> Joined<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        CURRENT.with_borrow(|current| {
            let executor = current.as_ref().expect("called inside a task");
            Joined(executor.spawn(future))
        })
    }

    fn yield_now() -> impl Future<Output = ()> + Send {
        future::yield_now()
    }

    async fn sleep(duration: Duration) {
        Timer::after(duration).await;
    }

    fn timeout<F: Future + Send>(
        limit: Duration,
        future: F,
    ) -> impl Future<Output = Option<F::Output>> + Send {
        future::or(async { Some(future.await) }, async move {
            Timer::after(limit).await;
            None
        })
    }

    fn spawn_blocking<T, C>(closure: C) -> Joined<T>
    where
        T: Send + 'static,
        C: FnOnce() -> T + Send + 'static,
    {
        Joined(smol::unblock(closure))
    }

    fn oneshot<T: Send + 'static>() -> (Self::OneshotSender<T>, Self::OneshotReceiver<T>) {
        oneshot::channel()
    }

    fn send_one<T: Send + 'static>(sender: Self::OneshotSender<T>, value: T) {
        assert!(sender.send(value).is_ok(), "the receiver waits");
    }

    async fn receive_one<T: Send + 'static>(receiver: Self::OneshotReceiver<T>) -> T {
        receiver.await.expect("the sender sends")
    }

    fn broadcast<T: Clone + Send + 'static>(
        capacity: usize,
        receivers: usize,
    ) -> (Self::BroadcastSender<T>, Vec<Self::BroadcastReceiver<T>>) {
        let sender = tokio::sync::broadcast::Sender::new(capacity);
        let receivers = (0..receivers).map(|_| sender.subscribe()).collect();
        (sender, receivers)
    }

    fn send_all<T: Clone + Send + 'static>(sender: &Self::BroadcastSender<T>, value: T) {
        assert!(sender.send(value).is_ok(), "there are receivers");
    }

    async fn receive_next<T: Clone + Send + 'static>(
        receiver: &mut Self::BroadcastReceiver<T>,
    ) -> Option<T> {
        receiver.recv().await.ok()
    }

    fn register(stream: TcpStream) -> io::Result<Self::TcpStream> {
        Async::new_nonblocking(stream)
    }
}

impl Drop for Smol {
    fn drop(&mut self) {
        drop(self.stop.take());
        for worker in self.workers.drain(..) {
            worker.join().expect("no workload panics");
        }
    }
}

fn run_worker(executor: Arc<Executor<'static>>, stopped: channel::Receiver<()>) {
    CURRENT.set(Some(executor.clone()));
    // The channel only ever closes.
    let _ = smol::block_on(executor.run(stopped.recv()));
    CURRENT.set(None);
}

/// The channel of the crate `async-channel`, which smol offers.
#[derive(Debug)]
pub enum AsyncChannel {}

impl Mpsc for AsyncChannel {
    const NAME: &'static str = "async-channel";
    type Sender = channel::Sender<u32>;
    type Receiver = channel::Receiver<u32>;

    fn channel(capacity: usize) -> (Self::Sender, Self::Receiver) {
        channel::bounded(capacity)
    }

    async fn send(sender: &Self::Sender, number: u32) {
        sender.send(number).await.expect("the receiver is there");
    }

    async fn recv(receiver: &mut Self::Receiver) -> Option<u32> {
        receiver.recv().await.ok()
    }
}

/// That of the crate `async-lock`, which smol offers.
impl Lock for Mutex<u32> {
    async fn add_one(&self) -> u32 {
        let mut sum = self.lock().await;
        *sum += 1;
        *sum
    }
}

/// A smol task.
#[derive(Debug)]
pub struct Joined<T>(smol::Task<T>);

impl<T> Future for Joined<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        Pin::new(&mut self.0).poll(cx)
    }
}

impl<T: Send + 'static> TaskHandle<T> for Joined<T> {
    fn detach(self) {
        self.0.detach();
    }

    async fn cancel(self) {
        self.0.cancel().await;
    }
}
