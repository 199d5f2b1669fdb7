//! A write that was accepted and failed is told by the next write, flush or sync, once.
#![cfg(target_os = "linux")]

use std::io::ErrorKind;

use futures_lite::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};
use runtime::fs::{self, File};
use runtime::io::SeekFrom;
use runtime_tests::alone;
use runtime_tests::flavor::EVERY_FLAVOR;

use crate::harness::{Directory, on_every, pattern};

async fn full() -> File {
    let mut file = File::options()
        .read(true)
        .write(true)
        .open("/dev/full")
        .await
        .unwrap();
    file.write_all(b"lost").await.unwrap();
    file
}

#[test]
fn the_error_of_a_write_is_told_once() {
    on_every(async |_| {
        let mut file = full().await;
        let error = file.flush().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::StorageFull);
        file.flush().await.unwrap();

        let mut file = full().await;
        let error = file.write(b"more").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::StorageFull);
        file.flush().await.unwrap();

        let mut file = full().await;
        let error = file.close().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::StorageFull);
    });
}

#[test]
fn the_error_of_a_write_waits_for_those_who_are_concerned() {
    on_every(async |_| {
        let mut file = full().await;
        file.read_exact(&mut [1; 10]).await.unwrap();
        file.metadata().await.unwrap();
        file.seek(SeekFrom::Start(0)).await.unwrap();
        let error = file.sync_all().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::StorageFull);
        assert_eq!(
            error.raw_os_error(),
            Some(rustix::io::Errno::NOSPC.raw_os_error())
        );
    });
}

/// In a mount namespace of its own, if this process may have one.
#[test]
fn a_disk_that_fills_up_is_told_and_what_fitted_stays() {
    alone::run(|| {
        let directory = Directory::new();
        if let Err(error) = mount_small(&directory) {
            println!("no small disk to be had: {error}");
            return;
        }
        for flavor in EVERY_FLAVOR {
            flavor.build().block_on(fill_up(&directory));
        }
        rustix::mount::unmount(directory.root(), rustix::mount::UnmountFlags::DETACH).unwrap();
    });
}

const SIZE: usize = 256 * 1024;

fn mount_small(directory: &Directory) -> rustix::io::Result<()> {
    use rustix::mount::{MountFlags, MountPropagationFlags, mount, mount_change};
    // SAFETY: the process has no threads yet but libtest's, which use no files.
    unsafe { rustix::thread::unshare_unsafe(rustix::thread::UnshareFlags::NEWNS)? };
    mount_change(
        "/",
        MountPropagationFlags::PRIVATE | MountPropagationFlags::REC,
    )?;
    let options = format!("size={SIZE}");
    let options = std::ffi::CString::new(options).unwrap();
    mount(
        "tmpfs",
        directory.root(),
        "tmpfs",
        MountFlags::empty(),
        &*options,
    )
}

async fn fill_up(directory: &Directory) {
    let path = directory.path("file");
    let whole = fs::write(&path, pattern(2 * SIZE)).await.unwrap_err();
    assert_eq!(whole.kind(), ErrorKind::StorageFull);
    let mut file = File::create(&path).await.unwrap();
    let mut accepted = 0;
    let error = loop {
        match file.write(&pattern(10_000)).await {
            Ok(written) => accepted += written,
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), ErrorKind::StorageFull);
    let there = fs::read(&path).await.unwrap();
    assert!(
        there.len() <= SIZE && accepted > SIZE,
        "{} of {accepted}",
        there.len()
    );
    assert!(
        there
            .chunks(10_000)
            .all(|chunk| chunk == &pattern(10_000)[..chunk.len()])
    );
    fs::remove_file(&path).await.unwrap();
}
