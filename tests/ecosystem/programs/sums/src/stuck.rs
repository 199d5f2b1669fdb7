//! Calls that keep their threads, more of them than there are workers.

use std::error::Error;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;
use tonic::Status;

use crate::messages::{Number, Terms};
use crate::server::Server;

const OTHERS: i64 = 20;

/// Says whether other calls and streams are served meanwhile.
pub async fn report() -> Result<(), Box<dyn Error>> {
    let server = Server::start().await?;
    let client = server.client().await?;
    let trap = &server.shared.trap;
    let mut counted = client
        .clone()
        .count(Number::from(1_000))
        .await?
        .into_inner();
    counted.message().await?;

    let mut stuck = JoinSet::new();
    for number in 1..=4 {
        let mut client = client.clone();
        stuck.spawn(async move { client.keep(Number::from(number)).await });
    }
    while trap.entered() < 2 {
        sleep(Duration::from_millis(1)).await;
    }
    let mut others = JoinSet::new();
    for number in 0..OTHERS {
        // With a connection of its own, which has to be accepted, too.
        let client = server.client().await?;
        others.spawn(async move {
            let values = vec![number, 1];
            let sum = { client }.add(Terms { values }).await?.into_inner();
            Ok::<_, Status>(sum.value == number + 1)
        });
    }
    let mut right = 0;
    for sum in others.join_all().await {
        right += usize::from(sum?);
    }
    let mut streamed = 1;
    while counted.message().await?.is_some() {
        streamed += 1;
    }
    let meanwhile = trap.open();
    println!(
        "{right} sums and {streamed} numbers of a stream while 4 calls kept their threads: {meanwhile}"
    );

    let mut ended = 0;
    for answer in stuck.join_all().await {
        ended += answer?.into_inner().value;
    }
    println!(
        "calls that came back: {}",
        if ended == 10 { "all" } else { "not all" }
    );
    Ok(())
}
