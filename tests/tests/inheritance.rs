//! A program that is started does not get the runtime's descriptors (tokio #3809).
#![cfg(target_os = "linux")]

use std::fs;
use std::process::Command;

use runtime::runtime::Builder;
use runtime_tests::alone;

/// What each descriptor of a process stands for.
fn descriptors(process: &str) -> Vec<String> {
    fs::read_dir(format!("/proc/{process}/fd"))
        .expect("Linux has /proc")
        .filter_map(|entry| fs::read_link(entry.ok()?.path()).ok())
        .map(|target| target.to_string_lossy().into_owned())
        .collect()
}

fn are_of_a_runtime(descriptors: &[String]) -> usize {
    let kinds = ["eventpoll", "eventfd", "timerfd", "socket"];
    let is_one = |target: &&String| kinds.iter().any(|kind| target.contains(kind));
    descriptors.iter().filter(is_one).count()
}

#[test]
fn a_child_process_inherits_no_descriptor_of_the_runtime() {
    alone::run(|| {
        let before = are_of_a_runtime(&descriptors("self"));
        let rt = Builder::new_multi_thread()
            .worker_threads(2)
            .build()
            .unwrap();
        let listener = rt
            .block_on(runtime::net::TcpListener::bind("127.0.0.1:0"))
            .unwrap();
        let with_runtime = are_of_a_runtime(&descriptors("self"));
        assert!(
            with_runtime >= before + 3,
            "epoll, eventfd and the listener"
        );

        let mut child = Command::new("cat")
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let inherited = descriptors(&child.id().to_string());
        // `cat` ends with its input.
        drop(child.stdin.take());
        child.wait().unwrap();
        assert!(
            are_of_a_runtime(&inherited) <= before,
            "inherited: {inherited:?}"
        );
        drop(listener);
    });
}
