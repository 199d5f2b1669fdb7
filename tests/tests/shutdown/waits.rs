//! What a thread may wait for that only the runtime ends: its tasks, its timers, its sockets.

use std::future::{Future, pending};
use std::net::UdpSocket as StdUdpSocket;
use std::os::unix::net::UnixStream as StdUnixStream;
use std::sync::Arc;
use std::sync::mpsc::channel as std_channel;

use runtime::io::unix::AsyncFd;
use runtime::net::{TcpListener, UdpSocket};
use runtime::runtime::{Handle, is_rt_shutdown_err};
use runtime::sync::{CancellationToken, Mutex, Notify, Semaphore, broadcast, mpsc, oneshot, watch};
use runtime::task::{JoinSet, TaskTracker};
use runtime::time::{Duration, sleep, timeout};
use runtime_tests::count::OnDrop;
use runtime_tests::reported::panic_of;

/// Blocks its thread until the runtime ends the wait, and panics if that ends otherwise.
pub(super) type Block = Box<dyn FnOnce() + Send>;

/// Makes a wait, and spawns what it waits for.
pub(super) type Prepare = fn(&Handle) -> Block;

const HOUR: Duration = Duration::from_secs(3600);

pub(super) const WAITS: [(&str, Prepare); 19] = [
    ("a sleep", |handle| {
        let handle = handle.clone();
        Box::new(move || drop(panic_of(|| handle.block_on(async { sleep(HOUR).await }))))
    }),
    ("a time limit", |handle| {
        let handle = handle.clone();
        let limited = async { timeout(HOUR, pending::<()>()).await };
        Box::new(move || drop(panic_of(|| handle.block_on(limited))))
    }),
    ("a connection", |handle| {
        let _entered = handle.enter();
        let std = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        std.set_nonblocking(true).unwrap();
        let listener = TcpListener::from_std(std).unwrap();
        blocks(handle, async move {
            assert!(is_rt_shutdown_err(&listener.accept().await.unwrap_err()));
        })
    }),
    ("a datagram", |handle| {
        let _entered = handle.enter();
        let std = StdUdpSocket::bind("127.0.0.1:0").unwrap();
        std.set_nonblocking(true).unwrap();
        let socket = UdpSocket::from_std(std).unwrap();
        blocks(handle, async move {
            let received = socket.recv_from(&mut [0]).await;
            assert!(is_rt_shutdown_err(&received.unwrap_err()));
        })
    }),
    ("a descriptor", |handle| {
        let _entered = handle.enter();
        let (ours, peer) = StdUnixStream::pair().unwrap();
        ours.set_nonblocking(true).unwrap();
        let ours = AsyncFd::new(ours).unwrap();
        blocks(handle, async move {
            let _peer = peer;
            assert!(is_rt_shutdown_err(&ours.readable().await.unwrap_err()));
        })
    }),
    ("a message of std's", |handle| {
        let (sender, receiver) = std_channel::<()>();
        keep(handle, sender);
        Box::new(move || assert!(receiver.recv().is_err()))
    }),
    ("a message", |handle| {
        let (sender, mut receiver) = mpsc::channel::<()>(1);
        keep(handle, sender);
        blocks(handle, async move {
            assert!(receiver.recv().await.is_none());
        })
    }),
    ("a message, without a future", |handle| {
        let (sender, mut receiver) = mpsc::unbounded_channel::<()>();
        keep(handle, sender);
        Box::new(move || assert!(receiver.blocking_recv().is_none()))
    }),
    ("room for a message", |handle| {
        let (sender, receiver) = mpsc::channel(1);
        sender.try_send(()).unwrap();
        keep(handle, receiver);
        blocks(handle, async move {
            assert!(sender.send(()).await.is_err());
        })
    }),
    ("an answer", |handle| {
        let (sender, receiver) = oneshot::channel::<()>();
        keep(handle, sender);
        blocks(handle, async move { assert!(receiver.await.is_err()) })
    }),
    ("a change", |handle| {
        let (sender, mut receiver) = watch::channel(());
        keep(handle, sender);
        blocks(handle, async move {
            assert!(receiver.changed().await.is_err());
        })
    }),
    ("a broadcast", |handle| {
        let (sender, mut receiver) = broadcast::channel::<()>(1);
        keep(handle, sender);
        blocks(handle, async move {
            assert!(receiver.recv().await.is_err());
        })
    }),
    ("a notice", |handle| {
        let notify = Arc::new(Notify::new());
        let notifies = notify.clone();
        keep(handle, OnDrop(move || notifies.notify_one()));
        blocks(handle, async move { notify.notified().await })
    }),
    ("a permit", |handle| {
        let semaphore = Arc::new(Semaphore::new(1));
        keep(handle, semaphore.clone().try_acquire_owned().unwrap());
        blocks(handle, async move { drop(semaphore.acquire().await) })
    }),
    ("a lock", |handle| {
        let mutex = Arc::new(Mutex::new(()));
        keep(handle, mutex.clone().try_lock_owned().unwrap());
        blocks(handle, async move { drop(mutex.lock().await) })
    }),
    ("a cancellation", |handle| {
        let token = CancellationToken::new();
        keep(handle, token.clone().drop_guard());
        blocks(handle, async move { token.cancelled().await })
    }),
    ("the end of a task", |handle| {
        let task = handle.spawn(pending::<()>());
        blocks(handle, async move {
            assert!(task.await.unwrap_err().is_cancelled());
        })
    }),
    ("the end of a set of tasks", |handle| {
        let mut tasks = JoinSet::new();
        for _ in 0..3 {
            tasks.spawn_on(pending::<()>(), handle);
        }
        blocks(handle, async move {
            while let Some(ended) = tasks.join_next().await {
                assert!(ended.unwrap_err().is_cancelled());
            }
        })
    }),
    ("the end of tracked tasks", |handle| {
        let tracker = TaskTracker::new();
        drop(tracker.spawn_on(pending::<()>(), handle));
        tracker.close();
        blocks(handle, async move { tracker.wait().await })
    }),
];

/// Lets a task hold a value for as long as it lives.
fn keep<T: Send + 'static>(handle: &Handle, held: T) {
    drop(handle.spawn(async move {
        let _held = held;
        pending::<()>().await;
    }));
}

fn blocks(handle: &Handle, future: impl Future<Output = ()> + Send + 'static) -> Block {
    let handle = handle.clone();
    Box::new(move || handle.block_on(future))
}
