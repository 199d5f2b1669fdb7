//! The hidden beginnings of examples that several types share: each type runs them with its own.

/// Lines that make `stream`, a connected stream of this type, and `peer`, its other end.
macro_rules! stream_and_peer {
    (TcpStream) => {
        "# let listener = runtime::net::TcpListener::bind(\"127.0.0.1:0\").await?;
# let stream = runtime::net::TcpStream::connect(listener.local_addr()?).await?;
# let (peer, _) = listener.accept().await?;"
    };
    (UnixStream) => {
        "# let (stream, peer) = runtime::net::UnixStream::pair()?;"
    };
    (Receiver) => {
        "# let (peer, stream) = runtime::net::unix::pipe::pipe()?;"
    };
    (Sender) => {
        "# let (stream, peer) = runtime::net::unix::pipe::pipe()?;"
    };
}

/// As [`stream_and_peer`]; `hello` comes in on `stream`.
macro_rules! receiving {
    ($stream:ident) => {
        concat!(
            $crate::net::examples::stream_and_peer!($stream),
            "\n# peer.writable().await?;\n# peer.try_write(b\"hello\")?;"
        )
    };
}

/// Lines that make two datagram sockets, `socket` and `peer`, that are connected with each other.
macro_rules! socket_and_peer {
    (UdpSocket) => {
        "# let socket = runtime::net::UdpSocket::bind(\"127.0.0.1:0\").await?;
# let peer = runtime::net::UdpSocket::bind(\"127.0.0.1:0\").await?;
# socket.connect(peer.local_addr()?).await?;
# peer.connect(socket.local_addr()?).await?;"
    };
    (UnixDatagram) => {
        "# let (socket, peer) = runtime::net::UnixDatagram::pair()?;"
    };
}

/// As [`socket_and_peer`]; the datagram `hello` comes in on `socket`.
macro_rules! receiving_datagram {
    ($socket:ident) => {
        concat!(
            $crate::net::examples::socket_and_peer!($socket),
            "\n# peer.send(b\"hello\").await?;"
        )
    };
}

/// A line that makes `socket`, which is of this type.
macro_rules! socket {
    (TcpListener) => {
        "# let socket = runtime::net::TcpListener::bind(\"127.0.0.1:0\").await?;"
    };
    (TcpSocket) => {
        "# let socket = runtime::net::TcpSocket::new_v4()?;"
    };
    (UdpSocket) => {
        "# let socket = runtime::net::UdpSocket::bind(\"127.0.0.1:0\").await?;"
    };
    (UnixDatagram) => {
        "# let (socket, _peer) = runtime::net::UnixDatagram::pair()?;"
    };
    (UnixListener) => {
        "# let path = std::env::temp_dir().join(format!(\"runtime-{}\", std::process::id()));
# let path = path.with_extension(format!(\"{:?}\", std::thread::current().id()));
# let socket = runtime::net::UnixListener::bind(&path)?;
# std::fs::remove_file(path)?;"
    };
    ($stream:ident) => {
        concat!(
            $crate::net::examples::stream_and_peer!($stream),
            "\n# let socket = stream;"
        )
    };
}

pub(super) use {receiving, receiving_datagram, socket, socket_and_peer, stream_and_peer};
