//! Every public name of `tokio::io` is one of `runtime::io`.

macro_rules! names {
    ($($module:ident)::+) => {
        #[allow(unused_imports, reason = "it is enough that they are there")]
        use $($module)::+::{
            AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncSeek, AsyncSeekExt,
            AsyncWrite, AsyncWriteExt, BufReader, BufStream, BufWriter, Chain, DuplexStream, Empty,
            Error, ErrorKind, Interest, Join, Lines, ReadBuf, ReadHalf, Ready, Repeat, Result,
            SeekFrom, SimplexStream, Sink, Split, Stderr, Stdin, Stdout, Take, WriteHalf, copy,
            copy_bidirectional, copy_bidirectional_with_sizes, copy_buf, duplex, empty, join,
            repeat, simplex, sink, split, stderr, stdin, stdout,
            unix::{
                AsyncFd, AsyncFdReadyGuard, AsyncFdReadyMutGuard, AsyncFdRegisterError, TryIoError,
            },
        };
    };
}

mod tokios {
    names!(tokio::io);
}

mod ours {
    names!(runtime::io);
}

#[test]
fn the_standard_streams_are_of_every_family() {
    fn reads<T>(_: T)
    where
        T: runtime::io::AsyncRead
            + tokio::io::AsyncRead
            + futures_lite::AsyncRead
            + hyper::rt::Read,
    {
    }
    fn writes<T>(_: T)
    where
        T: runtime::io::AsyncWrite
            + tokio::io::AsyncWrite
            + futures_lite::AsyncWrite
            + hyper::rt::Write,
    {
    }
    reads(runtime::io::stdin());
    writes(runtime::io::stdout());
    writes(runtime::io::stderr());
}

#[test]
fn they_are_the_descriptors_0_1_and_2() {
    use std::os::fd::{AsFd, AsRawFd};
    let (stdin, stdout, stderr) = (
        runtime::io::stdin(),
        runtime::io::stdout(),
        runtime::io::stderr(),
    );
    let raw = [stdin.as_raw_fd(), stdout.as_raw_fd(), stderr.as_raw_fd()];
    assert_eq!(raw, [0, 1, 2]);
    let fds = [stdin.as_fd(), stdout.as_fd(), stderr.as_fd()];
    assert_eq!(fds.map(|fd| fd.as_raw_fd()), raw);
}
