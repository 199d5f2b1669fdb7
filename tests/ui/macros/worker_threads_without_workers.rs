#[runtime::main(flavor = "current_thread", worker_threads = 2)]
async fn main() {}

#[runtime::test(worker_threads = 2)]
async fn default_flavor_of_a_test() {}
