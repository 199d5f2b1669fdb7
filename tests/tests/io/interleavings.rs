//! Random steps at both ends of a `duplex`, against a model of it.

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use runtime::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf, duplex};
use runtime_tests::count::Counter;

/// xorshift64*.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % bound
    }
}

/// One direction as it should be.
#[derive(Default)]
struct Model {
    bytes: VecDeque<u8>,
    closed: bool,
    reader_waits: bool,
    writer_waits: bool,
}

/// One end: the stream, and who is woken for it.
struct End {
    stream: DuplexStream,
    reader: Counter,
    writer: Counter,
}

impl End {
    fn new(stream: DuplexStream) -> End {
        End {
            stream,
            reader: Counter::new(),
            writer: Counter::new(),
        }
    }

    fn read(&mut self, buf: &mut [u8]) -> Poll<std::io::Result<usize>> {
        let waker = Waker::from(Arc::new(self.reader.clone()));
        let mut buf = ReadBuf::new(buf);
        let cx = &mut Context::from_waker(&waker);
        let read = Pin::new(&mut self.stream).poll_read(cx, &mut buf);
        read.map_ok(|()| buf.filled().len())
    }

    fn write(&mut self, buf: &[u8]) -> Poll<std::io::Result<usize>> {
        let waker = Waker::from(Arc::new(self.writer.clone()));
        Pin::new(&mut self.stream).poll_write(&mut Context::from_waker(&waker), buf)
    }

    fn close(&mut self) {
        let cx = &mut Context::from_waker(Waker::noop());
        assert!(Pin::new(&mut self.stream).poll_shutdown(cx).is_ready());
    }
}

/// Plays `steps` random steps; `model[n]` is what end `n` writes and the other reads.
fn play(seed: u64, steps: usize) {
    let mut random = Random(seed);
    let limit = 1 + random.below(9);
    let (near, far) = duplex(limit);
    let mut ends = [End::new(near), End::new(far)];
    let mut models = [Model::default(), Model::default()];
    let mut next = 0_u8;
    for _ in 0..steps {
        let me = random.below(2);
        let (reader_woken, writer_woken) = (ends[1 - me].reader.get(), ends[1 - me].writer.get());
        match random.below(40) {
            0..20 => {
                let model = &mut models[1 - me];
                let mut buf = vec![0; 1 + random.below(6)];
                let expected = buf.len().min(model.bytes.len());
                match ends[me].read(&mut buf) {
                    Poll::Pending => {
                        assert!(expected == 0 && !model.closed);
                        model.reader_waits = true;
                    }
                    Poll::Ready(read) => {
                        assert_eq!(read.unwrap(), expected);
                        assert!(expected > 0 || model.closed);
                        assert!(
                            model
                                .bytes
                                .drain(..expected)
                                .eq(buf[..expected].iter().copied())
                        );
                        let woken = std::mem::take(&mut model.writer_waits);
                        assert_eq!(ends[1 - me].writer.get() - writer_woken, usize::from(woken));
                    }
                }
            }
            20..39 => {
                let model = &mut models[me];
                let mut buf = vec![0; 1 + random.below(6)];
                buf.iter_mut().for_each(|byte| {
                    next = next.wrapping_add(1);
                    *byte = next;
                });
                let expected = buf.len().min(limit - model.bytes.len());
                match ends[me].write(&buf) {
                    Poll::Pending => {
                        assert!(expected == 0 && !model.closed);
                        model.writer_waits = true;
                    }
                    Poll::Ready(Err(error)) => {
                        assert!(model.closed && error.kind() == ErrorKind::BrokenPipe);
                    }
                    Poll::Ready(Ok(written)) => {
                        assert!(!model.closed && written == expected && written > 0);
                        model.bytes.extend(&buf[..written]);
                        let woken = std::mem::take(&mut model.reader_waits);
                        assert_eq!(ends[1 - me].reader.get() - reader_woken, usize::from(woken));
                    }
                }
            }
            _ if random.below(3) == 0 => {
                ends[me].close();
                models[me].closed = true;
                let woken = std::mem::take(&mut models[me].reader_waits);
                models[me].writer_waits = false;
                assert_eq!(ends[1 - me].reader.get() - reader_woken, usize::from(woken));
            }
            _ => {}
        }
    }
}

#[test]
fn any_order_of_steps_does_what_the_model_does() {
    for seed in 1..=2_000 {
        let outcome = std::panic::catch_unwind(|| play(seed * 0x9E37_79B9, 200));
        assert!(outcome.is_ok(), "it fails with seed {seed}");
    }
}
