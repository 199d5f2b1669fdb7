//! Handshakes that are refused, ports where nobody is, and noise.

use quinn::Endpoint;
use tokio::net::UdpSocket;

use crate::Result;
use crate::endpoints::{self, ANY_PORT, NAME, outcome};
use crate::server::Server;
use crate::work::echo;

pub async fn handshakes() -> Result {
    let server = Server::start()?;
    let stranger = endpoints::server()?.1;
    let untrusted = endpoints::client(stranger)?;
    println!(
        "not trusted: {}",
        connected(&untrusted, &server, NAME).await
    );
    let client = endpoints::client(server.certificate.clone())?;
    println!(
        "another name: {}",
        connected(&client, &server, "example.com").await
    );
    let other = endpoints::client_of_another_protocol(server.certificate.clone())?;
    println!(
        "another protocol: {}",
        connected(&other, &server, NAME).await
    );
    println!(
        "as it should be: {}",
        connected(&client, &server, NAME).await
    );

    let (endpoint, certificate) = endpoints::server()?;
    let address = endpoint.local_addr()?;
    let refusing = tokio::spawn(async move {
        if let Some(incoming) = endpoint.accept().await {
            incoming.refuse();
        }
        endpoint.wait_idle().await;
    });
    let client = endpoints::client(certificate)?;
    println!("refused: {}", outcome(client.connect(address, NAME)?.await));
    refusing.await?;
    Ok(())
}

async fn connected(client: &Endpoint, server: &Server, name: &str) -> String {
    match client.connect(server.address, name) {
        Ok(connecting) => outcome(connecting.await),
        Err(error) => error.to_string(),
    }
}

pub async fn nobody_listens() -> Result {
    let gone = UdpSocket::bind(ANY_PORT).await?.local_addr()?;
    let client = endpoints::client(endpoints::server()?.1)?;
    println!(
        "nobody listens: {}",
        outcome(client.connect(gone, NAME)?.await)
    );
    Ok(())
}

/// Datagrams that are no packets do not disturb those that are.
pub async fn noise() -> Result {
    let server = Server::start()?;
    let (_endpoint, connection) = server.connect().await?;
    let socket = UdpSocket::bind(ANY_PORT).await?;
    for length in [0, 1, 20, 600, 1_200] {
        for first in [0x00, 0x40, 0xc0, 0xff] {
            let mut bytes = vec![0x55; length];
            bytes.iter_mut().take(1).for_each(|byte| *byte = first);
            socket.send_to(&bytes, server.address).await?;
        }
    }
    let echoed = echo(&connection, b"heard").await? == b"heard";
    let again = server.connect().await.is_ok();
    println!("beside noise: an echo: {echoed}, a new connection: {again}");
    Ok(())
}

/// A server whose task ends without a word, while its socket stays.
pub async fn a_server_that_falls_silent() -> Result {
    let (endpoint, certificate) = endpoints::server()?;
    let address = endpoint.local_addr()?;
    let deaf = tokio::spawn(async move {
        let Some(incoming) = endpoint.accept().await else {
            return;
        };
        let Ok(connection) = incoming.await else {
            return;
        };
        // Nothing is read from here on, and no packet is answered.
        let _ = endpoint.rebind(std::net::UdpSocket::bind(ANY_PORT).expect("a free port"));
        connection.closed().await;
    });
    let client = endpoints::client(certificate)?;
    let connection = client.connect(address, NAME)?.await?;
    let (mut send, mut receive) = connection.open_bi().await?;
    send.write_all(b"is anybody there?").await?;
    println!(
        "a server that falls silent: {}",
        outcome(receive.read_to_end(100).await)
    );
    deaf.abort();
    Ok(())
}
