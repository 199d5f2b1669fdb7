//! Messages that keep the server's threads, more of them than there are workers.

use std::time::Duration;

use tokio::time::sleep;

use crate::Result;
use crate::certificates::Authority;
use crate::client::Client;
use crate::server::Server;

const LINES: usize = 20;

/// Says whether others join and talk meanwhile.
pub async fn report(authority: &Authority) -> Result {
    let server = Server::start(authority.acceptor()?).await?;
    let trap = &server.room.trap;
    let mut stuck = Vec::new();
    for text in ["/compute", "/block", "/compute", "/block"] {
        stuck.push((
            text,
            Client::join(server.address, authority.connector()?, text).await?,
        ));
    }
    for (text, client) in &mut stuck {
        client.say(text).await?;
    }
    while trap.entered() < 2 {
        sleep(Duration::from_millis(1)).await;
    }
    let mut speaker = Client::join(server.address, authority.connector()?, "speaker").await?;
    let mut hearer = Client::join(server.address, authority.connector()?, "hearer").await?;
    for line in 1..=LINES {
        speaker.say(&format!("line {line}")).await?;
    }
    let heard = hearer
        .hear_until(&format!("speaker: line {LINES}"))
        .await?
        .len();
    let meanwhile = trap.open();
    println!("2 joined and {heard} lines were heard while 4 clients kept threads: {meanwhile}");

    for (_, client) in &mut stuck {
        client.hear_until(&format!("speaker: line {LINES}")).await?;
    }
    println!("those who were stuck heard all afterwards");
    Ok(())
}
