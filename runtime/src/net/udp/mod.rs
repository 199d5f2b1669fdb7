//! UDP: the socket in parts, by what one does with it.

mod options;
mod peek;
mod send_to;
pub(super) mod socket;

use socket::UdpSocket;
