//! What the environment says of the number of workers.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::env;

use runtime::runtime::Builder;
use runtime_tests::alone;

const OURS: &str = "RUNTIME_WORKER_THREADS";
const TOKIOS: &str = "TOKIO_WORKER_THREADS";

fn set(name: &str, value: &str) {
    // SAFETY: it is called in a process of its own, whose other thread waits for the test's.
    unsafe { env::set_var(name, value) };
}

fn workers() -> std::io::Result<usize> {
    let runtime = Builder::new_multi_thread().build()?;
    Ok(runtime.metrics().num_workers())
}

#[test]
fn a_program_from_tokio_keeps_its_setting_unless_ours_is_set() {
    alone::run(|| {
        set(TOKIOS, "3");
        assert_eq!(workers().unwrap(), 3);
        set(OURS, "5");
        assert_eq!(workers().unwrap(), 5);
    });
}

#[test]
fn what_the_program_says_counts_more_than_the_environment() {
    alone::run(|| {
        set(OURS, "5");
        let runtime = Builder::new_multi_thread().worker_threads(2).build();
        assert_eq!(runtime.unwrap().metrics().num_workers(), 2);
    });
}

#[test]
fn a_setting_that_is_no_number_is_an_error_that_names_it() {
    alone::run(|| {
        for name in [TOKIOS, OURS] {
            for value in ["0", "", "four", "-1"] {
                set(name, value);
                let error = workers().unwrap_err();
                assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
                assert!(error.to_string().starts_with(name), "{error}");
            }
        }
    });
}
