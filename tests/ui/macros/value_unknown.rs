#[runtime::main(flavor = "multithread")]
async fn main() {}

#[runtime::main(flavor = "fibers")]
async fn unknown() {}

#[runtime::main(flavor = "current_thread", unhandled_panic = "shutdown")]
async fn behaviour() {}
