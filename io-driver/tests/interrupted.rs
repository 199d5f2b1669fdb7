//! A signal makes an empty turn. Stopping and continuing a process interrupts its
//! `epoll_wait`, handler or not.
#![cfg(all(target_os = "linux", not(runtime_loom)))]
#![allow(clippy::unwrap_used, reason = "a test")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use io_driver::Driver;

const CHILD: &str = "IO_DRIVER_TEST_IS_THE_CHILD";

#[test]
fn a_signal_makes_an_empty_turn() {
    if std::env::var_os(CHILD).is_some() {
        return turn_until_interrupted();
    }
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_signal_makes_an_empty_turn", "--nocapture"])
        .env(CHILD, "1")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok);
    let told = interrupt_while(&child, || output.find(|line| line.contains("turn:")));
    child.kill().unwrap();
    child.wait().unwrap();
    let told = told.expect("the child ends only after it has told");
    assert!(
        told.contains("early turn: Ok(Turn { events: 0, unparked: false })"),
        "{told}"
    );
}

fn turn_until_interrupted() {
    let timeout = Duration::from_secs(20);
    let start = Instant::now();
    let turn = Driver::new(16)
        .unwrap()
        .turn(Some(timeout), &mut Vec::new());
    let when = if start.elapsed() < timeout {
        "early"
    } else {
        "late"
    };
    println!("\n{when} turn: {turn:?}");
}

/// Nobody knows when the child is in the poll, so it is stopped and continued again and again.
fn interrupt_while<R>(child: &Child, wait: impl FnOnce() -> R) -> R {
    let stop_and_go = format!("kill -STOP {0} && kill -CONT {0}", child.id());
    let over = Arc::new(AtomicBool::new(false));
    let interrupter = thread::spawn({
        let over = over.clone();
        move || {
            while !over.load(Ordering::SeqCst) {
                let mut shell = Command::new("sh");
                shell
                    .args(["-c", &stop_and_go])
                    .stderr(Stdio::null())
                    .status()
                    .unwrap();
                thread::sleep(Duration::from_millis(20));
            }
        }
    });
    let result = wait();
    over.store(true, Ordering::SeqCst);
    interrupter.join().unwrap();
    result
}
