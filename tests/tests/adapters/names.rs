//! Every function of tokio's adapters is there, under its name and with its types.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

macro_rules! calls_everything {
    ($family:ident) => {
        mod $family {
            use super::*;
            use ::$family::io::*;

            type Stream = ::$family::io::DuplexStream;

            fn buffered(stream: Stream) -> Stream {
                let mut reader: BufReader<Stream> = BufReader::new(stream);
                let _: (&Stream, &[u8]) = (reader.get_ref(), reader.buffer());
                let _: &mut Stream = reader.get_mut();
                let _: Pin<&mut Stream> = Pin::new(&mut reader).get_pin_mut();
                let mut writer: BufWriter<Stream> = BufWriter::new(reader.into_inner());
                let _: (&Stream, &[u8]) = (writer.get_ref(), writer.buffer());
                let _: &mut Stream = writer.get_mut();
                let _: Pin<&mut Stream> = Pin::new(&mut writer).get_pin_mut();
                let mut both: BufStream<Stream> = BufStream::new(writer.into_inner());
                let _: &Stream = both.get_ref();
                let _: &mut Stream = both.get_mut();
                let _: Pin<&mut Stream> = Pin::new(&mut both).get_pin_mut();
                let stream = both.into_inner();
                let reader: BufReader<BufWriter<Stream>> =
                    BufReader::with_capacity(1, BufWriter::with_capacity(0, stream));
                BufStream::from(reader).into_inner()
            }

            fn parts(stream: Stream) -> Stream {
                let mut take: Take<Stream> = stream.take(7);
                take.set_limit(take.limit() - 1);
                let _: (&Stream, u64) = (take.get_ref(), take.limit());
                let _: &mut Stream = take.get_mut();
                let _: Pin<&mut Stream> = Pin::new(&mut take).get_pin_mut();
                let mut chain: Chain<Stream, Empty> = take.into_inner().chain(empty());
                let _: (&Stream, &Empty) = chain.get_ref();
                let _: (&mut Stream, &mut Empty) = chain.get_mut();
                let _: (Pin<&mut Stream>, Pin<&mut Empty>) = Pin::new(&mut chain).get_pin_mut();
                let (stream, _): (Stream, Empty) = chain.into_inner();
                stream
            }

            async fn pieces(stream: Stream) -> io::Result<Stream> {
                let cx = &mut Context::from_waker(std::task::Waker::noop());
                let mut lines: Lines<BufReader<Stream>> = BufReader::new(stream).lines();
                let _: Option<String> = lines.next_line().await?;
                let _: Poll<io::Result<Option<String>>> = Pin::new(&mut lines).poll_next_line(cx);
                let _: &BufReader<Stream> = lines.get_ref();
                let _: &mut BufReader<Stream> = lines.get_mut();
                let mut segments: Split<BufReader<Stream>> =
                    AsyncBufReadExt::split(lines.into_inner(), 0);
                let _: Option<Vec<u8>> = segments.next_segment().await?;
                let _: Poll<io::Result<Option<Vec<u8>>>> =
                    Pin::new(&mut segments).poll_next_segment(cx);
                Ok(duplex(1).0)
            }

            fn halves(stream: Stream) -> Stream {
                let (reader, writer): (ReadHalf<Stream>, WriteHalf<Stream>) = split(stream);
                assert!(reader.is_pair_of(&writer) && writer.is_pair_of(&reader));
                let mut join: Join<ReadHalf<Stream>, WriteHalf<Stream>> = join(reader, writer);
                let _: (&ReadHalf<Stream>, &WriteHalf<Stream>) = (join.reader(), join.writer());
                let _: &mut ReadHalf<Stream> = join.reader_mut();
                let _: &mut WriteHalf<Stream> = join.writer_mut();
                let _: Pin<&mut ReadHalf<Stream>> = Pin::new(&mut join).reader_pin_mut();
                let _: Pin<&mut WriteHalf<Stream>> = Pin::new(&mut join).writer_pin_mut();
                let (reader, writer) = join.into_inner();
                reader.unsplit(writer)
            }

            async fn copies(mut stream: Stream) -> io::Result<()> {
                let mut spaces: BufReader<Take<Repeat>> = BufReader::new(repeat(b' ').take(3));
                let mut nowhere: Sink = sink();
                assert_eq!(copy_buf(&mut spaces, &mut stream).await?, 3);
                assert_eq!(copy(&mut spaces, &mut nowhere).await?, 0);
                let reader: &mut (dyn AsyncRead + Send + Unpin) = &mut empty();
                let writer: &mut (dyn AsyncWrite + Send + Unpin) = &mut stream;
                assert_eq!(copy(reader, writer).await?, 0);
                assert_send(copy(&mut empty(), &mut empty()));
                assert_send(copy_buf(&mut empty(), &mut empty()));
                Ok(())
            }

            fn assert_send(_: impl Future<Output = io::Result<u64>> + Send) {}

            #[test]
            fn everything_is_there() -> io::Result<()> {
                futures_lite::future::block_on(async {
                    let (stream, other) = duplex(64);
                    copies(halves(parts(buffered(stream)))).await?;
                    pieces(other).await.map(drop)
                })
            }
        }
    };
}

calls_everything!(runtime);
calls_everything!(tokio);
