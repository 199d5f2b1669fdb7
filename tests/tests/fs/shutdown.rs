//! Files while their runtime ends, and after.

use std::thread;

use futures_lite::{AsyncReadExt, AsyncWriteExt, future};
use runtime::fs::{self, File};
use runtime::runtime::Runtime;
use runtime_tests::flavor::on_every_flavor;

use crate::harness::{Directory, StuckPool, pattern};

/// As a program does that ends without a flush.
#[test]
fn what_was_accepted_is_written_though_the_runtime_ends() {
    on_every_flavor(|flavor| {
        let directory = Directory::new();
        for turn in 0..50 {
            let path = directory.path("file");
            let text = format!("turn {turn}");
            let runtime = flavor.build();
            runtime.block_on(async {
                let mut file = File::create(&path).await.unwrap();
                file.write_all(text.as_bytes()).await.unwrap();
            });
            drop(runtime);
            assert_eq!(std::fs::read_to_string(path).unwrap(), text);
        }
    });
}

#[test]
fn what_was_accepted_is_written_though_the_pool_was_busy() {
    let directory = Directory::new();
    let path = directory.path("file");
    let pool = StuckPool::new();
    let mut file = File::from_std(std::fs::File::create(&path).unwrap());
    pool.runtime.block_on(file.write_all(b"accepted")).unwrap();
    drop(file);
    let reading = pool.runtime.spawn(fs::read(path.clone()));
    while pool.runtime.metrics().blocking_queue_depth() < 2 {
        thread::yield_now();
    }
    pool.shut_down();
    assert_eq!(std::fs::read(&path).unwrap(), b"accepted");
    let read = future::block_on(reading);
    assert!(read.is_err() || is_shutting_down(read.unwrap()));
}

#[test]
fn a_runtime_that_has_ended_refuses_and_the_file_stays_whole() {
    on_every_flavor(|flavor| {
        let directory = Directory::new();
        let path = directory.file("file", pattern(100));
        let runtime = flavor.build();
        let handle = runtime.handle().clone();
        let mut options = File::options();
        options.read(true).write(true);
        let mut file = runtime.block_on(options.open(&path)).unwrap();
        runtime.block_on(file.read_exact(&mut [0; 10])).unwrap();
        drop(runtime);

        let context = handle.enter();
        assert!(is_shutting_down(future::block_on(fs::read(&path))));
        assert!(is_shutting_down(future::block_on(file.write(b"x"))));
        assert!(is_shutting_down(future::block_on(file.set_len(1))));
        assert!(is_shutting_down(future::block_on(file.sync_all())));
        drop(context);

        let mut rest = Vec::new();
        let other = Runtime::new().unwrap();
        other.block_on(file.read_to_end(&mut rest)).unwrap();
        assert_eq!(rest, pattern(100)[10..]);
    });
}

fn is_shutting_down<T>(answer: std::io::Result<T>) -> bool {
    let error = answer.err().expect("it is refused");
    error.to_string().contains("the runtime is shutting down")
}
