//! Collectors of futures that poll again at once what was woken: a yield gives the thread away all the same.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use runtime::runtime::{LocalOptions, LocalRuntime};
use runtime::sync::mpsc;
use runtime::task::{LocalSet, consume_budget, unconstrained, yield_now};
use runtime_tests::flavor::on_every_flavor;
use runtime_tests::watchdog::Watchdog;

type Child = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Polls its children as long as one of them is woken, and ends with the last.
struct Collector {
    children: Vec<(Arc<Mark>, Child)>,
    wakes: Wakes,
}

/// How a child that is woken lets the task know.
#[derive(Clone, Copy)]
enum Wakes {
    /// Each time.
    Always,
    /// Once a poll: the first child takes the waker.
    Once,
}

/// Says that a child is to be polled.
struct Mark {
    is_set: AtomicBool,
    task: Arc<Mutex<Option<Waker>>>,
    wakes: Wakes,
}

impl Wake for Mark {
    fn wake(self: Arc<Self>) {
        self.is_set.store(true, Ordering::SeqCst);
        let task = match self.wakes {
            Wakes::Always => self.task.lock().unwrap().clone(),
            Wakes::Once => self.task.lock().unwrap().take(),
        };
        task.into_iter().for_each(Waker::wake);
    }
}

impl Collector {
    fn new(children: Vec<Child>, wakes: Wakes) -> Self {
        let task = Arc::new(Mutex::new(None));
        let mark = |child| {
            let mark = Mark {
                is_set: AtomicBool::new(true),
                task: task.clone(),
                wakes,
            };
            (Arc::new(mark), child)
        };
        Collector {
            children: children.into_iter().map(mark).collect(),
            wakes,
        }
    }
}

impl Future for Collector {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            let Some((first, _)) = self.children.first() else {
                return Poll::Ready(());
            };
            if matches!(self.wakes, Wakes::Always) || first.task.lock().unwrap().is_none() {
                *first.task.lock().unwrap() = Some(cx.waker().clone());
            }
            let mut polled = false;
            self.children.retain_mut(|(mark, child)| {
                if !mark.is_set.swap(false, Ordering::SeqCst) {
                    return true;
                }
                polled = true;
                let waker = Waker::from(mark.clone());
                child
                    .as_mut()
                    .poll(&mut Context::from_waker(&waker))
                    .is_pending()
            });
            if !polled && !self.children.is_empty() {
                return Poll::Pending;
            }
        }
    }
}

/// What a child does until it is told to stop.
type Work = fn(Arc<AtomicBool>) -> Child;

const WORK: [(&str, Work); 3] = [
    ("spend their budget", |stop| {
        Box::pin(async move {
            while !stop.load(Ordering::SeqCst) {
                consume_budget().await;
            }
        })
    }),
    ("yield", |stop| {
        Box::pin(async move {
            while !stop.load(Ordering::SeqCst) {
                yield_now().await;
            }
        })
    }),
    ("send and receive", |stop| {
        Box::pin(async move {
            let (tx, mut rx) = mpsc::channel(1);
            while !stop.load(Ordering::SeqCst) {
                tx.send(()).await.unwrap();
                rx.recv().await.unwrap();
            }
        })
    }),
];

/// Runs a collector until a task that was spawned before has had its turn.
async fn collect(work: Work, children: usize, wakes: Wakes) {
    let stop = Arc::new(AtomicBool::new(false));
    let stops = stop.clone();
    drop(runtime::spawn(async move {
        stops.store(true, Ordering::SeqCst);
    }));
    let children = (0..children).map(|_| work(stop.clone())).collect();
    Collector::new(children, wakes).await;
}

/// Each kind of collector, with each kind of work.
async fn collect_all() {
    for (_what, work) in WORK {
        for children in [1, 2, 20] {
            collect(work, children, Wakes::Always).await;
            collect(work, children, Wakes::Once).await;
        }
    }
}

#[test]
fn a_collector_that_polls_again_what_was_woken_does_not_spin() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        rt.block_on(collect_all());
        rt.block_on(rt.spawn(collect_all())).unwrap();
        rt.block_on(unconstrained(collect(WORK[1].1, 2, Wakes::Always)));
    });
}

#[test]
fn nor_does_it_in_a_local_runtime_or_a_set() {
    let _watchdog = Watchdog::start("with a collector");
    let local = LocalRuntime::new().unwrap();
    local.block_on(collect_all());
    local.block_on(local.spawn_local(collect_all())).unwrap();
    let rt = runtime::runtime::Builder::new_current_thread()
        .build_local(LocalOptions::default())
        .unwrap();
    let set = LocalSet::new();
    rt.block_on(set.run_until(collect_all()));
    rt.block_on(set.run_until(set.spawn_local(collect_all())))
        .unwrap();
}

/// The set has more to do than one poll of it: it yields.
#[test]
fn a_set_in_a_collector_gives_the_thread_away() {
    let _watchdog = Watchdog::start("with a set in a collector");
    let rt = LocalRuntime::new().unwrap();
    rt.block_on(async {
        let stop = Arc::new(AtomicBool::new(false));
        let stops = stop.clone();
        drop(runtime::spawn(async move {
            stops.store(true, Ordering::SeqCst);
        }));
        let set = LocalSet::new();
        for _ in 0..100 {
            drop(set.spawn_local(WORK[1].1(stop.clone())));
        }
        let mark = Arc::new(Mark {
            is_set: AtomicBool::new(true),
            task: Arc::new(Mutex::new(None)),
            wakes: Wakes::Always,
        });
        let waker = Waker::from(mark.clone());
        let mut set = std::pin::pin!(set);
        std::future::poll_fn(|cx| {
            *mark.task.lock().unwrap() = Some(cx.waker().clone());
            while mark.is_set.swap(false, Ordering::SeqCst) {
                if set
                    .as_mut()
                    .poll(&mut Context::from_waker(&waker))
                    .is_ready()
                {
                    return Poll::Ready(());
                }
            }
            Poll::Pending
        })
        .await;
    });
}
