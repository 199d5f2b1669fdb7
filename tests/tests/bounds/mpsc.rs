//! The channels to one receiver: they carry what may be sent, and show nobody a message.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use runtime::sync::mpsc::error::{SendError, SendTimeoutError, TryRecvError, TrySendError};
use runtime::sync::mpsc::{
    OwnedPermit, Permit, PermitIterator, Receiver, Sender, UnboundedReceiver, UnboundedSender,
    WeakSender, WeakUnboundedSender, channel, unbounded_channel,
};

use super::{IsNotSend as _, IsNotSync as _, IsNotUnpin as _, IsSend as _, IsSync as _, of};

type NotSend = Rc<u8>;
type NotSync = Cell<u8>;

table! {
    Sender<u8>:                      1 1 1 1 1;
    Sender<NotSync>:                 1 1 1 1 1;
    Sender<NotSend>:                 0 0 1 1 1;
    WeakSender<u8>:                  1 1 1 1 1;
    WeakSender<NotSync>:             1 1 1 1 1;
    WeakSender<NotSend>:             0 0 1 1 1;
    Receiver<u8>:                    1 1 1 1 1;
    Receiver<NotSync>:               1 1 1 1 1;
    Receiver<NotSend>:               0 0 1 1 1;
    Permit<'static, u8>:             1 1 1 1 1;
    Permit<'static, NotSync>:        1 1 1 1 1;
    Permit<'static, NotSend>:        0 0 1 1 1;
    PermitIterator<'static, u8>:     1 1 1 1 1;
    PermitIterator<'static, NotSync>: 1 1 1 1 1;
    PermitIterator<'static, NotSend>: 0 0 1 1 1;
    OwnedPermit<u8>:                 1 1 1 1 1;
    OwnedPermit<NotSync>:            1 1 1 1 1;
    OwnedPermit<NotSend>:            0 0 1 1 1;
    UnboundedSender<u8>:             1 1 1 1 1;
    UnboundedSender<NotSync>:        1 1 1 1 1;
    UnboundedSender<NotSend>:        0 0 1 1 1;
    WeakUnboundedSender<u8>:         1 1 1 1 1;
    WeakUnboundedSender<NotSync>:    1 1 1 1 1;
    WeakUnboundedSender<NotSend>:    0 0 1 1 1;
    UnboundedReceiver<u8>:           1 1 1 1 1;
    UnboundedReceiver<NotSync>:      1 1 1 1 1;
    UnboundedReceiver<NotSend>:      0 0 1 1 1;
    SendError<u8>:                   1 1 1 1 1;
    SendError<NotSync>:              1 0 1 1 0;
    SendError<NotSend>:              0 0 1 1 1;
    TrySendError<NotSync>:           1 0 1 1 0;
    SendTimeoutError<NotSync>:       1 0 1 1 0;
    TryRecvError:                    1 1 1 1 1;
}

#[test]
fn futures_of_channels_go_where_the_messages_may() {
    let (tx, mut rx) = channel::<u8>(1);
    futures! {
        tx.send(1) => 1 1 0;
        tx.send_timeout(1, Duration::ZERO) => 1 1 0;
        tx.reserve() => 1 1 0;
        tx.reserve_many(1) => 1 1 0;
        tx.clone().reserve_owned() => 1 1 0;
        tx.closed() => 1 1 0;
        rx.recv() => 1 1 0;
        rx.recv_many(&mut Vec::new(), 1) => 1 1 0;
    }
    let (tx, mut rx) = channel::<NotSync>(1);
    futures! {
        tx.send(Cell::new(1)) => 1 0 0;
        tx.send_timeout(Cell::new(1), Duration::ZERO) => 1 0 0;
        tx.reserve() => 1 1 0;
        tx.reserve_many(1) => 1 1 0;
        tx.clone().reserve_owned() => 1 1 0;
        tx.closed() => 1 1 0;
        rx.recv() => 1 1 0;
        rx.recv_many(&mut Vec::new(), 1) => 1 0 0;
    }
    let (tx, mut rx) = channel::<NotSend>(1);
    futures! {
        tx.send(Rc::new(1)) => 0 0 0;
        tx.reserve() => 0 0 0;
        tx.reserve_many(1) => 0 0 0;
        tx.clone().reserve_owned() => 0 0 0;
        tx.closed() => 0 0 0;
        rx.recv() => 0 0 0;
    }
    let (tx, mut rx) = unbounded_channel::<NotSync>();
    futures! {
        tx.closed() => 1 1 0;
        rx.recv() => 1 1 0;
    }
}
