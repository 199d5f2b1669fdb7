//! The builder's functions that are called in the life of each task.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::future::pending;
use std::sync::{Arc, Mutex};

use runtime::runtime::TaskMeta;
use runtime::task::{Builder, yield_now};
use runtime_tests::flavor::{Flavor, on_every_flavor};
use runtime_tests::wait;

type Log = Arc<Mutex<Vec<(&'static str, String, u32)>>>;

fn note(log: &Log, what: &'static str) -> impl Fn(&TaskMeta<'_>) + Send + Sync + use<> {
    let log = log.clone();
    move |task| {
        let entry = (what, task.id().to_string(), task.spawned_at().line());
        log.lock().unwrap().push(entry);
        panic!("a hook that panics stops nobody");
    }
}

fn hooked(flavor: Flavor) -> (runtime::Runtime, Log) {
    let log = Log::default();
    let rt = flavor
        .builder()
        .on_task_spawn(note(&log, "spawn"))
        .on_before_task_poll(note(&log, "before"))
        .on_after_task_poll(note(&log, "after"))
        .on_task_terminate(note(&log, "terminate"))
        .build()
        .unwrap();
    (rt, log)
}

/// What was called, once `calls` calls were made; all of them for one task, which line `line` spawned.
fn called(log: &Log, calls: usize, id: &str, line: u32) -> Vec<&'static str> {
    wait::until("the hooks are called", || {
        log.lock().unwrap().len() >= calls
    });
    let log = std::mem::take(&mut *log.lock().unwrap());
    assert!(
        log.iter().all(|(_, of, at)| of == id && *at == line),
        "{log:?}"
    );
    log.into_iter().map(|(what, ..)| what).collect()
}

#[test]
fn each_hook_is_called_in_the_life_of_a_task() {
    on_every_flavor(|flavor| {
        let (rt, log) = hooked(flavor);
        let (task, line) = (rt.spawn(yield_now()), line!());
        let id = task.id().to_string();
        rt.block_on(task).unwrap();
        let order = called(&log, 6, &id, line);
        assert_eq!(order[..5], ["spawn", "before", "after", "before", order[4]]);
        let mut end = order[4..].to_vec();
        end.sort_unstable();
        assert_eq!(end, ["after", "terminate"]);
    });
}

#[test]
fn a_task_that_is_cut_off_has_its_end_told_once() {
    on_every_flavor(|flavor| {
        let (rt, log) = hooked(flavor);
        let (task, line) = (rt.spawn(pending::<()>()), line!());
        let id = task.id().to_string();
        drop(rt);
        let order = called(&log, 2, &id, line);
        assert_eq!(order.iter().filter(|what| **what == "terminate").count(), 1);
    });
}

#[test]
fn hooks_learn_a_task_s_name() {
    let names = Arc::new(Mutex::new(Vec::new()));
    let seen = names.clone();
    let rt = Flavor::CurrentThread
        .builder()
        .on_task_spawn(move |task| seen.lock().unwrap().push(task.name().map(str::to_owned)))
        .build()
        .unwrap();
    rt.block_on(async {
        Builder::new()
            .name("ann")
            .spawn(async {})
            .unwrap()
            .await
            .unwrap();
        runtime::spawn(async {}).await.unwrap();
    });
    assert_eq!(*names.lock().unwrap(), [Some("ann".to_owned()), None]);
}
