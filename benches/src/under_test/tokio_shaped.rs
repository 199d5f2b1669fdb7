//! The one implementation for runtimes with tokio's names: tokio's own and ours.

/// Implements [`UnderTest`](super::UnderTest) for a new type over `$library::runtime::Runtime`, built with what
/// `$settle` sets beside the number of workers.
macro_rules! tokio_shaped {
    ($(#[$docs:meta])* $runtime:ident, $library:ident, $name:literal, $settle:expr) => {
        use std::future::Future;
        use std::io;
        use std::pin::Pin;
        use std::task::{Context, Poll};
        use std::time::Duration;

        use $crate::under_test::{TaskHandle, UnderTest};

        $(#[$docs])*
        #[derive(Debug)]
        pub struct $runtime(::$library::runtime::Runtime);

        impl UnderTest for $runtime {
            const NAME: &'static str = $name;
            type JoinHandle<T: Send + 'static> = Joined<T>;
            type TcpStream = ::$library::net::TcpStream;
            type OneshotSender<T: Send + 'static> = ::$library::sync::oneshot::Sender<T>;
            type OneshotReceiver<T: Send + 'static> = ::$library::sync::oneshot::Receiver<T>;
            type BroadcastSender<T: Clone + Send + 'static> =
                ::$library::sync::broadcast::Sender<T>;
            type BroadcastReceiver<T: Clone + Send + 'static> =
                ::$library::sync::broadcast::Receiver<T>;
            type Mpsc = Channel;
            type Lock = Number;

            fn build(workers: usize) -> io::Result<Self> {
                let mut builder = ::$library::runtime::Builder::new_multi_thread();
                builder.worker_threads(workers).enable_all();
                let settle: fn(&mut ::$library::runtime::Builder) = $settle;
                settle(&mut builder);
                builder.build().map(Self)
            }

            fn block_on<F: Future>(&self, future: F) -> F::Output {
                self.0.block_on(future)
            }

            fn spawn_from_outside<F>(&self, future: F) -> Joined<F::Output>
            where
                F: Future<Output: Send> + Send + 'static,
            {
                Joined(self.0.spawn(future))
            }

            fn spawn<F>(future: F) -> Joined<F::Output>
            where
                F: Future<Output: Send> + Send + 'static,
            {
                Joined(::$library::spawn(future))
            }

            fn yield_now() -> impl Future<Output = ()> + Send {
                ::$library::task::yield_now()
            }

            fn sleep(duration: Duration) -> impl Future<Output = ()> + Send {
                ::$library::time::sleep(duration)
            }

            async fn timeout<F: Future + Send>(limit: Duration, future: F) -> Option<F::Output> {
                ::$library::time::timeout(limit, future).await.ok()
            }

            fn spawn_blocking<T, C>(closure: C) -> Joined<T>
            where
                T: Send + 'static,
                C: FnOnce() -> T + Send + 'static,
            {
                Joined(::$library::task::spawn_blocking(closure))
            }

            fn oneshot<T: Send + 'static>() -> (Self::OneshotSender<T>, Self::OneshotReceiver<T>) {
                ::$library::sync::oneshot::channel()
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
                let sender = ::$library::sync::broadcast::Sender::new(capacity);
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

            fn register(stream: std::net::TcpStream) -> io::Result<Self::TcpStream> {
                ::$library::net::TcpStream::from_std(stream)
            }
        }

        /// The channel that comes with it.
        #[derive(Debug)]
        pub enum Channel {}

        impl $crate::under_test::Mpsc for Channel {
            const NAME: &'static str = $name;
            type Sender = ::$library::sync::mpsc::Sender<u32>;
            type Receiver = ::$library::sync::mpsc::Receiver<u32>;

            fn channel(capacity: usize) -> (Self::Sender, Self::Receiver) {
                ::$library::sync::mpsc::channel(capacity)
            }

            async fn send(sender: &Self::Sender, number: u32) {
                sender.send(number).await.expect("the receiver is there");
            }

            fn recv(receiver: &mut Self::Receiver) -> impl Future<Output = Option<u32>> + Send {
                receiver.recv()
            }
        }

        /// A number behind the mutex that comes with it.
        #[derive(Debug, Default)]
        pub struct Number(::$library::sync::Mutex<u32>);

        impl $crate::under_test::Lock for Number {
            async fn add_one(&self) -> u32 {
                let mut sum = self.0.lock().await;
                *sum += 1;
                *sum
            }
        }

        /// A join handle whose output is the task's.
        #[derive(Debug)]
        pub struct Joined<T>(::$library::task::JoinHandle<T>);

        impl<T> Future for Joined<T> {
            type Output = T;

            fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
                Pin::new(&mut self.0)
                    .poll(cx)
                    .map(|joined| joined.expect("a workload's task neither panics nor is aborted"))
            }
        }

        impl<T: Send + 'static> TaskHandle<T> for Joined<T> {
            fn detach(self) {}

            fn cancel(self) -> impl Future<Output = ()> + Send {
                self.0.abort();
                async move {
                    // Cancelled, or finished just before: both are an end.
                    let _ = self.0.await;
                }
            }
        }
    };
}

pub(super) use tokio_shaped;
