//! smol: its executor on threads of our own, as its documentation suggests.

use std::cell::RefCell;
use std::future::Future;
use std::io;
use std::net::TcpStream;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use smol::{Async, Executor, Timer, channel, future};

use super::{TaskHandle, UnderTest};

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
