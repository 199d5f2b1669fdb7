use std::rc::Rc;

use runtime::task::JoinSet;

fn main() {
    let number = Rc::new(1);
    let mut set = JoinSet::new();
    set.spawn(async move { *number });
}
