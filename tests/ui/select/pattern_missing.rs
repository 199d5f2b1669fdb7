//! A branch without a pattern, without a future, without either.

async fn f() -> u8 {
    1
}

async fn no_pattern() {
    runtime::select! { f() => {} }
}

async fn no_pattern_but_an_expression() {
    runtime::select! { async { 1 } => {} }
}

async fn a_method() {
    let x = Some(f());
    runtime::select! { x.unwrap() => {} }
}

async fn no_future() {
    runtime::select! { x = => drop(x) }
}

async fn a_name_alone() {
    runtime::select! { x }
}

async fn default_is_else() {
    runtime::select! {
        _ = f() => {}
        default => {}
    }
}

fn main() {}
