//! What sockets that send and receive datagrams have in common.
//!
//! The message boundaries matter: each operation moves one datagram, a short one says nothing of
//! the next, and an empty one is a message as any other. So nothing here goes through the
//! transfers of byte streams.

use std::io;
use std::os::fd::AsFd;

use io_driver::Source;
use socket2::{SockAddr, SockRef};

#[cfg(feature = "bytes")]
use crate::io::fill;
use crate::io::{Evented, ReadBuf, append_uninit};

/// One operation on a socket as three methods: one that waits, its poll, and one that does
/// not wait.
///
/// An example begins with `$setup`, which makes `socket`, calls the method with each `$example`,
/// matches `$pattern` with what it returns, and goes on with `$then`.
///
/// It waits by `$async_io` and `$poll_io` of [`Evented`], and tries if `$interest` is met; `$wait` is
/// the method that waits for the latter. Who receives is woken by an error alone, too: it may be what
/// became of a datagram that was sent. Who asks for readiness is not, as on tokio.
macro_rules! in_three_forms {
    (
        $(#[$docs:meta])+
        $name:ident, $poll:ident, $try:ident: $wait:ident ($interest:ident, $async_io:ident, $poll_io:ident)
        ($($argument:ident: $type:ty),*) -> $answer:ty = |$io:ident| $operation:expr
        ;
        $setup:expr, $pattern:literal = [$($example:literal),*], $then:literal
    ) => {
        crate::net::datagram::in_two_forms! {
            $(#[$docs])+
            $name, $try: $wait ($interest, $async_io)
            ($($argument: $type),*) -> $answer = |$io| $operation;
            $setup, $pattern = [$($example),*], $then
        }

        crate::net::datagram::poll_form! {
            $name, $poll: $poll_io, ""
            ($($argument: $type),*) -> $answer = |$io| $operation;
            $setup,
            concat!("let ", $pattern, " = poll_fn(|cx| socket.", stringify!($poll), "(cx",
                $(", ", $example,)* ")).await?;\n", $then)
        }
    };
}

/// As [`in_three_forms`] for what fills a buffer: the poll appends to a [`ReadBuf`] by `$append`,
/// and answers with what remains to be said.
macro_rules! receiving_in_three_forms {
    (
        $(#[$docs:meta])+
        $name:ident, $poll:ident, $try:ident
        ($buf:ident) -> $answer:ty = |$io:ident| $operation:expr;
        $append:path => $said:ty;
        $setup:expr, $pattern:literal, $then:literal, $poll_pattern:literal, $poll_then:literal
    ) => {
        crate::net::datagram::in_two_forms! {
            $(#[$docs])+
            $name, $try: readable (READABLE, async_receive)
            ($buf: &mut [u8]) -> $answer = |$io| $operation;
            concat!($setup, "\nlet mut buf = [0; 16];"), $pattern = ["&mut buf"], $then
        }

        crate::net::datagram::poll_form! {
            $name, $poll: poll_receive, "It appends to `buf`, whose length tells how much that was."
            ($buf: &mut crate::io::ReadBuf<'_>) -> $said = |$io| $append($io, $buf);
            concat!("use runtime::io::ReadBuf;\n", $setup, "\nlet mut room = [0; 16];\nlet mut buf = ReadBuf::new(&mut room);"),
            concat!($poll_pattern, "poll_fn(|cx| socket.", stringify!($poll), "(cx, &mut buf)).await?;\n",
                "assert_eq!(buf.filled(), b\"hello\");", $poll_then)
        }
    };
}

/// The method that waits and the one that does not, of [`in_three_forms`].
macro_rules! in_two_forms {
    (
        $(#[$docs:meta])+
        $name:ident, $try:ident: $wait:ident ($interest:ident, $async_io:ident)
        ($($argument:ident: $type:ty),*) -> $answer:ty = |$io:ident| $operation:expr
        ;
        $setup:expr, $pattern:literal = [$($example:literal),*], $then:literal
    ) => {
        $(#[$docs])+
        ///
        /// Any number of tasks may wait at once.
        ///
        /// # Errors
        ///
        /// Fails with the system's error, or if the socket's runtime is gone.
        ///
        /// # Cancel safety
        ///
        /// If the future is dropped, nothing has been done.
        ///
        /// # Examples
        ///
        /// ```
        /// # #[runtime::main(flavor = "current_thread")]
        /// # async fn main() -> std::io::Result<()> {
        #[doc = $setup]
        #[doc = concat!(
            "let ", $pattern, " = socket.", stringify!($name), "(", $($example,)* ").await?;"
        )]
        #[doc = $then]
        /// # Ok(())
        /// # }
        /// ```
        pub async fn $name(&self, $($argument: $type),*) -> std::io::Result<$answer> {
            let $io = &self.io;
            let operation = || $operation;
            $io.$async_io(operation).await
        }

        #[doc = concat!("Does what [`", stringify!($name), "`](Self::", stringify!($name), ") does,")]
        /// without waiting.
        ///
        /// # Errors
        ///
        /// Fails with [`WouldBlock`](std::io::ErrorKind::WouldBlock) if it cannot be done now; wait
        #[doc = concat!("for [`", stringify!($wait), "`](Self::", stringify!($wait), ").")]
        /// Fails too with the system's error.
        ///
        /// # Examples
        ///
        /// ```
        /// # #[runtime::main(flavor = "current_thread")]
        /// # async fn main() -> std::io::Result<()> {
        #[doc = $setup]
        #[doc = concat!("socket.", stringify!($wait), "().await?;")]
        #[doc = concat!(
            "let ", $pattern, " = socket.", stringify!($try), "(", $($example,)* ")?;"
        )]
        #[doc = $then]
        /// # Ok(())
        /// # }
        /// ```
        pub fn $try(&self, $($argument: $type),*) -> std::io::Result<$answer> {
            let $io = &self.io;
            let operation = || $operation;
            $io.try_io(crate::io::Interest::$interest, operation)
        }
    };
}

/// The poll of [`in_three_forms`], about which `$note` is to be said. Its example is `$setup` and `$calls`.
macro_rules! poll_form {
    (
        $name:ident, $poll:ident: $poll_io:ident, $note:literal
        ($($argument:ident: $type:ty),*) -> $answer:ty = |$io:ident| $operation:expr
        ;
        $setup:expr, $calls:expr
    ) => {
        #[doc = concat!("Does what [`", stringify!($name), "`](Self::", stringify!($name), ") does,")]
        /// or registers the current task to be woken when that can be tried again.
        #[doc = $note]
        ///
        /// Only the waker of the last call in this direction is woken.
        ///
        /// # Errors
        ///
        /// Fails with the system's error, or if the socket's runtime is gone.
        ///
        /// # Examples
        ///
        /// ```
        /// use std::future::poll_fn;
        ///
        /// # #[runtime::main(flavor = "current_thread")]
        /// # async fn main() -> std::io::Result<()> {
        #[doc = $setup]
        #[doc = $calls]
        /// # Ok(())
        /// # }
        /// ```
        pub fn $poll(
            &self,
            cx: &mut std::task::Context<'_>,
            $($argument: $type),*
        ) -> std::task::Poll<std::io::Result<$answer>> {
            let $io = &self.io;
            let operation = || $operation;
            $io.$poll_io(cx, operation)
        }
    };
}

/// The methods that do not depend on how an address looks.
macro_rules! datagram_methods {
    ($socket:ident) => {
        crate::net::methods::operation_methods!(
            crate::net::examples::receiving_datagram!($socket)
        );

        crate::net::methods::direction_methods! {
            /// Waits until there is a datagram to receive.
            ///
            /// An error alone does not end the wait, as on tokio: wait for
            /// [`Interest::ERROR`](crate::io::Interest::ERROR) with [`ready`](Self::ready), or receive.
            readable, READABLE, crate::net::examples::receiving_datagram!($socket), "socket",
            "let mut buf = [0; 16];\nlet n = socket.try_recv(&mut buf)?;\nassert_eq!(&buf[..n], b\"hello\");"
        }

        crate::net::methods::direction_methods! {
            /// Waits until there is room to send, or an error is to be seen.
            writable, WRITABLE, crate::net::examples::socket_and_peer!($socket), "socket",
            "assert_eq!(socket.try_send(b\"hello\")?, 5);"
        }

        crate::net::methods::direction_methods! {
            /// Asks whether there is a datagram to receive, and registers the current task to be
            /// woken when there is. An error alone does not count.
            poll poll_recv_ready, Read, crate::net::examples::receiving_datagram!($socket), "socket",
            "let mut buf = [0; 16];\nlet n = socket.try_recv(&mut buf)?;\nassert_eq!(&buf[..n], b\"hello\");"
        }

        crate::net::methods::direction_methods! {
            /// Asks whether there is room to send, and registers the current task to be
            /// woken when there is.
            poll poll_send_ready, Write, crate::net::examples::socket_and_peer!($socket), "socket",
            "assert_eq!(socket.try_send(b\"hello\")?, 5);"
        }

        crate::net::datagram::in_three_forms! {
            /// Sends `buf` as one datagram to the peer that the socket is connected to, and
            /// returns how many bytes that was.
            send, poll_send, try_send: writable (WRITABLE, async_send, poll_send)
            (buf: &[u8]) -> usize = |io| io.get_ref().send(buf);
            crate::net::examples::socket_and_peer!($socket),
            "n" = ["b\"hello\""], "assert_eq!(n, 5);"
        }

        crate::net::datagram::receiving_in_three_forms! {
            /// Receives one datagram into `buf` and returns its length.
            ///
            /// Of a datagram that is longer than `buf` the rest is lost.
            recv, poll_recv, try_recv
            (buf) -> usize = |io| crate::net::datagram::received(io, io.get_ref().recv(buf));
            crate::net::datagram::append => ();
            crate::net::examples::receiving_datagram!($socket),
            "n", "assert_eq!(&buf[..n], b\"hello\");", "", ""
        }

        /// Receives one datagram and appends it to `buf`, and returns its length.
        ///
        /// As much is received as `BufMut::chunk_mut` of `buf` can take
        /// at once; the rest of a longer datagram is lost. For a `Vec` that is its spare capacity.
        ///
        /// # Errors
        ///
        /// Fails with the system's error, or if the socket's runtime is gone.
        ///
        /// # Cancel safety
        ///
        /// If the future is dropped, nothing has been received.
        ///
        /// # Examples
        ///
        /// ```
        /// # #[runtime::main(flavor = "current_thread")]
        /// # async fn main() -> std::io::Result<()> {
        #[doc = crate::net::examples::receiving_datagram!($socket)]
        /// let mut buf = Vec::with_capacity(16);
        /// assert_eq!(socket.recv_buf(&mut buf).await?, 5);
        /// assert_eq!(buf, b"hello");
        /// # Ok(())
        /// # }
        /// ```
        #[cfg(feature = "bytes")]
        pub async fn recv_buf<B: bytes::BufMut>(&self, buf: &mut B) -> std::io::Result<usize> {
            let receive = || crate::net::datagram::recv_into(&self.io, buf);
            self.io.async_receive(receive).await
        }

        /// Does what [`recv_buf`](Self::recv_buf) does, without waiting.
        ///
        /// # Errors
        ///
        /// Fails with [`WouldBlock`](std::io::ErrorKind::WouldBlock) if nothing has come in.
        ///
        /// # Examples
        ///
        /// ```
        /// # #[runtime::main(flavor = "current_thread")]
        /// # async fn main() -> std::io::Result<()> {
        #[doc = crate::net::examples::receiving_datagram!($socket)]
        /// socket.readable().await?;
        /// let mut buf = Vec::with_capacity(16);
        /// assert_eq!(socket.try_recv_buf(&mut buf)?, 5);
        /// assert_eq!(buf, b"hello");
        /// # Ok(())
        /// # }
        /// ```
        #[cfg(feature = "bytes")]
        pub fn try_recv_buf<B: bytes::BufMut>(&self, buf: &mut B) -> std::io::Result<usize> {
            let receive = || crate::net::datagram::recv_into(&self.io, buf);
            self.io.try_io(crate::io::Interest::READABLE, receive)
        }
    };
}

/// The methods that tell who has sent a datagram.
macro_rules! sender_methods {
    ($socket:ident, $address:ty) => {
        crate::net::datagram::receiving_in_three_forms! {
            /// Receives one datagram into `buf`, and returns its length and who has sent it.
            ///
            /// Of a datagram that is longer than `buf` the rest is lost.
            recv_from, poll_recv_from, try_recv_from
            (buf) -> (usize, $address) = |io| {
                let received = io.get_ref().recv_from(buf);
                let received = received.map(|(n, sender)| (n, sender.into()));
                crate::net::datagram::received_from(io, received)
            };
            crate::net::datagram::append_from => $address;
            crate::net::examples::receiving_datagram!($socket),
            "(n, sender)", "assert_eq!(&buf[..n], b\"hello\");\nprintln!(\"from {sender:?}\");",
            "let sender = ", "\nprintln!(\"from {sender:?}\");"
        }

        /// Receives one datagram and appends it to `buf`, and returns its length and who has
        /// sent it.
        ///
        /// How much of it is received is as for [`recv_buf`](Self::recv_buf).
        ///
        /// # Errors
        ///
        /// Fails with the system's error, or if the socket's runtime is gone.
        ///
        /// # Cancel safety
        ///
        /// If the future is dropped, nothing has been received.
        ///
        /// # Examples
        ///
        /// ```
        /// # #[runtime::main(flavor = "current_thread")]
        /// # async fn main() -> std::io::Result<()> {
        #[doc = crate::net::examples::receiving_datagram!($socket)]
        /// let mut buf = Vec::with_capacity(16);
        /// let (n, sender) = socket.recv_buf_from(&mut buf).await?;
        /// assert_eq!((n, &buf[..]), (5, &b"hello"[..]));
        /// println!("from {sender:?}");
        /// # Ok(())
        /// # }
        /// ```
        #[cfg(feature = "bytes")]
        pub async fn recv_buf_from<B: bytes::BufMut>(
            &self,
            buf: &mut B,
        ) -> std::io::Result<(usize, $address)> {
            let receive = || crate::net::datagram::recv_into_from(&self.io, buf);
            self.io.async_receive(receive).await
        }

        /// Does what [`recv_buf_from`](Self::recv_buf_from) does, without waiting.
        ///
        /// # Errors
        ///
        /// Fails with [`WouldBlock`](std::io::ErrorKind::WouldBlock) if nothing has come in.
        ///
        /// # Examples
        ///
        /// ```
        /// # #[runtime::main(flavor = "current_thread")]
        /// # async fn main() -> std::io::Result<()> {
        #[doc = crate::net::examples::receiving_datagram!($socket)]
        /// socket.readable().await?;
        /// let mut buf = Vec::with_capacity(16);
        /// let (n, sender) = socket.try_recv_buf_from(&mut buf)?;
        /// assert_eq!((n, &buf[..]), (5, &b"hello"[..]));
        /// println!("from {sender:?}");
        /// # Ok(())
        /// # }
        /// ```
        #[cfg(feature = "bytes")]
        pub fn try_recv_buf_from<B: bytes::BufMut>(
            &self,
            buf: &mut B,
        ) -> std::io::Result<(usize, $address)> {
            let receive = || crate::net::datagram::recv_into_from(&self.io, buf);
            self.io.try_io(crate::io::Interest::READABLE, receive)
        }
    };
}

/// A source of datagrams, each of which comes from somebody.
pub(super) trait Receives: Source + AsFd + Sized {
    type Address;

    /// Who has sent what will never come, if receiving was shut down; `None` if it goes on.
    fn nobody(io: &Evented<Self>) -> Option<Self::Address>;

    fn address(address: SockAddr) -> io::Result<Self::Address>;
}

/// What to answer to who receives. The system says of a socket whose receiving was shut
/// down that one would have to wait, but nothing will come: an empty datagram tells so.
pub(super) fn received<S: Receives>(
    io: &Evented<S>,
    result: io::Result<usize>,
) -> io::Result<usize> {
    let result = result.map(|n| (n, None));
    let nobody = || S::nobody(io).map(Some);
    unless_in_vain(result, nobody).map(|(n, _)| n)
}

/// As [`received`], for one who asks for the sender.
pub(super) fn received_from<S: Receives>(
    io: &Evented<S>,
    result: io::Result<(usize, S::Address)>,
) -> io::Result<(usize, S::Address)> {
    unless_in_vain(result, || S::nobody(io))
}

fn unless_in_vain<A>(
    result: io::Result<(usize, A)>,
    nobody: impl FnOnce() -> Option<A>,
) -> io::Result<(usize, A)> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
            nobody().map(|nobody| (0, nobody)).ok_or(error)
        }
        result => result,
    }
}

/// Receives a datagram into the free part of `buf`.
pub(super) fn append<S: Receives>(io: &Evented<S>, buf: &mut ReadBuf<'_>) -> io::Result<()> {
    let socket = SockRef::from(io.get_ref());
    // SAFETY: the system initialises as many bytes as it has received.
    let result = unsafe { append_uninit(buf, |free| Ok((socket.recv(free)?, ()))) };
    received(io, result.map(|()| 0)).map(drop)
}

/// As [`append`], for one who asks for the sender.
pub(super) fn append_from<S: Receives>(
    io: &Evented<S>,
    buf: &mut ReadBuf<'_>,
) -> io::Result<S::Address> {
    let socket = SockRef::from(io.get_ref());
    // SAFETY: as in append().
    let result = unsafe { append_uninit(buf, |free| socket.recv_from(free)) };
    let result = result.and_then(|sender| Ok((0, S::address(sender)?)));
    received_from(io, result).map(|(_, sender)| sender)
}

#[cfg(feature = "bytes")]
pub(super) fn recv_into<S: Receives>(
    io: &Evented<S>,
    buf: &mut impl bytes::BufMut,
) -> io::Result<usize> {
    let socket = SockRef::from(io.get_ref());
    // SAFETY: the system initialises as many bytes as it has received.
    let result = unsafe { fill(buf, |free| Ok((socket.recv(free)?, ()))) };
    received(io, result.map(|(n, ())| n))
}

#[cfg(feature = "bytes")]
pub(super) fn recv_into_from<S: Receives>(
    io: &Evented<S>,
    buf: &mut impl bytes::BufMut,
) -> io::Result<(usize, S::Address)> {
    let socket = SockRef::from(io.get_ref());
    // SAFETY: the system initialises as many bytes as it has received.
    let result = unsafe { fill(buf, |free| socket.recv_from(free)) };
    received_from(
        io,
        result.and_then(|(n, sender)| Ok((n, S::address(sender)?))),
    )
}

pub(super) use {
    datagram_methods, in_three_forms, in_two_forms, poll_form, receiving_in_three_forms,
    sender_methods,
};
