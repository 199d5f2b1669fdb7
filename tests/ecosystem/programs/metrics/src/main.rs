//! What tokio-metrics says of tasks and of the runtime.
//!
//! Its figures depend on chance, so the report says which of them are there, and gives those that are certain.

mod bad_input;
mod runtime;
mod stuck;
mod tasks;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn main() -> Result {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .enable_metrics_poll_time_histogram()
        .build()?;
    runtime.block_on(run())
}

async fn run() -> Result {
    println!("[work]");
    tasks::told().await?;
    runtime::told().await?;

    println!("[bad input]");
    bad_input::tasks_that_end_badly().await?;
    bad_input::a_runtime_that_has_ended()?;

    // Last: on tokio itself the others wait for those who are stuck.
    println!("[stuck]");
    stuck::report().await
}
