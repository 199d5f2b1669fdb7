//! How large a future, or a closure, finds room on a stack of two megabytes: as large a one as tokio takes, at each
//! place where one comes in.
//!
//! The same programs are written for both. What a future needs grows with its size, so that it is one size
//! that runs here, on larger and smaller stacks. Each runs in a process of its own, of
//! which an overflow is the end; and a second thread might be given the stack of a first.

use std::future::Future;
use std::hint::black_box;
use std::process::Output;
use std::thread;
use std::time::Duration;

use futures_lite::future::yield_now;
use runtime_tests::alone;

/// What comes in, in bytes: much more than what else is on a stack.
const SIZE: usize = 256 * 1024;

/// Stacks are multiples of it.
const STEP: usize = 32 * 1024;

/// How many more are no shortage: where the compiler optimises, it leaves a copy or saves it as it likes.
const SLACK: usize = if cfg!(debug_assertions) {
    1
} else {
    1 + SIZE / STEP
};

/// Steps of a stack that is large enough for all.
const MOST: usize = 128;

const HOUR: Duration = Duration::from_secs(3_600);

async fn large() -> usize {
    let bytes = [1_u8; SIZE];
    yield_now().await;
    black_box(&bytes).len()
}

fn closure() -> impl FnOnce() -> usize + Send + 'static {
    let bytes = [1_u8; SIZE];
    move || black_box(&bytes).len()
}

/// Runs on a stack of so many steps, which may overflow.
fn run_on(steps: usize, enter: fn(usize) -> usize) {
    let stack = steps * STEP;
    let thread = thread::Builder::new().stack_size(stack);
    let reached = thread.spawn(move || enter(stack)).unwrap().join().unwrap();
    assert_eq!(reached, SIZE);
}

/// Places to come in at; each gets the size that stacks shall have.
type Entries = &'static [(&'static str, fn(usize) -> usize)];

macro_rules! entries {
    (|$stack:ident| $($name:literal => $enter:expr;)*) => {
        pub(super) const ENTRIES: Entries = &[$(($name, |$stack| $enter)),*];
    };
}

/// What is written alike for both.
macro_rules! programs {
    ($side:ident, $library:ident) => {
        mod $side {
            use ::$library::runtime::{Builder, Handle, Runtime};
            use ::$library::task::{self, JoinSet, LocalSet};
            use ::$library::time::timeout;

            use super::*;

            fn current_thread(stack: usize) -> Runtime {
                let mut builder = Builder::new_current_thread();
                builder
                    .thread_stack_size(stack)
                    .enable_all()
                    .build()
                    .unwrap()
            }

            fn multi_thread(stack: usize) -> Runtime {
                let mut builder = Builder::new_multi_thread();
                builder.worker_threads(1).thread_stack_size(stack);
                builder.enable_all().build().unwrap()
            }

            /// In a task, on a worker's stack.
            fn in_task<F>(stack: usize, body: impl FnOnce() -> F + Send + 'static) -> usize
            where
                F: Future<Output = usize> + Send + 'static,
            {
                multi_thread(stack).block_on(async {
                    let task = task::spawn(async move { body().await });
                    task.await.unwrap()
                })
            }

            fn in_set(stack: usize, spawn: impl FnOnce(&mut JoinSet<usize>)) -> usize {
                current_thread(stack).block_on(async {
                    let mut set = JoinSet::new();
                    spawn(&mut set);
                    set.join_next().await.unwrap().unwrap()
                })
            }

            entries! { |stack|
                "Spawn" => in_task(stack, async || task::spawn(large()).await.unwrap());
                "SpawnAlone" => current_thread(stack).block_on(async {
                    task::spawn(large()).await.unwrap()
                });
                "HandleSpawn" => in_task(stack, async || {
                    Handle::current().spawn(large()).await.unwrap()
                });
                "RuntimeSpawn" => {
                    let rt = multi_thread(stack);
                    rt.block_on(rt.spawn(large())).unwrap()
                };
                "#[main]" => {
                    #[::$library::main(flavor = "current_thread")]
                    async fn main() -> usize {
                        let bytes = [1_u8; SIZE];
                        yield_now().await;
                        black_box(&bytes).len()
                    }
                    // The thread that is in `main` has the stack.
                    let _ = stack;
                    main()
                };
                "JoinSetSpawn" => in_set(stack, |set| drop(set.spawn(large())));
                "JoinSetSpawnLocal" => {
                    let local = LocalSet::new();
                    let mut set = JoinSet::new();
                    set.spawn_local_on(large(), &local);
                    current_thread(stack).block_on(local);
                    set.try_join_next().unwrap().unwrap()
                };
                "LocalSetSpawnLocal" => {
                    let set = LocalSet::new();
                    let task = set.spawn_local(large());
                    current_thread(stack).block_on(set.run_until(task)).unwrap()
                };
                "SpawnLocal" => {
                    let set = LocalSet::new();
                    let spawns = async { task::spawn_local(large()).await.unwrap() };
                    current_thread(stack).block_on(set.run_until(spawns))
                };
                "SpawnBlocking" => in_task(stack, async || {
                    task::spawn_blocking(closure()).await.unwrap()
                });
                "HandleSpawnBlocking" => in_task(stack, async || {
                    Handle::current().spawn_blocking(closure()).await.unwrap()
                });
                "JoinSetSpawnBlocking" => in_set(stack, |set| drop(set.spawn_blocking(closure())));
                "BlockOn" => multi_thread(stack).block_on(large());
                "BlockOnAlone" => current_thread(stack).block_on(large());
                "HandleBlockOn" => multi_thread(stack).handle().block_on(large());
                "HandleBlockOnAlone" => current_thread(stack).handle().block_on(large());
                "LocalSetBlockOn" => LocalSet::new().block_on(&current_thread(stack), large());
                "RunUntil" => current_thread(stack).block_on(LocalSet::new().run_until(large()));
                "AwaitedRunUntil" => current_thread(stack).block_on(async {
                    LocalSet::new().run_until(large()).await
                });
                "LimitedSpawn" => in_task(stack, async || {
                    let limited = timeout(HOUR, large());
                    task::spawn(limited).await.unwrap().unwrap()
                });
                "LimitedInSpawn" => in_task(stack, async || {
                    let limited = async { timeout(HOUR, large()).await.unwrap() };
                    task::spawn(limited).await.unwrap()
                });
                "LimitedInJoinSet" => in_set(stack, |set| {
                    set.spawn(async { timeout(HOUR, large()).await.unwrap() });
                });
                "LimitedInSpawnLocal" => {
                    let set = LocalSet::new();
                    let limited = async { timeout(HOUR, large()).await.unwrap() };
                    let task = set.spawn_local(limited);
                    current_thread(stack).block_on(set.run_until(task)).unwrap()
                };
                "LimitedInRunUntil" => current_thread(stack).block_on(async {
                    let limited = async { timeout(HOUR, large()).await.unwrap() };
                    LocalSet::new().run_until(limited).await
                });
                "LimitedInBlockOn" => multi_thread(stack).block_on(async {
                    timeout(HOUR, large()).await.unwrap()
                });
                "LimitedInBlockOnAlone" => current_thread(stack).block_on(async {
                    timeout(HOUR, large()).await.unwrap()
                });
                "LimitedInHandleBlockOn" => multi_thread(stack).handle().block_on(async {
                    timeout(HOUR, large()).await.unwrap()
                });
                "LimitedInBlockingCall" => multi_thread(stack).block_on(async {
                    let call = || Handle::current().block_on(async {
                        timeout(HOUR, large()).await.unwrap()
                    });
                    task::spawn_blocking(call).await.unwrap()
                });
            }
        }
    };
}

programs!(ours, runtime);
programs!(theirs, tokio);

/// What tokio has not, or elsewhere.
mod only_here {
    use ::runtime::runtime::{Builder, LocalOptions, LocalRuntime, Runtime};
    use ::runtime::serve::Shutdown;
    use ::runtime::task::{self, JoinMap, JoinSet, TaskTracker};
    use ::runtime::time::timeout;

    use super::*;

    fn current_thread(stack: usize) -> Runtime {
        let mut builder = Builder::new_current_thread();
        builder.thread_stack_size(stack).build().unwrap()
    }

    fn multi_thread(stack: usize) -> Runtime {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(1).thread_stack_size(stack);
        builder.build().unwrap()
    }

    fn in_map(stack: usize, spawn: impl FnOnce(&mut JoinMap<u8, usize>)) -> usize {
        current_thread(stack).block_on(async {
            let mut map = JoinMap::new();
            spawn(&mut map);
            map.join_next().await.unwrap().1.unwrap()
        })
    }

    fn local_runtime(stack: usize) -> LocalRuntime {
        let mut builder = Builder::new_current_thread();
        builder
            .thread_stack_size(stack)
            .build_local(LocalOptions::default())
            .unwrap()
    }

    entries! { |stack|
        "BuilderSpawn" => current_thread(stack).block_on(async {
            task::Builder::new().spawn(large()).unwrap().await.unwrap()
        });
        "BuilderSpawnBlocking" => current_thread(stack).block_on(async {
            task::Builder::new().spawn_blocking(closure()).unwrap().await.unwrap()
        });
        "JoinSetBuilderSpawn" => current_thread(stack).block_on(async {
            let mut set = JoinSet::new();
            set.build_task().spawn(large()).unwrap();
            set.join_next().await.unwrap().unwrap()
        });
        "ShutdownSpawn" => current_thread(stack).block_on(async {
            Shutdown::new().spawn("large", large()).await.unwrap().unwrap()
        });
        "TrackerSpawn" => current_thread(stack).block_on(async {
            TaskTracker::new().spawn(large()).await.unwrap()
        });
        "TrackerSpawnBlocking" => current_thread(stack).block_on(async {
            TaskTracker::new().spawn_blocking(closure()).await.unwrap()
        });
        "JoinMapSpawn" => in_map(stack, |map| map.spawn(1, large()));
        "JoinMapSpawnBlocking" => in_map(stack, |map| map.spawn_blocking(1, closure()));
        "ScopeSpawn" => current_thread(stack).block_on(task::scope(|scope| async move {
            scope.spawn(large()).await.unwrap()
        }));
        "BlockingScopeSpawn" => current_thread(stack).handle().scope(|scope| {
            scope.block_on(scope.spawn(large())).unwrap()
        });
        "LocalRuntimeSpawn" => {
            let rt = local_runtime(stack);
            rt.block_on(rt.spawn(large())).unwrap()
        };
        "LocalRuntimeSpawnLocal" => {
            let rt = local_runtime(stack);
            rt.block_on(rt.spawn_local(large())).unwrap()
        };
        "LocalRuntimeBlockOn" => local_runtime(stack).block_on(large());
        "BlockingScopeBlockOn" => {
            let rt = multi_thread(stack);
            rt.handle().scope(|scope| scope.block_on(large()))
        };
        "Scope" => current_thread(stack).block_on(task::scope(|_| large()));
        "LimitedInScope" => current_thread(stack).block_on(task::scope(|scope| async move {
            let limited = async { timeout(HOUR, large()).await.unwrap() };
            scope.spawn(limited).await.unwrap()
        }));
        "LimitedInLocalRuntime" => local_runtime(stack).block_on(async {
            timeout(HOUR, large()).await.unwrap()
        });
    }

    /// What of tokio's each is to be compared with.
    pub(super) fn counterpart(entry: &str) -> &'static str {
        match entry {
            "LocalRuntimeBlockOn" | "BlockingScopeBlockOn" => "BlockOnAlone",
            "Scope" => "AwaitedRunUntil",
            "LimitedInScope" => "LimitedInSpawn",
            "LimitedInLocalRuntime" => "LimitedInBlockOnAlone",
            _ if entry.ends_with("SpawnBlocking") => "SpawnBlocking",
            _ => "Spawn",
        }
    }
}

fn find(library: &str, entry: &str) -> fn(usize) -> usize {
    let entries = match library {
        "theirs" => theirs::ENTRIES,
        "only_here" => only_here::ENTRIES,
        _ => ours::ENTRIES,
    };
    entries.iter().find(|(name, _)| *name == entry).unwrap().1
}

/// Whether a child has found room; it fails for no other reason.
fn found_room(output: &Output) -> bool {
    let said = alone::said(output);
    assert!(
        alone::is_done(output) || said.contains("overflowed its stack"),
        "{said}"
    );
    alone::is_done(output)
}

/// The least number of steps that is enough.
fn least(is_enough: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, MOST);
    while high - low > 1 {
        let middle = usize::midpoint(low, high);
        match is_enough(middle) {
            true => high = middle,
            false => low = middle,
        }
    }
    high
}

#[test]
fn what_finds_room_with_tokio_finds_room_here() {
    let needed = |library: &str, entry: &str| {
        least(|steps| {
            let program = format!("{library} {entry} {steps}");
            found_room(&alone::run_with(&program, |program| {
                let words: Vec<_> = program.split(' ').collect();
                run_on(words[2].parse().unwrap(), find(words[0], words[1]));
            }))
        })
    };
    let alike = ours::ENTRIES.iter().map(|(name, _)| ("ours", *name, *name));
    let others = only_here::ENTRIES
        .iter()
        .map(|(name, _)| ("only_here", *name, only_here::counterpart(name)));
    let mut short = Vec::new();
    for (library, entry, counterpart) in alike.chain(others) {
        let (here, theirs) = (needed(library, entry), needed("theirs", counterpart));
        println!("{entry}: {here} steps of stack here, {theirs} with tokio's {counterpart}");
        if here > theirs + SLACK {
            short.push(entry);
        }
    }
    assert_eq!(short, [""; 0], "need more stack than with tokio");
}
