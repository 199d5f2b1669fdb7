use runtime::task::LocalSet;

fn main() {
    let tasks = LocalSet::new();
    std::thread::spawn(move || drop(tasks));
}
