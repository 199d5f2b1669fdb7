//! Where there is no runtime, and where it has no thread.

use std::panic::{AssertUnwindSafe, catch_unwind};

use futures_lite::future;
use runtime::fs::{self, File};
use runtime_tests::reported::text;

use crate::harness::Directory;

#[track_caller]
fn says_that_no_runtime_is_running(action: impl FnOnce()) {
    let payload = catch_unwind(AssertUnwindSafe(action)).unwrap_err();
    assert!(text(&*payload).starts_with("no runtime is running"));
}

#[test]
fn outside_a_runtime_operations_panic() {
    let directory = Directory::new();
    let path = directory.file("file", "text");
    says_that_no_runtime_is_running(|| drop(future::block_on(fs::read(&path))));
    says_that_no_runtime_is_running(|| drop(future::block_on(File::open(&path))));
    let file = File::from_std(std::fs::File::open(&path).unwrap());
    says_that_no_runtime_is_running(|| drop(future::block_on(file.metadata())));
    drop(file.try_into_std().unwrap());
}

#[test]
#[should_panic(expected = "`max_buf_size` must be greater than 0")]
fn a_buffer_of_no_bytes_is_refused() {
    let directory = Directory::new();
    let path = directory.file("file", "text");
    File::from_std(std::fs::File::open(path).unwrap()).set_max_buf_size(0);
}
