//! Nothing to wait for.

async fn nothing() {
    runtime::select! {}
}

async fn only_the_order() {
    runtime::select! { biased; }
}

fn main() {}
