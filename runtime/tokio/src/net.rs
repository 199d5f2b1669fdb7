//! Sockets and pipes.

// The one name that tokio has here without the feature.
#[cfg(not(feature = "net"))]
pub use addr::ToSocketAddrs;

#[cfg(feature = "net")]
pub use ::runtime::net::{
    TcpListener, TcpSocket, TcpStream, ToSocketAddrs, UdpSocket, UnixDatagram, UnixListener,
    UnixSocket, UnixStream, lookup_host,
};

#[cfg(not(feature = "net"))]
mod addr;

#[cfg(feature = "net")]
pub mod tcp {
    //! The halves of TCP streams.
    pub use ::runtime::net::tcp::{
        OwnedReadHalf, OwnedWriteHalf, ReadHalf, ReuniteError, WriteHalf,
    };
}

#[cfg(feature = "net")]
pub mod unix {
    //! What belongs to sockets of Unix, and named pipes.
    pub use ::runtime::net::unix::{
        OwnedReadHalf, OwnedWriteHalf, ReadHalf, ReuniteError, SocketAddr, UCred, WriteHalf, gid_t,
        pid_t, uid_t,
    };

    pub mod pipe {
        //! Named and anonymous pipes.
        pub use ::runtime::net::unix::pipe::{OpenOptions, Receiver, Sender, pipe};
    }
}
