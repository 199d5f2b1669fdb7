//! Two branches that nothing separates, and a handler that goes on behind its braces.

async fn f() -> u8 {
    1
}

async fn behind_an_expression() {
    runtime::select! {
        x = f() => drop(x)
        y = f() => drop(y)
    }
}

async fn before_else() {
    runtime::select! {
        x = f() => drop(x)
        else => {}
    }
}

async fn behind_the_braces() {
    runtime::select! {
        x = f() => { x }.to_string(),
    };
}

fn main() {}
