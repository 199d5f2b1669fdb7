//! Reads and writes that are dropped at any moment.

use std::cell::RefCell;

use futures_lite::future::{block_on, poll_once};
use runtime::io::{AsyncReadExt, AsyncWriteExt, duplex};
use runtime_tests::cancel::in_every_order;

#[test]
fn a_dropped_read_has_taken_nothing() {
    in_every_order(|order| {
        let (mut near, far) = duplex(2);
        let far = RefCell::new(far);
        let say = |word: &'static [u8]| {
            let written = block_on(poll_once(far.borrow_mut().write(word)));
            assert_eq!(written.unwrap().unwrap(), 1);
        };
        let mut buf = [0; 8];
        let ended = order.run(
            near.read(&mut buf),
            async {},
            &[&|| say(b"a"), &|| say(b"b")],
        );
        let taken = ended.victim.map_or(0, |read| read.unwrap());
        let mut all = buf[..taken].to_vec();
        drop(far);
        block_on(near.read_to_end(&mut all)).unwrap();
        assert_eq!(all, b"ab");
    });
}

#[test]
fn a_dropped_write_has_moved_nothing() {
    in_every_order(|order| {
        let (mut near, mut far) = duplex(2);
        block_on(near.write_all(b"ab")).unwrap();
        let received = RefCell::new(Vec::new());
        let ended = {
            let far = RefCell::new(&mut far);
            let listen = || {
                let mut byte = [0];
                let read = block_on(poll_once(far.borrow_mut().read(&mut byte)));
                assert_eq!(read.unwrap().unwrap(), 1);
                received.borrow_mut().extend(byte);
            };
            order.run(near.write(b"cd"), async {}, &[&listen, &listen])
        };
        let moved = ended.victim.map_or(0, |written| written.unwrap());
        drop(near);
        let mut received = received.into_inner();
        block_on(far.read_to_end(&mut received)).unwrap();
        assert_eq!(received, [b"ab", &b"cd"[..moved]].concat());
    });
}
