//! Signatures that are tokio's: each is written once and compiled against both.

macro_rules! signatures_of {
    ($library:ident) => {
        mod $library {
            use std::io::Result;
            use std::net::SocketAddr;
            use std::os::fd::RawFd;
            use std::panic::{RefUnwindSafe, UnwindSafe};
            use std::task::{Context, Poll};

            use $library::io::unix::{AsyncFd, AsyncFdRegisterError};
            use $library::io::{Interest, ReadBuf};
            use $library::net::{TcpStream, UdpSocket, UnixDatagram, tcp, unix};
            use $library::runtime::{EnterGuard, RuntimeMetrics};
            use $library::task::{Unconstrained, unconstrained};

            type Fills<S, A> = fn(&S, &mut Context<'_>, &mut ReadBuf<'_>) -> Poll<Result<A>>;
            type Peeks<S> = fn(&mut S, &mut Context<'_>, &mut ReadBuf<'_>) -> Poll<Result<usize>>;
            type Registered = std::result::Result<AsyncFd<RawFd>, AsyncFdRegisterError<RawFd>>;

            #[test]
            fn polls_of_sockets_fill_a_read_buf() {
                let _: Fills<UdpSocket, ()> = UdpSocket::poll_recv;
                let _: Fills<UdpSocket, SocketAddr> = UdpSocket::poll_recv_from;
                let _: Fills<UdpSocket, ()> = UdpSocket::poll_peek;
                let _: Fills<UdpSocket, SocketAddr> = UdpSocket::poll_peek_from;
                let _: fn(&UdpSocket, &mut Context<'_>) -> Poll<Result<SocketAddr>> =
                    UdpSocket::poll_peek_sender;
                let _: Fills<UnixDatagram, ()> = UnixDatagram::poll_recv;
                let _: Fills<UnixDatagram, unix::SocketAddr> = UnixDatagram::poll_recv_from;
                let _: Fills<TcpStream, usize> = TcpStream::poll_peek;
                let _: Peeks<tcp::OwnedReadHalf> = tcp::OwnedReadHalf::poll_peek;
                let _: Peeks<tcp::ReadHalf<'_>> = tcp::ReadHalf::poll_peek;
            }

            #[test]
            #[allow(deprecated, reason = "tokio prefers `register`")]
            fn a_number_alone_can_be_registered() {
                let _: fn(RawFd) -> Result<AsyncFd<RawFd>> = AsyncFd::new;
                let _: fn(RawFd, Interest) -> Result<AsyncFd<RawFd>> = AsyncFd::with_interest;
                let _: fn(RawFd) -> Registered = AsyncFd::try_new;
                let _: fn(RawFd, Interest) -> Registered = AsyncFd::try_with_interest;
                let _: unsafe fn(RawFd) -> Registered = AsyncFd::register;
                let _: unsafe fn(RawFd, Interest) -> Registered = AsyncFd::register_with_interest;
            }

            #[test]
            fn types_have_the_same_traits_and_bounds() {
                fn is_shared<T: Sync>() {}
                fn is_unwind_safe<T: UnwindSafe + RefUnwindSafe>() {}
                is_shared::<EnterGuard<'static>>();
                is_unwind_safe::<RuntimeMetrics>();
                let _: Unconstrained<u8> = unconstrained(1); // which is no future
            }
        }
    };
}

signatures_of!(runtime);
signatures_of!(tokio);
