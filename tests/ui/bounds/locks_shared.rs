//! A lock that is shared sends its value around, and all but the mutex share it as well.

use std::cell::Cell;
use std::rc::Rc;

use runtime::sync::{Mutex, OnceCell, RwLock};

fn share<T: Sync>() {}

fn main() {
    share::<Mutex<Rc<u8>>>();
    share::<RwLock<Cell<u8>>>();
    share::<OnceCell<Cell<u8>>>();
}
