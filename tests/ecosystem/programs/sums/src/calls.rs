//! What the service is for.

use std::error::Error;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_stream::wrappers::ReceiverStream;
use tokio_stream::{self as stream, StreamExt};
use tonic::{Request, Status};

use crate::messages::{Number, Terms};
use crate::server::{Client, Server};

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

const CALLS: i64 = 200;
const LONG_STREAM: i64 = 5_000;

/// Many calls at once on one connection.
pub async fn unary(client: &Client) -> Result {
    let mut calls = JoinSet::new();
    for number in 0..CALLS {
        let mut client = client.clone();
        calls.spawn(async move {
            let values = vec![number, number, 1];
            let sum = client.add(Terms { values }).await?.into_inner();
            Ok::<_, Status>(sum.value == 2 * number + 1)
        });
    }
    let mut right = 0;
    for sum in calls.join_all().await {
        right += usize::from(sum?);
    }
    println!("{CALLS} calls at once: {right} right");

    let values = vec![i64::MAX, 1];
    let overflow = client.clone().add(Terms { values }).await;
    println!("a sum that does not fit: {}", outcome(overflow));
    Ok(())
}

pub async fn streams(client: &Client) -> Result {
    let mut client = client.clone();
    let mut counted = client.count(Number::from(LONG_STREAM)).await?.into_inner();
    let mut in_order = 0;
    while let Some(number) = counted.message().await? {
        in_order += i64::from(number.value == in_order + 1);
    }
    println!("from the server: {in_order} numbers in order");

    let numbers = stream::iter((1..=LONG_STREAM).map(Number::from));
    let total = client.total(numbers).await?.into_inner().value;
    println!("from the client: a total of {total}");

    let (numbers, stream) = mpsc::channel(1);
    let mut sums = client
        .running(ReceiverStream::new(stream))
        .await?
        .into_inner();
    let mut answers = Vec::new();
    for number in 1..=5 {
        numbers.send(Number::from(number)).await?;
        answers.extend(sums.message().await?.map(|sum| sum.value));
    }
    drop(numbers);
    println!(
        "both ways, in turns: {answers:?}, then the end: {}",
        sums.message().await?.is_none()
    );
    Ok(())
}

/// The service learns that nobody waits for an answer any more.
pub async fn given_up(client: &Client, server: &Server) -> Result {
    let mut client = client.clone();
    let shared = &server.shared;
    tokio::select! {
        answer = client.wait(Number::from(0)) => println!("unexpected: {answer:?}"),
        () = shared.waiting.notified() => {}
    }
    shared.given_up.notified().await;
    println!("a call that is dropped: the service is told");

    let mut request = Request::new(Number::from(0));
    request.set_timeout(Duration::from_millis(200));
    println!(
        "a call with a deadline: {}",
        outcome(client.wait(request).await)
    );
    shared.given_up.notified().await;
    println!("and the service is told");

    let counted = client.count(Number::from(i64::MAX)).await?.into_inner();
    let some: Vec<_> = counted.take(3).collect().await;
    println!("a stream that is dropped after {} numbers", some.len());
    shared.given_up.notified().await;
    println!("and the service is told");
    Ok(())
}

/// A call that is being served is served to its end.
pub async fn at_the_end(server: Server, client: Client) -> Result {
    let (numbers, stream) = mpsc::channel(1);
    let mut sums = client
        .clone()
        .running(ReceiverStream::new(stream))
        .await?
        .into_inner();
    let ended = server.end();
    numbers.send(Number::from(1)).await?;
    let sum = sums.message().await?;
    drop(numbers);
    println!(
        "a call at the end: {:?}, then the end: {}",
        sum,
        sums.message().await?.is_none()
    );
    drop(client);
    ended.await?;
    println!("the service has ended");
    Ok(())
}

/// The number of an answer, or the code and the text of its status.
pub fn outcome(answer: std::result::Result<tonic::Response<Number>, Status>) -> String {
    match answer {
        Ok(answer) => answer.into_inner().value.to_string(),
        Err(status) => format!("{:?}: {}", status.code(), status.message()),
    }
}
