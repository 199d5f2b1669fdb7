//! A guard anywhere but behind the future and a comma.

async fn f() -> u8 {
    1
}

async fn behind_the_pattern() {
    runtime::select! { x if true = f() => drop(x) }
}

async fn without_a_comma() {
    runtime::select! { x = f() if true => drop(x) }
}

async fn behind_the_handler() {
    runtime::select! { x = f() => drop(x), if true }
}

async fn behind_the_braces() {
    runtime::select! { x = f() => { drop(x) }, if true }
}

async fn without_if() {
    runtime::select! { x = f(), true => drop(x) }
}

async fn behind_else() {
    runtime::select! {
        x = f() => drop(x),
        else if true => {}
    }
}

async fn no_bool() {
    runtime::select! { x = f(), if Some(1) => drop(x) }
}

fn main() {}
