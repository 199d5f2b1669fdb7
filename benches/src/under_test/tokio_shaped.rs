//! The one implementation for runtimes with tokio's names: tokio's own and ours.

/// Implements [`UnderTest`](super::UnderTest) for a new type over `$library::runtime::Runtime`.
macro_rules! tokio_shaped {
    ($(#[$docs:meta])* $runtime:ident, $library:ident, $name:literal) => {
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

            fn build(workers: usize) -> io::Result<Self> {
                ::$library::runtime::Builder::new_multi_thread()
                    .worker_threads(workers)
                    .enable_all()
                    .build()
                    .map(Self)
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

            fn register(stream: std::net::TcpStream) -> io::Result<Self::TcpStream> {
                ::$library::net::TcpStream::from_std(stream)
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
