//! Without a type to compare with, the last statement is shown.

use std::fmt::Display;

#[runtime::main]
async fn no_value() -> impl Display {
    std::thread::yield_now();
}

#[runtime::main]
async fn returns_after_all() -> ! {
    std::thread::yield_now();
}

#[runtime::main]
async fn unknown_type() -> Missing {
    std::thread::yield_now();
    loop {}
}

fn main() {}
