//! What is left of a child that nobody waits for: nothing.
#![cfg(target_os = "linux")]

use std::io::ErrorKind;
use std::process::Stdio;

use futures_lite::future::poll_once;
use runtime::process::Command;
use runtime_tests::alone;
use runtime_tests::flavor::{EVERY_FLAVOR, Flavor, on_every_flavor};
use runtime_tests::process::{assert_threads, descriptors, threads};
use runtime_tests::wait;

use crate::children::{all_children, assert_reaped, cat, piped, sh, sleeper, state};

#[test]
fn a_child_goes_on_when_it_is_dropped_and_is_reaped_at_its_end() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let mut child = cat();
            let stdin = child.stdin.take();
            let id = child.id().unwrap();
            drop(child);
            assert!(matches!(state(id), Some('S' | 'R' | 'D')));
            drop(stdin);
            assert_reaped(id);
        });
    });
}

#[test]
fn a_child_that_has_ended_is_reaped_when_it_is_dropped() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let child = Command::new("true").spawn().unwrap();
            let id = child.id().unwrap();
            wait::until("it has ended", || state(id) == Some('Z'));
            drop(child);
            assert_eq!(state(id), None);
        });
    });
}

#[test]
fn a_child_is_killed_when_dropped_if_so_wished() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let child = sleeper().kill_on_drop(true).spawn().unwrap();
            let id = child.id().unwrap();
            drop(child);
            assert_reaped(id);
        });
    });
}

#[test]
fn futures_that_are_dropped_kill_if_so_wished() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            flavor.build().block_on(async {
                let mut command = sleeper();
                command.kill_on_drop(true);
                drop(command.status());
                let _ = poll_once(command.status()).await;
                let _ = poll_once(command.output()).await;
                let child = command.spawn().unwrap();
                let _ = poll_once(child.wait_with_output()).await;
            });
            wait::until("all are reaped", || all_children().is_empty());
        });
    });
}

#[test]
fn a_task_that_ends_with_its_runtime_leaves_no_zombie() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            let rt = flavor.build();
            rt.block_on(async {
                let mut child = sleeper().kill_on_drop(true).spawn().unwrap();
                assert!(poll_once(child.wait()).await.is_none());
                runtime::spawn(async move { child.wait().await });
            });
            drop(rt);
            wait::until("it is reaped", || all_children().is_empty());
        });
    });
}

#[test]
fn a_hundred_orphans_are_reaped_by_one_thread_that_ends_with_them() {
    alone::run(|| {
        for flavor in EVERY_FLAVOR {
            let rt = flavor.build();
            let _guard = rt.enter();
            let before = threads();
            let mut children: Vec<_> = (0..100).map(|_| cat()).collect();
            let stdins: Vec<_> = children
                .iter_mut()
                .map(|child| child.stdin.take())
                .collect();
            drop(children);
            assert_threads(before + 1);
            drop(stdins);
            assert_threads(before);
            assert_eq!(all_children(), []);
        }
    });
}

#[test]
fn orphans_come_while_others_go() {
    alone::run(|| {
        let rt = Flavor::MultiThread(4).build();
        rt.block_on(async {
            let tasks: Vec<_> = (0..8)
                .map(|_| {
                    runtime::spawn(async {
                        for _ in 0..25 {
                            drop(Command::new("true").spawn().unwrap());
                        }
                    })
                })
                .collect();
            for task in tasks {
                task.await.unwrap();
            }
        });
        wait::until("all are reaped", || all_children().is_empty());
    });
}

#[test]
fn a_program_that_is_not_there_leaves_nothing_behind() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            let rt = flavor.build();
            let _guard = rt.enter();
            let before = descriptors();
            for _ in 0..10 {
                let mut command = Command::new("/nowhere/to/be/found");
                let error = piped(&mut command)
                    .stderr(Stdio::piped())
                    .spawn()
                    .unwrap_err();
                assert_eq!(error.kind(), ErrorKind::NotFound);
            }
            assert_eq!(descriptors(), before);
            assert_eq!(all_children(), []);
        });
    });
}

#[test]
fn a_spawn_that_fails_half_way_kills_the_child() {
    alone::run(|| {
        let rt = Flavor::MultiThread(1).build();
        let handle = rt.handle().clone();
        drop(rt);
        let _guard = handle.enter();
        let before = descriptors();
        piped(&mut sleeper()).spawn().unwrap_err();
        wait::until("it is reaped", || all_children().is_empty());
        wait::until("all is closed", || descriptors() == before);
    });
}

#[test]
fn no_descriptor_is_left_of_children() {
    alone::run(|| {
        for flavor in EVERY_FLAVOR {
            let rt = flavor.build();
            let use_everything = async || {
                let mut child = cat();
                child.wait().await.unwrap();
                drop(child);
                cat().wait_with_output().await.unwrap();
                sh("echo a; echo b >&2").output().await.unwrap();
                cat().kill().await.unwrap();
                let orphan = cat();
                let id = orphan.id().unwrap();
                drop(orphan);
                assert_reaped(id);
            };
            let threads = threads();
            let before = descriptors();
            for _ in 0..10 {
                rt.block_on(use_everything());
            }
            assert_threads(threads);
            assert_eq!(descriptors(), before, "{flavor}");
        }
    });
}
