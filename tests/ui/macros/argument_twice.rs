#[runtime::main(worker_threads = 2, name = "a", worker_threads = 3)]
async fn main() {}
