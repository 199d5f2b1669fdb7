//! Channels for one value, and those that show each value to all.

use std::cell::Cell;
use std::rc::Rc;

use runtime::sync::broadcast::{self, Sender, WeakSender};
use runtime::sync::oneshot;

use super::{IsNotSend as _, IsNotSync as _, IsNotUnpin as _, IsSend as _, IsSync as _, of};

type NotSend = Rc<u8>;
type NotSync = Cell<u8>;

table! {
    oneshot::Sender<u8>:                       1 1 1 1 1;
    oneshot::Sender<NotSync>:                  1 1 1 1 1;
    oneshot::Sender<NotSend>:                  0 0 1 1 1;
    oneshot::Receiver<u8>:                     1 1 1 1 1;
    oneshot::Receiver<NotSync>:                1 1 1 1 1;
    oneshot::Receiver<NotSend>:                0 0 1 1 1;
    oneshot::error::RecvError:                 1 1 1 1 1;
    oneshot::error::TryRecvError:              1 1 1 1 1;
    Sender<u8>:                                1 1 1 1 1;
    Sender<NotSync>:                           1 1 1 1 1;
    Sender<NotSend>:                           0 0 1 1 1;
    WeakSender<u8>:                            1 1 1 1 1;
    WeakSender<NotSync>:                       1 1 1 1 1;
    WeakSender<NotSend>:                       0 0 1 1 1;
    broadcast::Receiver<u8>:                   1 1 1 1 1;
    broadcast::Receiver<NotSync>:              1 1 1 1 1;
    broadcast::Receiver<NotSend>:              0 0 1 1 1;
    broadcast::error::SendError<u8>:           1 1 1 1 1;
    broadcast::error::SendError<NotSync>:      1 0 1 1 0;
    broadcast::error::SendError<NotSend>:      0 0 1 1 1;
    broadcast::error::RecvError:               1 1 1 1 1;
    broadcast::error::TryRecvError:            1 1 1 1 1;
}

#[test]
fn futures_of_channels_go_where_the_values_may() {
    let (mut shared, mut sent) = (oneshot::channel::<u8>().0, oneshot::channel::<NotSync>().0);
    let mut local = oneshot::channel::<NotSend>().0;
    futures! {
        shared.closed() => 1 1 0;
        sent.closed() => 1 1 0;
        local.closed() => 0 0 0;
        broadcast::channel::<u8>(1).1.recv() => 1 1 0;
        broadcast::channel::<NotSync>(1).1.recv() => 1 1 0;
        broadcast::channel::<NotSend>(1).1.recv() => 0 0 0;
        Sender::<u8>::new(1).closed() => 1 1 0;
        Sender::<NotSync>::new(1).closed() => 1 1 0;
        Sender::<NotSend>::new(1).closed() => 0 0 0;
    }
}

#[test]
fn errors_are_errors_that_threads_share() {
    fn is_error<T: std::error::Error + Send + Sync + 'static>() {}
    is_error::<oneshot::error::RecvError>();
    is_error::<oneshot::error::TryRecvError>();
    is_error::<broadcast::error::SendError<u8>>();
    is_error::<broadcast::error::RecvError>();
    is_error::<broadcast::error::TryRecvError>();
}
