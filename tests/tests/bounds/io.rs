//! Streams in memory, the standard streams, and copying.

use runtime::io::{
    DuplexStream, SimplexStream, Stderr, Stdin, Stdout, copy_bidirectional,
    copy_bidirectional_with_sizes, duplex,
};

use super::{IsNotUnpin as _, IsSend as _, IsSync as _, of};

table! {
    DuplexStream:  1 1 1 1 1;
    SimplexStream: 1 1 1 1 1;
    Stdin:         1 1 1 1 1;
    Stdout:        1 1 1 1 1;
    Stderr:        1 1 1 1 1;
}

#[test]
fn copying_can_be_sent() {
    let ((mut a, _far), (mut b, _further)) = (duplex(1), duplex(1));
    futures! {
        copy_bidirectional(&mut a, &mut b) => 1 1 0;
        copy_bidirectional_with_sizes(&mut a, &mut b, 1, 1) => 1 1 0;
    }
}
