//! Says what to do when an address cannot be had.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;

use crate::Failure;

pub(crate) fn fault(addr: SocketAddr, error: &io::Error) -> Failure {
    format!("cannot listen on {addr}: {}", explain(error)).into()
}

fn explain(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::AddrInUse => {
            "another program uses this address: stop it, or choose another with --addr \
             (port 0 takes a free one)"
                .to_owned()
        }
        ErrorKind::PermissionDenied => {
            "permission denied: choose a port from 1024 up with --addr".to_owned()
        }
        ErrorKind::AddrNotAvailable => {
            "this machine does not have that address: try 127.0.0.1, or 0.0.0.0 for all, with --addr"
                .to_owned()
        }
        _ => error.to_string(),
    }
}
