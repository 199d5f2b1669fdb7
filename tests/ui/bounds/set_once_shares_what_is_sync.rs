use std::cell::Cell;

use runtime::sync::SetOnce;

static ONCE: SetOnce<Cell<u8>> = SetOnce::const_new();

fn main() {}
