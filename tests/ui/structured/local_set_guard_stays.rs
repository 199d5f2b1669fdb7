use runtime::task::LocalSet;

fn main() {
    let tasks = LocalSet::new();
    let guard = tasks.enter();
    std::thread::spawn(move || drop(guard));
}
