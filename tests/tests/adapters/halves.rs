//! The halves of a split stream in two tasks.

use runtime::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex, split};
use runtime_tests::flavor::on_every_flavor;

const BYTES: usize = 40_000;

/// Writes to one half and reads from the other at the same time, and returns what was read.
async fn exchange(stream: DuplexStream) -> Vec<u8> {
    let (mut reader, mut writer) = split(stream);
    let sent = runtime::spawn(async move {
        for piece in bytes().chunks(7) {
            writer.write_all(piece).await?;
        }
        writer.shutdown().await
    });
    let mut received = Vec::new();
    reader.read_to_end(&mut received).await.unwrap();
    sent.await.unwrap().unwrap();
    received
}

fn bytes() -> Vec<u8> {
    (0..BYTES).map(|at| (at % 251) as u8).collect()
}

#[test]
fn bytes_go_both_ways_at_once_and_no_wake_is_lost() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let (near, far) = duplex(64);
            let [near, far] = [near, far].map(|end| runtime::spawn(exchange(end)));
            assert!(near.await.unwrap() == bytes());
            assert!(far.await.unwrap() == bytes());
        });
    });
}
