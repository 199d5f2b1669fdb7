//! Operations behind a pool that stands still, dropped in each state that they can be in.

use std::future::{Future, poll_fn};
use std::io::SeekFrom;
use std::pin::pin;
use std::task::Poll;

use futures_lite::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};
use runtime::fs::File;
use runtime_tests::cancel::in_every_order;
use std::cell::Cell;

use crate::harness::{Directory, StuckPool, pattern};

/// The pool, which one event lets go; afterwards each poll waits for it, so that the order decides all.
struct Stage {
    pool: StuckPool,
    open: Cell<bool>,
}

impl Stage {
    fn new() -> Stage {
        Stage {
            pool: StuckPool::new(),
            open: Cell::new(false),
        }
    }

    fn open(&self) {
        self.pool.release();
        self.open.set(true);
    }

    async fn act<F: Future>(&self, future: F) -> F::Output {
        let mut future = pin!(future);
        poll_fn(|cx| {
            let _context = self.pool.runtime.enter();
            loop {
                let poll = future.as_mut().poll(cx);
                if poll.is_ready() || !self.open.get() {
                    return poll;
                }
                self.pool.until_idle();
            }
        })
        .await
    }
}

#[test]
fn the_bytes_of_a_dropped_read_come_with_the_next() {
    let directory = Directory::new();
    let path = directory.file("file", "abcdef");
    in_every_order(|order| {
        let stage = Stage::new();
        let mut file = File::from_std(std::fs::File::open(&path).unwrap());
        let mut first = [0; 3];
        let ended = order.run(
            stage.act(file.read(&mut first)),
            async {},
            &[&|| stage.open()],
        );
        let mut rest = String::new();
        stage
            .pool
            .runtime
            .block_on(file.read_to_string(&mut rest))
            .unwrap();
        match ended.victim {
            Some(read) => assert_eq!((read.unwrap(), &first, &*rest), (3, b"abc", "def")),
            None => assert_eq!(rest, "abcdef"),
        }
    });
}

#[test]
fn a_write_after_a_dropped_read_goes_to_the_position() {
    let directory = Directory::new();
    in_every_order(|order| {
        let stage = Stage::new();
        let path = directory.file("file", "abcdef");
        let mut options = std::fs::File::options();
        let mut file = File::from_std(options.read(true).write(true).open(&path).unwrap());
        let mut first = [0; 3];
        let ended = order.run(
            stage.act(file.read(&mut first)),
            async {},
            &[&|| stage.open()],
        );
        stage.pool.runtime.block_on(async {
            file.write_all(b"-").await.unwrap();
            file.flush().await.unwrap();
        });
        let expected = match ended.victim {
            Some(_) => "abc-ef",
            None => "-bcdef",
        };
        assert_eq!(std::fs::read_to_string(&path).unwrap(), expected);
    });
}

#[test]
fn what_was_accepted_is_written_and_nothing_else() {
    let directory = Directory::new();
    in_every_order(|order| {
        let stage = Stage::new();
        let path = directory.path("file");
        let mut file = File::from_std(std::fs::File::create(&path).unwrap());
        let accepted = Cell::new(0);
        let writes = async {
            for _ in 0..3 {
                accepted.set(accepted.get() + file.write(b"xyz").await.unwrap());
            }
        };
        order.run(stage.act(writes), async {}, &[&|| stage.open()]);
        stage.pool.runtime.block_on(file.flush()).unwrap();
        let expected = b"xyzxyzxyz"[..accepted.get()].to_vec();
        assert_eq!(std::fs::read(&path).unwrap(), expected);
    });
}

#[test]
fn a_dropped_seek_has_happened_or_not() {
    let directory = Directory::new();
    let path = directory.file("file", pattern(100));
    for to in [
        SeekFrom::Start(40),
        SeekFrom::Current(40),
        SeekFrom::End(-60),
    ] {
        in_every_order(|order| {
            let stage = Stage::new();
            let mut file = File::from_std(std::fs::File::open(&path).unwrap());
            let ended = order.run(stage.act(file.seek(to)), async {}, &[&|| stage.open()]);
            let position = stage.pool.runtime.block_on(file.seek(SeekFrom::Current(0)));
            match ended.victim {
                Some(position) => assert_eq!(position.unwrap(), 40),
                None => assert!([0, 40].contains(&position.unwrap())),
            }
        });
    }
}

#[test]
fn a_dropped_call_leaves_the_file_to_its_owner() {
    let directory = Directory::new();
    let path = directory.file("file", pattern(100));
    in_every_order(|order| {
        let stage = Stage::new();
        let file = File::from_std(std::fs::File::open(&path).unwrap());
        order.run(stage.act(file.metadata()), async {}, &[&|| stage.open()]);
        let back = poll_fn(|_| Poll::Ready(()));
        stage.pool.runtime.block_on(back);
        drop(stage.pool.runtime.block_on(file.into_std()));
    });
}
