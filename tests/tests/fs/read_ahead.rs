//! What is read ahead, where, and how many hops that spares.

use std::io::{Seek, SeekFrom};
use std::pin::pin;

use futures_lite::future::poll_once;
use futures_lite::{AsyncReadExt, AsyncSeekExt};
use runtime::fs::File;
use runtime::task::unconstrained;

use crate::harness::{on_every, pattern};

/// The position of the descriptor, which another of its kind shows.
fn reach(file: &File) -> u64 {
    use std::os::fd::AsFd;
    let twin = file.as_fd().try_clone_to_owned().unwrap();
    std::fs::File::from(twin).stream_position().unwrap()
}

#[test]
fn small_reads_are_served_from_what_is_there() {
    on_every(async |directory| {
        let mut file = File::open(directory.file("file", pattern(20_000)))
            .await
            .unwrap();
        let mut byte = [0];
        file.read_exact(&mut byte).await.unwrap();
        assert_eq!(reach(&file), 8 * 1024);
        for expected in &pattern(20_000)[1..8 * 1024] {
            let read = unconstrained(poll_once(pin!(file.read(&mut byte)))).await;
            assert_eq!(read.expect("no hop is needed").unwrap(), 1);
            assert_eq!(byte[0], *expected);
        }
        file.read_exact(&mut byte).await.unwrap();
        assert_eq!(byte[0], pattern(20_000)[8 * 1024]);
    });
}

#[test]
fn seeks_of_a_private_file_need_no_hop() {
    on_every(async |directory| {
        let mut file = File::open(directory.file("file", pattern(20_000)))
            .await
            .unwrap();
        for to in [SeekFrom::Start(5), SeekFrom::Current(5)] {
            let position = poll_once(pin!(file.seek(to))).await;
            assert!(position.expect("no hop is needed").is_ok());
        }
        assert_eq!(file.seek(SeekFrom::End(-1)).await.unwrap(), 19_999);
    });
}

#[test]
fn a_descriptor_that_others_may_have_is_read_as_asked() {
    on_every(async |directory| {
        let path = directory.file("file", pattern(20_000));
        let mut foreign = File::from_std(std::fs::File::open(&path).unwrap());
        foreign.read_exact(&mut [0; 3]).await.unwrap();
        assert_eq!(reach(&foreign), 3);
        let mut cloned = File::open(&path).await.unwrap();
        drop(cloned.try_clone().await.unwrap());
        cloned.read_exact(&mut [0; 3]).await.unwrap();
        assert_eq!(reach(&cloned), 3);
    });
}

#[test]
fn a_small_buffer_bounds_what_is_read_ahead() {
    on_every(async |directory| {
        let mut file = File::open(directory.file("file", pattern(20_000)))
            .await
            .unwrap();
        file.set_max_buf_size(100);
        file.read_exact(&mut [0; 3]).await.unwrap();
        assert_eq!(reach(&file), 100);
        assert_eq!(file.read(&mut [0; 1_000]).await.unwrap(), 97);
        assert_eq!(file.read(&mut [0; 1_000]).await.unwrap(), 100);
    });
}
