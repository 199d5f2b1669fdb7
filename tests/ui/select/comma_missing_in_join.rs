//! Futures that nothing separates.

async fn joining() {
    runtime::join!(std::future::ready(1) std::future::ready(2));
}

async fn trying() {
    let _ = runtime::try_join!(std::future::ready(Ok::<_, ()>(1)); std::future::ready(Ok(2)));
}

fn main() {}
