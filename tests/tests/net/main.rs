//! Sockets and pipes: what each type promises, on every scheduler.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod contention;
mod conversions;
mod descriptors;
mod harness;
mod listener;
mod lookup;
mod out_of_descriptors;
mod outliving;
mod ownership;
#[cfg(target_os = "linux")]
mod passing_errors;
mod pid_namespace;
mod pipe;
mod reactors;
mod split;
mod stream;
mod tcp_socket;
mod traits;
mod udp;
mod udp_options;
mod unix_datagram;
mod unix_socket;
mod unix_stream;
