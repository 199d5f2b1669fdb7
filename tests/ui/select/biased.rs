//! `biased` without its semicolon, or not in front.

async fn f() -> u8 {
    1
}

async fn without_a_semicolon() {
    runtime::select! {
        biased
        x = f() => drop(x),
    }
}

async fn with_a_comma() {
    runtime::select! { biased, x = f() => drop(x) }
}

async fn not_in_front() {
    runtime::select! {
        x = f() => drop(x),
        biased;
        y = f() => drop(y),
    }
}

async fn twice() {
    runtime::select! { biased; biased; x = f() => drop(x) }
}

async fn joined_without_a_semicolon() {
    runtime::join!(biased f(), f());
}

async fn joined_not_in_front() {
    runtime::join!(f(), biased; f());
}

async fn tried_without_a_semicolon() {
    let _ = runtime::try_join!(biased async { Ok::<_, ()>(1) });
}

fn main() {}
