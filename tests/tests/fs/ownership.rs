//! From and to the standard library, and clones.

use std::fs::FileTimes;
use std::io::{Read, Seek};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::time::{Duration, SystemTime};

use futures_lite::{AsyncReadExt, AsyncWriteExt};
use runtime::fs::File;

use crate::harness::{StuckPool, on_every, pattern};

#[test]
fn std_goes_on_where_we_have_stopped() {
    on_every(async |directory| {
        let path = directory.file("file", pattern(100));
        for waits in [true, false] {
            let mut file = File::open(&path).await.unwrap();
            file.read_exact(&mut [0; 10]).await.unwrap();
            let mut std = match waits {
                true => file.into_std().await,
                false => file.try_into_std().unwrap(),
            };
            assert_eq!(std.stream_position().unwrap(), 10);
            let mut next = [0; 5];
            std.read_exact(&mut next).unwrap();
            assert_eq!(next, pattern(100)[10..15]);
        }
    });
}

#[test]
fn a_file_under_way_is_not_given_away() {
    let pool = StuckPool::new();
    let directory = crate::harness::Directory::new();
    let path = directory.path("file");
    let mut file = File::from_std(std::fs::File::create(&path).unwrap());
    pool.runtime.block_on(file.write_all(b"accepted")).unwrap();
    let file = file.try_into_std().unwrap_err();
    pool.release();
    drop(pool.runtime.block_on(file.into_std()));
    assert_eq!(std::fs::read(path).unwrap(), b"accepted");
}

#[test]
fn clones_share_the_position() {
    on_every(async |directory| {
        let path = directory.file("file", pattern(30_000));
        let mut one = File::open(&path).await.unwrap();
        one.set_max_buf_size(1_000);
        one.read_exact(&mut [0; 10]).await.unwrap();
        let mut two = one.try_clone().await.unwrap();
        assert_eq!(two.max_buf_size(), 1_000);
        for turn in 1..20 {
            let mut bytes = [0; 10];
            let file = if turn % 2 == 0 { &mut one } else { &mut two };
            file.read_exact(&mut bytes).await.unwrap();
            assert_eq!(bytes, pattern(30_000)[10 * turn..][..10]);
        }
    });
}

#[test]
fn times_and_descriptors_are_those_of_the_file() {
    on_every(async |directory| {
        let std = std::fs::File::create(directory.path("file")).unwrap();
        let raw = std.as_raw_fd();
        let mut file = File::from(OwnedFd::from(std));
        assert_eq!(file.as_raw_fd(), raw);
        assert_eq!(file.as_fd().as_raw_fd(), raw);
        let hour = SystemTime::UNIX_EPOCH + Duration::from_secs(3_600);
        file.write_all(b"before").await.unwrap();
        file.set_modified(hour).await.unwrap();
        assert_eq!(file.metadata().await.unwrap().modified().unwrap(), hour);
        let day = hour + Duration::from_secs(86_400);
        file.set_times(FileTimes::new().set_accessed(day))
            .await
            .unwrap();
        assert_eq!(file.metadata().await.unwrap().accessed().unwrap(), day);
    });
}
