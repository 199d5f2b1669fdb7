use std::rc::Rc;

use runtime::LocalRuntime;

fn main() {
    let rt = LocalRuntime::new().unwrap();
    let task = rt.spawn_local(async { Rc::new(1) });
    std::thread::spawn(move || drop(task));
}
