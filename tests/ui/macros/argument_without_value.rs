#[runtime::main(flavor, worker_threads)]
async fn main() {}

#[runtime::main(flavor("local"))]
async fn in_parentheses() {}

#[runtime::main(flavor = )]
async fn nothing_after_the_sign() {}
