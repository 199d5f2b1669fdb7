//! `DelayQueue`: order, moves, removals, and who is woken.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::future::poll_fn;
use std::sync::{Arc, Mutex};

use futures_lite::future;
use runtime::time::{DelayQueue, Duration, Instant, advance, sleep, timeout};
use runtime_tests::flavor::EVERY_FLAVOR;

const fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

async fn drain<T>(queue: &mut DelayQueue<T>) -> Vec<T> {
    let mut out = Vec::new();
    while let Some(expired) = queue.next().await {
        assert!(expired.deadline() <= Instant::now(), "early");
        out.push(expired.into_inner());
    }
    out
}

#[runtime::test(start_paused = true)]
async fn values_come_in_the_order_of_their_deadlines_and_of_their_insertion() {
    let mut queue = DelayQueue::new();
    let start = Instant::now();
    for (value, delay) in [(0, 30), (1, 10), (2, 20), (3, 10), (4, 0)] {
        queue.insert(value, ms(delay));
    }
    assert_eq!(drain(&mut queue).await, [4, 1, 3, 2, 0]);
    assert_eq!(start.elapsed(), ms(30));
    assert!(queue.is_empty());
}

#[runtime::test(start_paused = true)]
async fn moved_values_come_at_their_new_time() {
    let mut queue = DelayQueue::new();
    let start = Instant::now();
    let late = queue.insert("late", ms(10));
    let early = queue.insert("early", ms(100));
    assert!(future::poll_once(queue.next()).await.is_none());
    queue.reset(&late, ms(50));
    queue.reset_at(&early, start + ms(5));
    assert_eq!(queue.peek(), Some(early));
    assert_eq!(queue.deadline(&late), start + ms(50));
    let first = queue.next().await.unwrap();
    assert_eq!(
        (*first.get_ref(), first.key(), start.elapsed()),
        ("early", early, ms(5))
    );
    assert_eq!(drain(&mut queue).await, ["late"]);
    assert_eq!(start.elapsed(), ms(50));
}

#[runtime::test(start_paused = true)]
async fn removed_values_do_not_come() {
    let mut queue = DelayQueue::with_capacity(4);
    let keys: Vec<_> = (0..4).map(|n| queue.insert(n, ms(n))).collect();
    assert_eq!(queue.remove(&keys[1]).into_inner(), 1);
    assert!(queue.try_remove(&keys[1]).is_none());
    // Whoever takes the free place has another key.
    let again = queue.insert(9, ms(9));
    assert_ne!(again, keys[1]);
    assert!(queue.try_remove(&keys[1]).is_none());
    assert_eq!(drain(&mut queue).await, [0, 2, 3, 9]);
    queue.insert(5, ms(1));
    let as_stream = futures_lite::StreamExt::next(&mut queue).await;
    assert_eq!(as_stream.unwrap().into_inner(), 5);
    queue.insert(6, ms(1));
    queue.clear();
    assert!(queue.next().await.is_none());
}

#[runtime::test(start_paused = true)]
#[should_panic(expected = "has come out of the queue")]
async fn a_key_of_a_value_that_came_out_is_refused() {
    let mut queue = DelayQueue::new();
    let key = queue.insert((), ms(0));
    queue.next().await.unwrap();
    queue.reset(&key, ms(1));
}

/// Waits for the next value of a queue that others change meanwhile.
async fn next_of<T>(queue: &Mutex<DelayQueue<T>>) -> Option<T> {
    let next = poll_fn(|cx| queue.lock().unwrap().poll_expired(cx));
    next.await
        .map(runtime::time::delay_queue::Expired::into_inner)
}

#[runtime::test(start_paused = true)]
async fn whoever_waits_hears_of_an_earlier_value_and_of_the_last_removal() {
    let queue = Arc::new(Mutex::new(DelayQueue::new()));
    let start = Instant::now();
    queue.lock().unwrap().insert("late", ms(1_000));
    let waiting = runtime::spawn({
        let queue = queue.clone();
        async move { (next_of(&queue).await, next_of(&queue).await) }
    });
    advance(ms(1)).await;
    queue.lock().unwrap().insert("early", ms(1));
    sleep(ms(5)).await;
    let late = queue.lock().unwrap().peek().unwrap();
    queue.lock().unwrap().remove(&late);
    let heard = timeout(ms(100), waiting).await.expect("it hears of both");
    assert_eq!(heard.unwrap(), (Some("early"), None));
    assert!(start.elapsed() < ms(1_000));
}

#[runtime::test(start_paused = true)]
async fn a_cancelled_wait_loses_nothing() {
    let mut queue = DelayQueue::new();
    queue.insert(1, ms(10));
    for _ in 0..3 {
        assert!(future::poll_once(queue.next()).await.is_none());
    }
    advance(ms(10)).await;
    assert_eq!(queue.next().await.unwrap().into_inner(), 1);
}

#[test]
fn outside_a_runtime_all_but_waiting_works() {
    let mut queue = DelayQueue::new();
    let soon = queue.insert("soon", Duration::ZERO);
    let late = queue.insert("late", Duration::MAX);
    queue.insert_at("never", Instant::now() + ms(1_000));
    assert_eq!((queue.len(), queue.peek()), (3, Some(soon)));
    assert_eq!(future::block_on(queue.next()).unwrap().key(), soon);
    queue.reset(&late, ms(500));
    assert_eq!(queue.peek(), Some(late));
    queue.compact();
    assert_eq!(queue.remove(&late).into_inner(), "late");

    let wait = std::panic::AssertUnwindSafe(|| future::block_on(queue.next()));
    assert!(
        std::panic::catch_unwind(wait).is_err(),
        "nothing ends its wait"
    );
    assert_eq!(queue.len(), 1);
    queue.clear();
    assert!(future::block_on(queue.next()).is_none());
}

#[test]
fn a_queue_filled_outside_a_runtime_waits_within_one_and_then_another() {
    let mut queue = DelayQueue::new();
    for (n, _) in EVERY_FLAVOR.iter().enumerate() {
        queue.insert(n, ms(n as u64));
    }
    for (n, flavor) in EVERY_FLAVOR.iter().enumerate() {
        let next = flavor.build().block_on(queue.next());
        assert_eq!(next.unwrap().into_inner(), n);
    }
}

/// Something that is dropped, and may panic then.
struct Trapped {
    _alive: Arc<()>,
    panics: bool,
}

impl Drop for Trapped {
    fn drop(&mut self) {
        assert!(!self.panics, "asked to panic when dropped");
    }
}

#[test]
fn all_values_are_dropped_even_if_one_panics() {
    for drop_the_queue in [false, true] {
        let alive = Arc::new(());
        let mut queue = DelayQueue::new();
        for n in 0..100 {
            let value = Trapped {
                _alive: alive.clone(),
                panics: n == 50,
            };
            queue.insert(value, ms(n));
        }
        let expired = future::block_on(queue.next()).unwrap();
        drop((expired, queue.remove(&queue.peek().unwrap())));
        let dropped = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            if drop_the_queue {
                drop(queue);
            } else {
                queue.clear();
                assert!(queue.is_empty());
            }
        }));
        assert!(dropped.is_err());
        assert_eq!(Arc::strong_count(&alive), 1);
    }
}

#[test]
fn compacting_keeps_order_and_keys() {
    let mut queue = DelayQueue::with_capacity(10);
    assert_eq!(queue.capacity(), 10);
    let deadline = Instant::now();
    let keys: Vec<_> = (0..50).map(|n| queue.insert_at(n, deadline)).collect();
    for key in keys
        .iter()
        .filter(|key| queue.deadline(key) == deadline)
        .take(40)
        .collect::<Vec<_>>()
    {
        queue.remove(key);
    }
    queue.compact();
    assert_eq!(queue.capacity(), 10);
    let new = queue.insert_at(50, deadline);
    assert!(keys[..40].iter().all(|key| queue.try_remove(key).is_none()));
    assert_eq!(queue.remove(&keys[45]).key(), keys[45]);
    assert!(queue.try_remove(&keys[45]).is_none());
    queue.reset_at(&keys[40], deadline);
    let rest = future::block_on(drain(&mut queue));
    assert_eq!(rest, [41, 42, 43, 44, 46, 47, 48, 49, 50, 40]);
    assert!(queue.try_remove(&new).is_none());
}

#[runtime::test]
async fn a_queue_that_is_always_ready_yields() {
    let mut queue = DelayQueue::new();
    for n in 0..1_000 {
        queue.insert(n, ms(0));
    }
    let mut polls = 0;
    let mut drained = std::pin::pin!(drain(&mut queue));
    let values = poll_fn(|cx| {
        polls += 1;
        drained.as_mut().poll(cx)
    });
    assert_eq!(values.await.len(), 1_000);
    assert!(polls > 1, "it kept the worker for 1,000 values");
}

#[runtime::test]
async fn a_delay_that_no_clock_can_show_is_fine() {
    let mut queue = DelayQueue::new();
    queue.insert("never", Duration::MAX);
    queue.insert("now", Duration::ZERO);
    assert_eq!(queue.next().await.unwrap().into_inner(), "now");
    assert!(future::poll_once(queue.next()).await.is_none());
}
