//! Channels of messages: on connections of their own, and beside the answers to commands.

use futures_util::StreamExt;
use redis::{AsyncCommands, AsyncConnectionConfig, PushKind, RedisResult, from_redis_value};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::Result;
use crate::servers::Server;

const MESSAGES: usize = 200;
const SUBSCRIBERS: usize = 3;

pub async fn to_subscribers(server: &Server) -> Result {
    let mut subscribers = JoinSet::new();
    for _ in 0..SUBSCRIBERS {
        let mut subscriber = server.subscriber().await?;
        subscriber.subscribe("news").await?;
        subscriber.psubscribe("new?").await?;
        subscribers.spawn(async move {
            let mut messages = subscriber.on_message();
            let mut in_order = 0;
            // Each comes twice: to the name and to the pattern.
            for number in 0..2 * MESSAGES {
                let message = messages.next().await.ok_or("the stream has ended")?;
                let payload: usize = message.get_payload()?;
                in_order += usize::from(payload == number / 2);
            }
            Result::Ok(in_order)
        });
    }
    let mut publisher = server.connection().await?;
    let mut receivers = 0;
    for number in 0..MESSAGES {
        receivers += publisher.publish::<_, _, usize>("news", number).await?;
    }
    let mut in_order = 0;
    for subscriber in subscribers.join_all().await {
        in_order += subscriber?;
    }
    println!("messages: {receivers} sent, {in_order} received in order");
    Ok(())
}

/// On one connection, which goes on with its commands.
pub async fn beside_answers(server: &Server) -> Result {
    let (sender, mut pushed) = mpsc::unbounded_channel();
    let config = AsyncConnectionConfig::new().set_push_sender(sender);
    let client = server.client()?;
    let mut connection = client
        .get_multiplexed_async_connection_with_config(&config)
        .await?;
    connection.subscribe("beside").await?;
    let mut commands = connection.clone();
    let commands = tokio::spawn(async move {
        for _ in 0..MESSAGES {
            let _: usize = commands.incr("beside", 1).await?;
        }
        commands.get::<_, usize>("beside").await
    });
    let mut publisher = server.connection().await?;
    let publisher = tokio::spawn(async move {
        for number in 0..MESSAGES {
            let _: usize = publisher.publish("beside", number).await?;
        }
        RedisResult::Ok(())
    });
    let mut in_order = 0;
    while in_order < MESSAGES {
        let mut push = pushed.recv().await.ok_or("the connection has ended")?;
        if push.kind == PushKind::Message {
            let payload = push.data.pop().ok_or("a message without payload")?;
            if from_redis_value::<usize>(payload)? != in_order {
                break;
            }
            in_order += 1;
        }
    }
    publisher.await??;
    println!(
        "beside {} commands: {in_order} of {MESSAGES} messages in order",
        commands.await??
    );
    Ok(())
}
