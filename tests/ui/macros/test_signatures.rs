//! Functions that cannot be tests.

#[runtime::test]
fn not_async() {}

#[runtime::test]
async fn with_an_argument(number: u32) {
    let _ = number;
}

#[runtime::test]
async fn generic<T: Default>() {
    let _ = T::default();
}

#[runtime::test]
async fn sized<const N: usize>() {}

fn main() {}
