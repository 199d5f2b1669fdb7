//! Futures that nothing separates.

use std::future::ready;

async fn joining() {
    runtime::join!(ready(1) ready(2));
}

async fn trying() {
    let _ = runtime::try_join!(ready(Ok::<_, ()>(1)); ready(Ok(2)));
}

fn main() {}
