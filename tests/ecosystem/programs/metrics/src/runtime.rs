//! The runtime that all this runs on, before and after some work of each kind.

use std::thread;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::task::{JoinSet, spawn_blocking, yield_now};
use tokio::time::sleep;
use tokio_metrics::RuntimeMonitor;

use crate::Result;

const TASKS: usize = 100;

pub async fn told() -> Result {
    let monitor = RuntimeMonitor::new(&Handle::current());
    let mut intervals = monitor.intervals();
    // What was before is no concern of the next.
    let _before = intervals.next();

    in_tasks().await;
    spent_budget().await?;
    echoed().await?;
    spawn_blocking(|| thread::sleep(Duration::from_millis(1))).await?;
    // Workers hand in what they have counted before they sleep.
    sleep(Duration::from_millis(100)).await;

    let seen = intervals.next().ok_or("intervals do not end")?;
    println!("workers: {}", seen.workers_count);
    println!("tasks that live: {}", seen.live_tasks_count);
    let in_buckets: u64 = seen
        .poll_time_histogram
        .buckets()
        .iter()
        .map(|bucket| bucket.count())
        .sum();
    for (what, is_there) in [
        ("polls", seen.total_polls_count >= 2 * TASKS as u64),
        ("polls by their times", in_buckets >= 2 * TASKS as u64),
        (
            "mean time of a poll",
            seen.mean_poll_duration > Duration::ZERO,
        ),
        (
            "time that workers were busy",
            seen.total_busy_duration > Duration::ZERO,
        ),
        ("sleeps of workers", seen.total_park_count > 0),
        ("schedules by workers", seen.total_local_schedule_count > 0),
        ("schedules by others", seen.num_remote_schedules > 0),
        ("ready sockets", seen.io_driver_ready_count > 0),
        (
            "yields of spent budgets",
            seen.budget_forced_yield_count > 0,
        ),
        (
            "threads for blocking calls",
            seen.blocking_threads_count > 0,
        ),
        (
            "time between the two",
            seen.elapsed >= Duration::from_millis(100),
        ),
    ] {
        println!("{what}: {is_there}");
    }
    Ok(())
}

/// From outside, by the thread of `main`, and on by tasks.
async fn in_tasks() {
    let mut tasks = JoinSet::new();
    for _ in 0..TASKS {
        tasks.spawn(async {
            let next = tokio::spawn(yield_now());
            yield_now().await;
            next.await.is_ok()
        });
    }
    tasks.join_all().await;
}

/// More messages than a task may take without a break.
async fn spent_budget() -> Result {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    for number in 0..1_000 {
        sender.send(number)?;
    }
    drop(sender);
    tokio::spawn(async move { while receiver.recv().await.is_some() {} }).await?;
    Ok(())
}

async fn echoed() -> Result {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await?;
        let (mut read, mut write) = stream.split();
        tokio::io::copy(&mut read, &mut write).await
    });
    let mut client = TcpStream::connect(address).await?;
    for _ in 0..10 {
        client.write_all(b"echo").await?;
        client.read_exact(&mut [0; 4]).await?;
    }
    drop(client);
    server.await??;
    Ok(())
}
