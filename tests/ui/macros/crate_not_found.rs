#[runtime::main(crate = "elsewhere")]
async fn main() {}
