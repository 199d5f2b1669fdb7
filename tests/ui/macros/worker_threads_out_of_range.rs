#[runtime::main(worker_threads = 0)]
async fn main() {}

#[runtime::main(worker_threads = -1)]
async fn negative() {}

#[runtime::main(worker_threads = 99999999999999999999999)]
async fn too_many() {}
