//! Children when the system is short of something.
#![cfg(target_os = "linux")]

use std::cell::Cell;
use std::fs::File;

use futures_lite::future::poll_once;
use runtime::process::Command;
use runtime_tests::alone;
use runtime_tests::flavor::{EVERY_FLAVOR, on_every_flavor};
use runtime_tests::process::{limit, threads};
use runtime_tests::wait;
use rustix::process::Resource;

use crate::children::{all_children, piped, sleeper};

/// Takes all descriptors that are left; a child inherits none of them.
fn all_descriptors() -> Vec<File> {
    std::iter::from_fn(|| File::open("/dev/null").ok()).collect()
}

#[test]
fn a_child_without_a_descriptor_to_watch_it_by_is_waited_for_all_the_same() {
    alone::run(|| {
        limit(Resource::Nofile, 200);
        let is_first = Cell::new(true);
        on_every_flavor(|flavor| {
            flavor.build().block_on(async {
                let taken = all_descriptors();
                let mut child = sleeper().spawn().unwrap();
                // `SIGCHLD` is to tell, and the first listener of a process takes descriptors.
                match poll_once(child.wait()).await {
                    Some(failed) => assert!(is_first.take() && failed.is_err(), "on {flavor}"),
                    None => assert!(!is_first.get(), "on {flavor}"),
                }
                drop(taken);
                child.kill().await.unwrap();
                assert!(!child.wait().await.unwrap().success());
            });
        });
    });
}

#[test]
fn orphans_without_a_descriptor_to_watch_them_by_are_reaped_after_the_next() {
    alone::run(|| {
        limit(Resource::Nofile, 200);
        on_every_flavor(|flavor| {
            let rt = flavor.build();
            let _guard = rt.enter();
            let taken = all_descriptors();
            for _ in 0..3 {
                drop(sleeper().kill_on_drop(true).spawn().unwrap());
            }
            drop(taken);
            drop(sleeper().kill_on_drop(true).spawn().unwrap());
            wait::until("all are reaped", || all_children().is_empty());
        });
    });
}

#[test]
fn a_spawn_without_descriptors_fails_and_leaves_no_child() {
    alone::run(|| {
        limit(Resource::Nofile, 200);
        for flavor in EVERY_FLAVOR {
            let rt = flavor.build();
            let _guard = rt.enter();
            let mut taken = all_descriptors();
            for _ in 0..12 {
                // With each descriptor more, it fails at a later step or works.
                let spawned = piped(&mut sleeper()).kill_on_drop(true).spawn();
                drop(spawned);
                drop(taken.pop());
            }
            drop(taken);
            drop(Command::new("true").spawn().unwrap());
            wait::until("all are reaped", || all_children().is_empty());
        }
        assert!(threads() > 0);
    });
}
