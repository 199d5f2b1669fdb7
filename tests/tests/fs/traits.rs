//! The I/O traits of a file.

use std::future::poll_fn;
use std::io::IoSlice;
use std::pin::Pin;

use futures_lite::AsyncWrite;
use runtime::fs::File;
use runtime::io::SeekFrom;
use runtime::io::{
    AsyncBufReadExt, AsyncReadExt, AsyncSeek, AsyncSeekExt, AsyncWriteExt, BufReader,
};

use crate::harness::{Directory, on_every, pattern};

async fn read_write(directory: &Directory, contents: &[u8]) -> File {
    let path = directory.file("file", contents);
    let mut options = File::options();
    options.read(true).write(true).open(path).await.unwrap()
}

#[test]
fn tokio_reads_writes_and_seeks() {
    on_every(async |directory| {
        let mut file = read_write(directory, b"").await;
        file.write_all(&pattern(50_000)).await.unwrap();
        assert_eq!(file.stream_position().await.unwrap(), 50_000);
        assert_eq!(file.seek(SeekFrom::Current(-49_990)).await.unwrap(), 10);
        let mut bytes = [0; 10];
        file.read_exact(&mut bytes).await.unwrap();
        assert_eq!(bytes, pattern(50_000)[10..20]);
        assert_eq!(file.stream_position().await.unwrap(), 20);
        assert_eq!(file.seek(SeekFrom::End(-5)).await.unwrap(), 49_995);
        let mut rest = Vec::new();
        file.read_to_end(&mut rest).await.unwrap();
        assert_eq!(rest, pattern(50_000)[49_995..]);
        file.shutdown().await.unwrap();
    });
}

#[test]
fn tokio_reads_lines_and_copies() {
    on_every(async |directory| {
        let file = read_write(directory, b"one\ntwo\n").await;
        let mut lines = BufReader::new(file).lines();
        assert_eq!(lines.next_line().await.unwrap().unwrap(), "one");
        assert_eq!(lines.next_line().await.unwrap().unwrap(), "two");
        assert!(lines.next_line().await.unwrap().is_none());
        let mut from = read_write(directory, &pattern(100_000)).await;
        let mut to = File::create(directory.path("to")).await.unwrap();
        assert_eq!(
            runtime::io::copy(&mut from, &mut to).await.unwrap(),
            100_000
        );
        to.flush().await.unwrap();
        assert_eq!(
            std::fs::read(directory.path("to")).unwrap(),
            pattern(100_000)
        );
    });
}

#[test]
fn a_seek_does_not_start_while_something_is_under_way() {
    on_every(async |directory| {
        let mut file = File::from_std(std::fs::File::create(directory.path("file")).unwrap());
        file.write_all(b"under way").await.unwrap();
        let refused = Pin::new(&mut file).start_seek(SeekFrom::Start(0));
        let message = refused.unwrap_err().to_string();
        assert!(message.contains("poll_complete"), "{message}");
    });
}

#[test]
fn a_vectored_write_empties_all_slices() {
    on_every(async |directory| {
        let mut file = read_write(directory, b"").await;
        let slices = [
            IoSlice::new(b"ab"),
            IoSlice::new(b""),
            IoSlice::new(b"cdef"),
        ];
        let write = poll_fn(|cx| AsyncWrite::poll_write_vectored(Pin::new(&mut file), cx, &slices));
        assert_eq!(write.await.unwrap(), 6);
        file.rewind().await.unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).await.unwrap();
        assert_eq!(text, "abcdef");
    });
}
