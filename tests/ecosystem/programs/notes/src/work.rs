//! What the service is for.

use std::collections::BTreeSet;
use std::error::Error;

use tokio::task::JoinSet;

use crate::client::{Client, described};
use crate::server::Server;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

const CLIENTS: usize = 8;
const NOTES_EACH: usize = 25;

pub async fn write_and_read(client: &Client) -> Result {
    let mut writers = JoinSet::new();
    for writer in 0..CLIENTS {
        let client = client.clone();
        writers.spawn(async move {
            let mut written = Vec::new();
            for number in 0..NOTES_EACH {
                let text = format!("note {number} of {writer}");
                written.push((client.add(text.clone()).await?, text));
            }
            Ok::<_, reqwest::Error>(written)
        });
    }
    let mut written = BTreeSet::new();
    for notes in writers.join_all().await {
        written.extend(notes?);
    }
    println!(
        "{CLIENTS} clients wrote {NOTES_EACH} notes each: {} stored",
        written.len()
    );

    let mut same = 0;
    for (id, text) in &written {
        same += usize::from(client.text(*id).await? == *text);
    }
    println!("read back one by one: {same} as written");

    let all = client.get("/notes").await?.text().await?;
    let in_order = written.iter().map(|(_, text)| text.as_str());
    println!(
        "read back as a stream: {} lines, in order: {}",
        all.lines().count(),
        all.lines().eq(in_order)
    );
    Ok(())
}

/// Pairs are swapped side by side, each twice.
pub async fn swap(client: &Client) -> Result {
    let before = client.get("/notes").await?.text().await?;
    for time in 1..=2 {
        let mut pairs = JoinSet::new();
        for a in (1..20).step_by(2) {
            let client = client.clone();
            pairs.spawn(async move { client.post(&format!("/swap/{a}/{}", a + 1)).await });
        }
        let mut swapped = 0;
        for answer in pairs.join_all().await {
            swapped += usize::from(answer?.status().is_success());
        }
        let now = client.get("/notes").await?.text().await?;
        println!(
            "swapped {swapped} pairs {time} times: as before: {}",
            now == before
        );
    }
    Ok(())
}

/// The client closes its connection while the service is between two statements.
pub async fn go_away_in_a_transaction(client: &Client, server: &Server) -> Result {
    let before = client.get("/notes").await?.text().await?;
    tokio::select! {
        answer = client.post("/swap/1/2/and-wait") => println!("unexpected: {answer:?}"),
        () = server.shared.half_way.notified() => {}
    }
    server.shared.given_up.notified().await;
    let now = client.get("/notes").await?.text().await?;
    println!(
        "a client went in mid transaction: rolled back: {}",
        now == before
    );
    let answer = client.post("/swap/1/2").await?;
    println!("the next transaction: {}", answer.status());
    Ok(())
}

/// A request that is being served is served to its end.
pub async fn end(server: Server, client: Client) -> Result {
    let shared = server.shared.clone();
    let slow = tokio::spawn({
        let client = client.clone();
        async move { client.get("/slow").await?.text().await }
    });
    shared.slow.notified().await;
    let ended = server.end();
    shared.slow_may_end.notify_one();
    println!("a request at the end: {}", slow.await??);
    ended.await?;
    match client.get("/notes").await {
        Ok(answer) => println!("unexpected: {}", answer.status()),
        Err(error) => println!("a request after the end: {}", described(&error)),
    }
    Ok(())
}
