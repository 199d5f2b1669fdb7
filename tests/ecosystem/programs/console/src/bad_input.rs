//! A console that is not there, clients that leave, and a task that nobody knows.

use std::error::Error;
use std::io;
use std::net::SocketAddr;

use console_api::instrument::instrument_client::InstrumentClient;
use console_api::instrument::{InstrumentRequest, TaskDetailsRequest};

use crate::view::watch;
use crate::{Result, free_port};

pub async fn nobody_listens() -> Result {
    let gone = free_port()?;
    match InstrumentClient::connect(format!("http://{gone}")).await {
        Ok(_) => println!("nobody listens: success"),
        Err(error) => println!("nobody listens: {}", root(&error)),
    }
    Ok(())
}

fn root(error: &(dyn Error + 'static)) -> String {
    let mut root = error;
    while let Some(source) = root.source() {
        root = source;
    }
    match root.downcast_ref::<io::Error>() {
        Some(error) => error.kind().to_string(),
        None => root.to_string(),
    }
}

/// Others are served afterwards.
pub async fn a_client_that_leaves(address: SocketAddr) -> Result {
    for _ in 0..5 {
        let mut client = InstrumentClient::connect(format!("http://{address}")).await?;
        let updates = client.watch_updates(InstrumentRequest {}).await?;
        drop((client, updates));
    }
    let rows = watch(address, |rows| !rows.is_empty()).await?;
    println!("after clients that left: {}", !rows.is_empty());
    Ok(())
}

pub async fn nobodys_task(address: SocketAddr) -> Result {
    let mut client = InstrumentClient::connect(format!("http://{address}")).await?;
    let request = TaskDetailsRequest {
        id: Some(u64::MAX.into()),
    };
    match client.watch_task_details(request).await {
        Ok(_) => println!("nobody's task: success"),
        Err(status) => println!("nobody's task: {:?}", status.code()),
    }
    Ok(())
}
