//! A branch without `=>`, at its end, before its braces, and before the next branch.

async fn f() -> u8 {
    1
}

async fn at_the_end() {
    runtime::select! { x = f() }
}

async fn before_the_braces() {
    runtime::select! { x = f() { drop(x) } }
}

async fn before_the_next_branch() {
    runtime::select! {
        x = f(),
        y = f() => drop(y),
    }
}

async fn behind_the_guard() {
    runtime::select! { x = f(), if true { drop(x) } }
}

async fn no_handler() {
    runtime::select! { x = f() => }
}

fn main() {}
