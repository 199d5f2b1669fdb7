use std::rc::Rc;

use runtime::LocalRuntime;

fn main() {
    let rt = LocalRuntime::new().unwrap();
    let not_send = Rc::new(1);
    rt.handle().spawn(async move { drop(not_send) });
}
