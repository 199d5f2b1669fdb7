//! `pin!` is given names.

fn main() {
    runtime::pin!(async {});
    runtime::pin! { let mut x = async {}; }
}
