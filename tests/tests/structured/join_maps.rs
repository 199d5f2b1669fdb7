//! `JoinMap`.

use std::collections::BTreeSet;
use std::future::pending;
use std::hash::{BuildHasherDefault, Hasher};
use std::rc::Rc;

use runtime::task::{JoinMap, LocalSet};
use runtime_tests::count::Counter;
use runtime_tests::flavor::on_every_flavor;
use runtime_tests::wait::until_true;

use super::waits_forever;

/// Every key has the same hash.
#[derive(Default)]
struct Collides;

impl Hasher for Collides {
    fn finish(&self) -> u64 {
        7
    }

    fn write(&mut self, _: &[u8]) {}
}

type Colliding<K, V> = JoinMap<K, V, BuildHasherDefault<Collides>>;

#[test]
fn each_task_ends_with_its_key() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let mut map = JoinMap::new();
            for n in 0..100 {
                map.spawn(format!("key {n}"), async move { n });
            }
            let mut seen = BTreeSet::new();
            while let Some((key, output)) = map.join_next().await {
                assert_eq!(key, format!("key {}", output.unwrap()));
                assert!(seen.insert(key));
            }
            assert_eq!((seen.len(), map.len()), (100, 0));
        });
    });
}

#[test]
fn keys_with_one_hash_stay_apart() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let mut map = Colliding::default_hashed();
            for n in 0..10 {
                map.spawn(n, pending::<()>());
            }
            assert!(map.abort(&0) && map.abort(&5) && !map.abort(&10));
            let mut keys = BTreeSet::new();
            for _ in 0..2 {
                let (key, joined) = map.join_next().await.unwrap();
                assert!(joined.unwrap_err().is_cancelled());
                keys.insert(key);
            }
            assert_eq!(keys, BTreeSet::from([0, 5]));
            assert!(!map.contains_key(&0) && map.contains_key(&9));
            map.spawn(9, async {});
            assert_eq!(map.len(), 8);
            let (key, joined) = map.join_next().await.unwrap();
            assert_eq!((key, joined.is_ok()), (9, true));
            map.shutdown().await;
            assert!(map.is_empty());
        });
    });
}

trait DefaultHashed {
    fn default_hashed() -> Self;
}

impl<K, V> DefaultHashed for Colliding<K, V> {
    fn default_hashed() -> Self {
        JoinMap::with_hasher(BuildHasherDefault::default())
    }
}

#[test]
fn a_task_under_a_taken_key_takes_its_place() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let (started, dropped) = (Counter::new(), Counter::new());
            let mut map = JoinMap::new();
            map.spawn("key", {
                let waits = waits_forever(&started, &dropped);
                async move {
                    waits.await;
                    0
                }
            });
            until_true(|| started.get() == 1).await;
            map.spawn("key", async { 1 });
            assert_eq!(map.len(), 1);
            let (key, output) = map.join_next().await.unwrap();
            assert_eq!((key, output.unwrap()), ("key", 1));
            assert!(map.join_next().await.is_none());
            assert_eq!(dropped.get(), 1, "the end of the map waits for it");
        });
    });
}

#[test]
fn tasks_are_aborted_by_key_and_by_predicate() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let mut map = JoinMap::new();
            for n in 0..10 {
                map.spawn(n, pending::<()>());
            }
            map.abort_matching(|n| n % 2 == 0);
            let mut ended = BTreeSet::new();
            for _ in 0..5 {
                ended.insert(map.join_next().await.unwrap().0);
            }
            assert_eq!(ended, BTreeSet::from([0, 2, 4, 6, 8]));
            assert!(map.try_join_next().is_none());
            let keys: BTreeSet<_> = map.keys().copied().collect();
            assert_eq!(
                (map.keys().len(), keys),
                (5, BTreeSet::from([1, 3, 5, 7, 9]))
            );
            map.abort_all();
            assert_eq!(map.len(), 5);
            map.shutdown().await;
        });
    });
}

#[test]
fn a_panic_comes_with_its_key() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let mut map = JoinMap::new();
            map.spawn(1, async { panic!("boom") });
            let (key, joined): (_, Result<(), _>) = map.join_next().await.unwrap();
            assert!(key == 1 && joined.unwrap_err().is_panic());
        });
    });
}

#[test]
fn dropping_the_map_aborts_and_detaching_does_not() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let (started, dropped) = (Counter::new(), Counter::new());
            let mut map = JoinMap::new();
            map.spawn(1, waits_forever(&started, &dropped));
            until_true(|| started.get() == 1).await;
            map.detach_all();
            assert!(map.is_empty() && !map.contains_key(&1));
            map.spawn(2, waits_forever(&started, &dropped));
            until_true(|| started.get() == 2).await;
            drop(map);
            until_true(|| dropped.get() == 1).await;
        });
    });
}

#[test]
fn tasks_of_every_kind_have_keys() {
    on_every_flavor(|flavor| {
        let (rt, other) = (flavor.build(), runtime::Runtime::new().unwrap());
        let tasks = LocalSet::new();
        tasks.block_on(&rt, async {
            let mut map = JoinMap::with_capacity(16);
            assert!(map.capacity() >= 16);
            map.spawn(1, async { 1 });
            map.spawn_on(2, async { 2 }, other.handle());
            map.spawn_local(3, async { *Rc::new(3) });
            map.spawn_local_on(4, async { *Rc::new(4) }, &tasks);
            map.spawn_blocking(5, || 5);
            map.spawn_blocking_on(6, || 6, other.handle());
            while let Some((key, output)) = map.join_next().await {
                assert_eq!(key, output.unwrap());
            }
            map.shrink_to_fit();
            map.reserve(100);
            map.shrink_to(50);
            assert!(map.capacity() >= 50);
        });
    });
}

#[test]
fn it_shows_keys_and_ids() {
    let rt = runtime::Runtime::new().unwrap();
    let _guard = rt.enter();
    let mut map = JoinMap::new();
    map.spawn("key", async {});
    let shown = format!("{map:?} {:?}", map.keys());
    assert!(shown.starts_with("{\"key\": Id("), "{shown}");
    assert!(shown.ends_with("[\"key\"]"), "{shown}");
}
