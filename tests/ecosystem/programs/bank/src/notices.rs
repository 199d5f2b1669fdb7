//! LISTEN and NOTIFY: messages that the server sends on its own.

use std::future::poll_fn;

use sqlx::postgres::PgListener;
use tokio::sync::mpsc;
use tokio_postgres::{AsyncMessage, NoTls};

use crate::Result;
use crate::servers::Server;

const MESSAGES: usize = 50;

pub async fn through_a_pool(server: &Server) -> Result {
    let pool = server.pool(2);
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.listen("transfers").await?;
    let sender = tokio::spawn({
        let pool = pool.clone();
        async move {
            for number in 0..MESSAGES {
                sqlx::query("select pg_notify('transfers', $1)")
                    .bind(number.to_string())
                    .execute(&pool)
                    .await?;
            }
            Ok::<_, sqlx::Error>(())
        }
    });
    let mut in_order = 0;
    for number in 0..MESSAGES {
        in_order += usize::from(listener.recv().await?.payload() == number.to_string());
    }
    sender.await??;
    println!("sqlx: {in_order} of {MESSAGES} messages in order");
    Ok(())
}

pub async fn through_one_connection(server: &Server) -> Result {
    let (client, mut connection) = server.for_tokio_postgres().connect(NoTls).await?;
    let (sender, mut messages) = mpsc::unbounded_channel();
    let served = tokio::spawn(async move {
        while let Some(message) = poll_fn(|context| connection.poll_message(context)).await {
            if let AsyncMessage::Notification(message) = message? {
                let _ = sender.send(message.payload().to_owned());
            }
        }
        Ok::<_, tokio_postgres::Error>(())
    });
    client.batch_execute("listen transfers").await?;
    for number in 0..MESSAGES {
        let notify = format!("notify transfers, '{number}'");
        client.batch_execute(&notify).await?;
    }
    let mut in_order = 0;
    for number in 0..MESSAGES {
        in_order += usize::from(messages.recv().await == Some(number.to_string()));
    }
    println!("tokio-postgres: {in_order} of {MESSAGES} messages in order");
    drop(client);
    served.await??;
    println!(
        "tokio-postgres: after the client: {:?}",
        messages.recv().await
    );
    Ok(())
}
