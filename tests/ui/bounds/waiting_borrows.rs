use runtime::sync::{Notify, SetOnce, watch};

fn main() {
    let (notify, once) = (Notify::new(), SetOnce::from(1));
    let (sender, mut receiver) = watch::channel(1);
    let notified = notify.notified();
    let waiting = once.wait();
    let closed = sender.closed();
    let changed = receiver.changed();
    drop((notify, once, sender, receiver));
    drop((notified, waiting, closed, changed));
}
