//! No operation leaves a descriptor open, finished or dropped.
#![cfg(target_os = "linux")]

use futures_lite::{AsyncReadExt, AsyncWriteExt};
use runtime::fs::{self, File};
use runtime_tests::flavor::EVERY_FLAVOR;
use runtime_tests::process::descriptors;
use runtime_tests::{alone, wait};

use crate::harness::{Directory, pattern, polled};

#[test]
fn what_is_dropped_is_closed() {
    alone::run(|| {
        let directory = Directory::new();
        for number in 0..100 {
            directory.file(&format!("entry-{number}"), pattern(100));
        }
        for flavor in EVERY_FLAVOR {
            let runtime = flavor.build();
            runtime.block_on(use_everything(&directory, 0));
            let before = descriptors();
            for polls in 0..20 {
                runtime.block_on(use_everything(&directory, polls % 4));
            }
            // What was dropped under way is closed by the thread that ends it.
            wait::until("all is closed", || descriptors() == before);
        }
    });
}

async fn use_everything(directory: &Directory, polls: usize) {
    let path = directory.path("entry-0");
    let _ = polled(polls, File::open(&path)).await;
    let _ = polled(polls, fs::read(&path)).await;
    let _ = polled(polls, fs::copy(&path, directory.path("copy"))).await;
    let mut listing = fs::read_dir(directory.root()).await.unwrap();
    for _ in 0..40 {
        let _ = polled(polls, listing.next_entry()).await;
    }
    let mut file = File::options()
        .read(true)
        .write(true)
        .open(&path)
        .await
        .unwrap();
    let _ = polled(polls, file.try_clone()).await;
    let _ = polled(polls, file.read(&mut [0; 10])).await;
    let _ = polled(polls, file.write(&[0; 10])).await;
    let _ = polled(polls, file.sync_all()).await;
    let _ = polled(polls, file.into_std()).await;
}
