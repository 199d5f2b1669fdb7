use std::cell::Cell;

use runtime::sync::watch;

fn main() {
    let (sender, _receiver) = watch::channel(Cell::new(1));
    std::thread::spawn(move || drop(sender));
}
