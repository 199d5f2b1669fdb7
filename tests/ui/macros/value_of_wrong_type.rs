#[runtime::main(flavor = multi_thread, worker_threads = "4", name = 7, crate = runtime)]
async fn main() {}

#[runtime::test(flavor = local(), start_paused = "true", unhandled_panic = true, crate = "not a path")]
async fn in_a_test() {}

const THREADS: usize = 4;

#[runtime::main(worker_threads = THREADS)]
async fn not_a_literal() {}
