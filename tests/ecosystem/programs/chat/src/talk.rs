//! What the chat is for.

use std::sync::Arc;

use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::Result;
use crate::certificates::Authority;
use crate::client::Client;
use crate::server::Server;

const TALKERS: usize = 10;
const LINES_EACH: usize = 20;

/// All talk at once; everybody hears the same in the same order.
pub async fn all_hear_all(server: &Server, authority: &Authority) -> Result {
    let everybody = Arc::new(Barrier::new(TALKERS));
    let mut talkers = JoinSet::new();
    for number in 0..TALKERS {
        let (address, connector) = (server.address, authority.connector()?);
        let everybody = everybody.clone();
        talkers.spawn(async move {
            let mut client = Client::join(address, connector, &format!("talker {number}")).await?;
            everybody.wait().await;
            for line in 0..LINES_EACH {
                client.say(&format!("line {line}")).await?;
            }
            let mut heard = Vec::new();
            while heard.len() < TALKERS * LINES_EACH {
                let line = client.hear().await?.ok_or("the server hung up")?;
                if !line.ends_with(" joined") {
                    heard.push(line);
                }
            }
            // Nobody leaves before all have heard all.
            everybody.wait().await;
            client.leave().await?;
            Result::Ok(heard)
        });
    }
    let mut heard = Vec::new();
    for lines in talkers.join_all().await {
        heard.push(lines?);
    }
    let same = heard.iter().all(|lines| *lines == heard[0]);
    println!(
        "{TALKERS} talkers said {LINES_EACH} lines each; all heard all in the same order: {same}"
    );

    let in_order = (0..TALKERS).all(|number| {
        let name = format!("talker {number}: ");
        let said = heard[0].iter().filter_map(|line| line.strip_prefix(&name));
        said.eq((0..LINES_EACH).map(|line| format!("line {line}")))
    });
    println!("what each said is in order: {in_order}");
    Ok(())
}

pub async fn some_leave(server: &mut Server, authority: &Authority) -> Result {
    let address = server.address;
    let join = |name| async move { Client::join(address, authority.connector()?, name).await };
    let mut witness = join("witness").await?;

    join("polite").await?.leave().await?;
    let last = witness.hear_until("polite left").await?.pop();
    println!("who says goodbye: {last:?}");

    drop(join("rude").await?);
    let last = witness.hear_until("rude left").await?.pop();
    println!("who hangs up: {last:?}");
    println!("the server says: {}", server.fault().await);
    witness.leave().await?;
    Ok(())
}
