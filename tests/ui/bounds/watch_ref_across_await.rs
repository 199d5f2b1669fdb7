use runtime::sync::watch;

fn main() {
    let (sender, receiver) = watch::channel(1);
    runtime::spawn(async move {
        let value = receiver.borrow();
        sender.closed().await;
        drop(value);
    });
}
