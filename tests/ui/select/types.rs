//! Faults that the compiler finds are shown where they stand.

async fn f() -> u8 {
    1
}

async fn no_future() {
    runtime::select! { x = 5 => drop(x) }
}

async fn no_future_to_join() {
    runtime::join!(f(), 5);
}

async fn no_result_to_try() {
    let _ = runtime::try_join!(f());
}

async fn handlers_that_differ() {
    let _: u8 = runtime::select! {
        x = f() => x,
        _ = f() => "other",
    };
}

async fn pattern_that_cannot_match() {
    runtime::select! { Some(x) = f() => drop(x) }
}

async fn unknown_name_in_a_handler() {
    runtime::select! { _ = f() => { unknown() } }
}

fn main() {}
