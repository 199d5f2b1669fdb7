//! Handlers that keep their threads, more of them than there are workers.

use std::error::Error;
use std::path::Path;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::client::Client;
use crate::server::Server;
use crate::store;

const OTHERS: usize = 20;

/// Says whether other requests are served meanwhile.
pub async fn report(file: &Path) -> Result<(), Box<dyn Error>> {
    let server = Server::start(store::open(file).await?).await?;
    let client = Client::new(server.address);
    let trap = &server.shared.trap;
    client.add("a note".to_owned()).await?;

    let mut stuck = JoinSet::new();
    for path in ["/compute", "/block", "/compute", "/block"] {
        let client = client.clone();
        stuck.spawn(async move { client.get(path).await });
    }
    while trap.entered() < 2 {
        sleep(Duration::from_millis(1)).await;
    }
    let mut others = JoinSet::new();
    for _ in 0..OTHERS {
        let address = server.address;
        // With a connection of its own, which has to be accepted, too.
        others.spawn(async move { Client::new(address).text(1).await });
    }
    let mut read = 0;
    for text in others.join_all().await {
        read += usize::from(text? == "a note");
    }
    let meanwhile = trap.open();
    println!("{read} notes read while 4 handlers kept their threads: {meanwhile}");

    let mut ended = 0;
    for answer in stuck.join_all().await {
        ended += usize::from(answer?.status().is_success());
    }
    println!("handlers that came back: {ended}");
    server.end().await?;
    Ok(())
}
