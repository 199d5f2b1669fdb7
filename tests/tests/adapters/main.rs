//! The adapters make the same calls as tokio's and give the same answers, whatever the stream does.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod bounds;
mod halves;
mod moody;
mod names;

use std::io::{self, IoSlice, SeekFrom};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use moody::{Moody, Random};

const SEEDS: u64 = 1_000;
const OPERATIONS: usize = 60;

/// An answer, with no more of an error than its kind.
fn told<T: std::fmt::Debug>(answer: Poll<io::Result<T>>) -> String {
    format!("{:?} ", answer.map_err(|error| error.kind()))
}

/// What a test does with adapters of a family, in a module for each.
macro_rules! family {
    ($family:ident) => {
        pub(super) mod $family {
            use super::*;
            use ::$family::io::{
                AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncSeek, AsyncWrite,
                BufReader, BufStream, BufWriter, ReadBuf, split,
            };

            #[derive(Debug)]
            struct Stream(Moody);

            fn stream(seed: u64) -> Stream {
                Stream(Moody::new(seed))
            }

            impl AsyncRead for Stream {
                fn poll_read(
                    mut self: Pin<&mut Self>,
                    _: &mut Context<'_>,
                    buf: &mut ReadBuf<'_>,
                ) -> Poll<io::Result<()>> {
                    let read = self.0.read(buf.remaining());
                    read.map_ok(|bytes| buf.put_slice(&bytes))
                }
            }

            impl AsyncWrite for Stream {
                fn poll_write(
                    mut self: Pin<&mut Self>,
                    _: &mut Context<'_>,
                    buf: &[u8],
                ) -> Poll<io::Result<usize>> {
                    self.0.write(buf)
                }

                fn poll_write_vectored(
                    mut self: Pin<&mut Self>,
                    _: &mut Context<'_>,
                    bufs: &[IoSlice<'_>],
                ) -> Poll<io::Result<usize>> {
                    let pieces: Vec<&[u8]> = bufs.iter().map(|buf| &**buf).collect();
                    self.0.write(&pieces.concat())
                }

                fn is_write_vectored(&self) -> bool {
                    self.0.is_write_vectored()
                }

                fn poll_flush(
                    mut self: Pin<&mut Self>,
                    _: &mut Context<'_>,
                ) -> Poll<io::Result<()>> {
                    self.0.flush()
                }

                fn poll_shutdown(
                    mut self: Pin<&mut Self>,
                    _: &mut Context<'_>,
                ) -> Poll<io::Result<()>> {
                    self.0.flush()
                }
            }

            impl AsyncSeek for Stream {
                fn start_seek(mut self: Pin<&mut Self>, position: SeekFrom) -> io::Result<()> {
                    self.0.start_seek(position)
                }

                fn poll_complete(
                    mut self: Pin<&mut Self>,
                    _: &mut Context<'_>,
                ) -> Poll<io::Result<u64>> {
                    self.0.sought()
                }
            }

            fn read(reader: impl AsyncRead, cx: &mut Context<'_>, random: &mut Random) -> String {
                let mut memory = [0; 12];
                let mut buf = ReadBuf::new(&mut memory[..random.below(12) as usize]);
                let answer = std::pin::pin!(reader).poll_read(cx, &mut buf);
                format!("{} {:?}", told(answer), buf.filled())
            }

            fn look(
                mut reader: impl AsyncBufRead + Unpin,
                cx: &mut Context<'_>,
                random: &mut Random,
            ) -> String {
                let answer = told(Pin::new(&mut reader).poll_fill_buf(cx));
                if let Poll::Ready(Ok(filled)) = Pin::new(&mut reader).poll_fill_buf(cx) {
                    let amt = random.below(filled.len() as u64 + 1);
                    Pin::new(&mut reader).consume(amt as usize);
                }
                answer
            }

            fn write(writer: impl AsyncWrite, cx: &mut Context<'_>, random: &mut Random) -> String {
                let writer = std::pin::pin!(writer);
                let pieces: [_; 4] = std::array::from_fn(|at| {
                    vec![b'a' + at as u8; (random.below(3) * random.below(5)) as usize]
                });
                match random.below(4) {
                    0 => told(writer.poll_flush(cx)),
                    1 => told(writer.poll_shutdown(cx)),
                    2 => told(writer.poll_write(cx, &pieces.concat())),
                    _ => {
                        let bufs = pieces.each_ref().map(|piece| IoSlice::new(piece));
                        told(writer.poll_write_vectored(cx, &bufs))
                    }
                }
            }

            fn seek(
                mut stream: impl AsyncSeek + Unpin,
                cx: &mut Context<'_>,
                random: &mut Random,
            ) -> String {
                let offset = match random.below(20) {
                    0 => i64::MIN,
                    _ => random.below(40) as i64 - 10,
                };
                let position = match random.below(3) {
                    0 => SeekFrom::Start(random.below(400)),
                    1 => SeekFrom::End(-offset.max(-100)),
                    _ => SeekFrom::Current(offset),
                };
                let mut answers = format!("{:?}", Pin::new(&mut stream).start_seek(position));
                loop {
                    let answer = Pin::new(&mut stream).poll_complete(cx);
                    let is_last = answer.is_ready();
                    answers += &told(answer);
                    if is_last {
                        return answers;
                    }
                }
            }

            /// Does things by chance, and returns the answers.
            fn operate(
                seed: u64,
                mut operation: impl FnMut(&mut Context<'_>, &mut Random) -> String,
            ) -> Vec<String> {
                let cx = &mut Context::from_waker(Waker::noop());
                let mut random = Random::new(!seed >> 1);
                (0..OPERATIONS)
                    .map(|_| operation(cx, &mut random))
                    .collect()
            }

            pub(crate) fn buf_stream(seed: u64) -> Vec<String> {
                let capacity = 1 + seed as usize % 9;
                let mut stream = BufStream::with_capacity(capacity, 9 - capacity, stream(seed));
                let mut answers = operate(seed, |cx, random| match random.below(4) {
                    0 => read(&mut stream, cx, random),
                    1 => look(&mut stream, cx, random),
                    2 => write(&mut stream, cx, random),
                    _ => seek(&mut stream, cx, random),
                });
                answers.append(&mut stream.get_mut().0.calls);
                answers
            }

            pub(crate) fn inside_out(seed: u64) -> Vec<String> {
                let capacity = 1 + seed as usize % 9;
                let reader = BufReader::with_capacity(capacity, stream(seed));
                let mut stream = BufWriter::with_capacity(9 - capacity, reader);
                let mut answers = operate(seed, |cx, random| match random.below(4) {
                    0 => read(&mut stream, cx, random),
                    1 => look(&mut stream, cx, random),
                    2 => write(&mut stream, cx, random),
                    _ => seek(&mut stream, cx, random),
                });
                let mut stream = BufStream::from(stream);
                answers.extend(operate(seed, |cx, random| match random.below(2) {
                    0 => read(&mut stream, cx, random),
                    _ => write(&mut stream, cx, random),
                }));
                answers.append(&mut stream.get_mut().0.calls);
                answers
            }

            pub(crate) fn chain_and_take(seed: u64) -> Vec<String> {
                let first = BufReader::with_capacity(5, stream(seed)).take(seed % 50);
                let second = BufReader::with_capacity(5, stream(seed + 1));
                let mut chain = first.chain(second).take(100);
                let answers = operate(seed, |cx, random| match random.below(9) {
                    0 => {
                        chain.set_limit(random.below(20));
                        String::new()
                    }
                    1..5 => read(&mut chain, cx, random),
                    _ => look(&mut chain, cx, random),
                });
                let limits = [chain.limit(), chain.get_ref().get_ref().0.limit()];
                answers
                    .into_iter()
                    .chain(limits.map(|limit| limit.to_string()))
                    .collect()
            }

            pub(crate) fn lines_and_segments(seed: u64) -> Vec<String> {
                let mut lines = BufReader::with_capacity(7, stream(seed)).lines();
                let mut segments =
                    AsyncBufReadExt::split(BufReader::with_capacity(7, stream(seed)), b'o');
                operate(seed, |cx, random| match random.below(2) {
                    0 => told(Pin::new(&mut lines).poll_next_line(cx)),
                    _ => told(Pin::new(&mut segments).poll_next_segment(cx)),
                })
            }

            pub(crate) fn halves(seed: u64) -> Vec<String> {
                let (mut reader, mut writer) = split(stream(seed));
                let mut answers = operate(seed, |cx, random| match random.below(2) {
                    0 => read(&mut reader, cx, random),
                    _ => write(&mut writer, cx, random),
                });
                answers.push(writer.is_write_vectored().to_string());
                answers.append(&mut reader.unsplit(writer).0.calls);
                answers
            }
        }
    };
}

mod families {
    use super::*;

    family!(runtime);
    family!(tokio);
}

fn compare(ours: fn(u64) -> Vec<String>, theirs: fn(u64) -> Vec<String>) {
    for seed in 0..SEEDS {
        let (ours, theirs) = (ours(seed), theirs(seed));
        let same = ours.iter().zip(&theirs).take_while(|(a, b)| a == b).count();
        // What came before the difference, to see how it came.
        let around = same.saturating_sub(8)..;
        assert_eq!(ours[around.clone()], theirs[around], "with seed {seed}");
    }
}

#[test]
fn buffered_streams_do_what_those_of_tokio_do() {
    compare(families::runtime::buf_stream, families::tokio::buf_stream);
}

#[test]
fn buffered_streams_put_together_the_other_way_do_what_those_of_tokio_do() {
    compare(families::runtime::inside_out, families::tokio::inside_out);
}

#[test]
fn parts_of_readers_do_what_those_of_tokio_do() {
    compare(
        families::runtime::chain_and_take,
        families::tokio::chain_and_take,
    );
}

#[test]
fn lines_and_segments_do_what_those_of_tokio_do() {
    compare(
        families::runtime::lines_and_segments,
        families::tokio::lines_and_segments,
    );
}

#[test]
fn halves_do_what_those_of_tokio_do() {
    compare(families::runtime::halves, families::tokio::halves);
}
