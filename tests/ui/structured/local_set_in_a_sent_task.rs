use runtime::task::LocalSet;

fn main() {
    let tasks = LocalSet::new();
    runtime::spawn(async move { tasks.await });
}
