use runtime::runtime::{LocalOptions, LocalRuntime};

fn is_send<T: Send>() {}
fn is_sync<T: Sync>() {}

fn main() {
    is_send::<LocalRuntime>();
    is_sync::<LocalRuntime>();
    is_send::<LocalOptions>();
}
