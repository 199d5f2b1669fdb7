//! Outside async code.

use std::future::ready;

fn selecting() {
    runtime::select! { () = ready(()) => {} }
}

fn joining() {
    runtime::join!(ready(()));
}

fn main() {}
