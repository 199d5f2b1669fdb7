//! What a runtime with many threads cannot do.

#[runtime::main(start_paused = true)]
async fn main() {}

#[runtime::main(flavor = "multi_thread", unhandled_panic = "shutdown_runtime")]
async fn unhandled_panic() {}

#[runtime::test(flavor = "multi_thread", start_paused = false)]
async fn in_a_test() {}
