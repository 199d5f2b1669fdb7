//! The halves of a stream.

use std::io::{ErrorKind, IoSlice, IoSliceMut, Read};

use futures_lite::future;
use futures_lite::io::{AsyncReadExt, AsyncWriteExt};
use runtime::io::Interest;

use crate::harness::{on_both, pair};

const LOTS: usize = 4 * 1024 * 1024;

#[test]
fn borrowed_halves_work_at_the_same_time_in_one_task() {
    on_both(|| async {
        let (mut ours, theirs) = pair().await;
        let echo = runtime::spawn(async move { futures_lite::io::copy(&theirs, &theirs).await });
        let (mut reader, mut writer) = ours.split();
        let send = async {
            writer.write_all(&vec![3; LOTS]).await.unwrap();
            writer.close().await.unwrap();
        };
        let receive = async {
            let mut all = vec![0; LOTS];
            reader.read_exact(&mut all).await.unwrap();
            all
        };
        let ((), all) = future::zip(send, receive).await;
        assert!(all.iter().all(|byte| *byte == 3));
        assert_eq!(echo.await.unwrap().unwrap(), LOTS as u64);
    });
}

#[test]
fn owned_halves_work_in_different_tasks() {
    on_both(|| async {
        let (ours, theirs) = pair().await;
        drop(runtime::spawn(async move {
            futures_lite::io::copy(&theirs, &theirs).await
        }));
        let (mut reader, mut writer) = ours.into_split();
        let sender = runtime::spawn(async move {
            writer.write_all(&vec![5; LOTS]).await.unwrap();
            writer
        });
        let receiver = runtime::spawn(async move {
            let mut all = vec![0; LOTS];
            reader.read_exact(&mut all).await.unwrap();
            assert!(all.iter().all(|byte| *byte == 5));
            reader
        });
        let writer = sender.await.unwrap();
        let reader = receiver.await.unwrap();
        reader.reunite(writer).unwrap();
    });
}

#[test]
fn dropping_the_owned_writer_ends_the_stream_for_the_peer() {
    on_both(|| async {
        let (ours, mut theirs) = pair().await;
        let (mut reader, writer) = ours.into_split();
        drop(writer);
        assert_eq!(theirs.read(&mut [0]).await.unwrap(), 0);
        theirs.write_all(b"still here").await.unwrap();
        let mut buf = [0; 10];
        reader.read_exact(&mut buf).await.unwrap();
        assert_eq!(&buf, b"still here");
    });
}

#[test]
fn forgetting_or_reuniting_the_owned_writer_leaves_the_stream_open() {
    on_both(|| async {
        let (ours, mut theirs) = pair().await;
        let (reader, writer) = ours.into_split();
        let ours = writer.reunite(reader).unwrap();
        let (mut reader, writer) = ours.into_split();
        writer.forget();
        theirs.write_all(b"?").await.unwrap();
        reader.read_exact(&mut [0]).await.unwrap();
        // Had the writing side been closed, the peer would read the end of the stream here.
        let error = theirs.into_std().unwrap().read(&mut [0]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WouldBlock);
    });
}

#[test]
fn closing_the_owned_writer_ends_the_stream_once() {
    on_both(|| async {
        let (ours, mut theirs) = pair().await;
        let (reader, mut writer) = ours.into_split();
        writer.close().await.unwrap();
        assert_eq!(theirs.read(&mut [0]).await.unwrap(), 0);
        writer.close().await.unwrap();
        drop((reader, writer));
    });
}

#[test]
fn halves_of_different_streams_do_not_reunite() {
    on_both(|| async {
        let (ours, theirs) = pair().await;
        let (our_reader, our_writer) = ours.into_split();
        let (their_reader, their_writer) = theirs.into_split();
        let error = our_reader.reunite(their_writer).unwrap_err();
        assert!(error.to_string().contains("not of one stream"));
        // The halves come back and are whole.
        our_writer.reunite(error.0).unwrap();
        error.1.reunite(their_reader).unwrap();
    });
}

#[test]
fn halves_have_the_methods_of_their_direction() {
    on_both(|| async {
        let (mut ours, theirs) = pair().await;
        let addresses = (ours.local_addr().unwrap(), ours.peer_addr().unwrap());
        let (mut reader, writer) = ours.split();
        let (mut their_reader, their_writer) = theirs.into_split();
        assert_eq!(
            (writer.local_addr().unwrap(), writer.peer_addr().unwrap()),
            addresses
        );
        assert_eq!(
            (reader.local_addr().unwrap(), reader.peer_addr().unwrap()),
            addresses
        );
        let error = reader.try_read(&mut [0]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WouldBlock);

        their_writer.writable().await.unwrap();
        their_writer.try_write(b"ab").unwrap();
        writer.ready(Interest::WRITABLE).await.unwrap();
        writer.try_write_vectored(&[IoSlice::new(b"cd")]).unwrap();

        let mut buf = [0; 2];
        reader.readable().await.unwrap();
        assert_eq!(reader.peek(&mut buf).await.unwrap(), 2);
        assert_eq!(
            reader
                .try_read_vectored(&mut [IoSliceMut::new(&mut buf)])
                .unwrap(),
            2
        );
        assert_eq!(&buf, b"ab");
        assert_eq!(their_reader.peek(&mut buf).await.unwrap(), 2);
        assert_eq!(their_reader.try_read(&mut buf).unwrap(), 2);
        assert_eq!(&buf, b"cd");
    });
}
