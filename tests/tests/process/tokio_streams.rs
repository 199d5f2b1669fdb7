//! The standard streams of children, by the traits of `tokio::io`.

use futures_lite::future::zip;
use runtime::io::{AsyncReadExt, AsyncWriteExt};
use runtime_tests::flavor::on_every_flavor;

use crate::children::cat;
use crate::streams::megabyte;

#[test]
fn a_megabyte_goes_through_a_child_and_back() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let mut child = cat();
            let (mut stdin, mut stdout) =
                (child.stdin.take().unwrap(), child.stdout.take().unwrap());
            let (sent, mut received) = (megabyte(), Vec::new());
            let writing = async {
                stdin.write_all(&sent).await.unwrap();
                stdin.shutdown().await.unwrap();
                drop(stdin);
            };
            zip(writing, async {
                stdout.read_to_end(&mut received).await.unwrap()
            })
            .await;
            assert!(received == sent);
        });
    });
}
