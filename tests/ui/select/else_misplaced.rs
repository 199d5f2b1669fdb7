//! An `else` that is not the one last thing.

async fn f() -> u8 {
    1
}

async fn not_last() {
    runtime::select! {
        else => {}
        x = f() => drop(x),
    }
}

async fn twice() {
    runtime::select! {
        x = f() => drop(x),
        else => {}
        else => {}
    }
}

async fn no_arrow() {
    runtime::select! {
        x = f() => drop(x),
        else { }
    }
}

async fn a_future() {
    runtime::select! {
        x = f() => drop(x),
        else = f() => {}
    }
}

async fn nothing() {
    runtime::select! {
        x = f() => drop(x),
        else
    }
}

fn main() {}
