//! Misspelt, unknown and outdated arguments, all reported at once.

#[runtime::main(flavour = "multi_thread", worker_thread = 2, speed = 9, core_threads = 2, basic_scheduler)]
async fn main() {}

#[runtime::test(start_pause = true)]
async fn in_a_test() {}
