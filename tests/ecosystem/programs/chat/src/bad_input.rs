//! Handshakes that are refused, and clients that send what they must not.

use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_tungstenite::tungstenite::Message;

use crate::Result;
use crate::certificates::{Authority, NAME};
use crate::client::{Client, shake_hands};
use crate::server::Server;

pub async fn handshakes(server: &mut Server, authority: &Authority) -> Result {
    let others = Authority::new("somebody's")?.connector()?;
    both(server, "an authority that is not trusted", others, NAME).await;
    both(server, "another name", authority.connector()?, "elsewhere").await;

    let mut stream = TcpStream::connect(server.address).await?;
    stream.write_all(b"GET / HTTP/1.1\r\n\r\n").await?;
    println!(
        "a client without TLS: the server says: {}",
        server.fault().await
    );
    let mut stream = TcpStream::connect(server.address).await?;
    stream.shutdown().await?;
    println!(
        "a client that hangs up: the server says: {}",
        server.fault().await
    );
    let _silent = TcpStream::connect(server.address).await?;
    println!(
        "a client that says nothing: the server says: {}",
        server.fault().await
    );

    let mut stream = shake_hands(server.address, authority.connector()?, NAME).await?;
    stream.write_all(b"GET / HTTP/1.1\r\n\r\n").await?;
    println!(
        "a client without WebSocket: the server says: {}",
        server.fault().await
    );

    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let greeter = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await?;
        stream.write_all(b"220 ready\r\n").await?;
        // Until the client has gone.
        stream.read_to_end(&mut Vec::new()).await
    });
    let refused = shake_hands(address, authority.connector()?, NAME).await;
    println!(
        "a server without TLS: the client says: {}",
        error_of(refused)
    );
    greeter.await??;
    Ok(())
}

/// Prints what both ends say of a handshake.
async fn both(server: &mut Server, what: &str, connector: TlsConnector, name: &'static str) {
    let refused = shake_hands(server.address, connector, name).await;
    println!("{what}: the client says: {}", error_of(refused));
    println!("{what}: the server says: {}", server.fault().await);
}

fn error_of<T>(result: Result<T>) -> String {
    match result {
        Ok(_) => "nothing".to_owned(),
        Err(error) => error.to_string(),
    }
}

pub async fn clients_without_certificates(authority: &Authority) -> Result {
    let mut server = Server::start(authority.strict_acceptor()?).await?;
    let refused = Client::join(server.address, authority.connector()?, "nobody").await;
    // It may hear of the refusal, or of a connection that is reset.
    println!(
        "a client without a certificate gets in: {}",
        refused.is_ok()
    );
    println!("the server says: {}", server.fault().await);
    let connector = authority.certified_connector()?;
    Client::join(server.address, connector, "somebody")
        .await?
        .leave()
        .await?;
    println!("a client with a certificate gets in");
    Ok(())
}

pub async fn messages(server: &mut Server, authority: &Authority) -> Result {
    let mut witness = Client::join(server.address, authority.connector()?, "witness").await?;
    let address = server.address;
    let joined = async |name| Client::join(address, authority.connector()?, name).await;

    let mut client = joined("long").await?;
    client.say(&"x".repeat(5_000)).await?;
    println!("a message of 5 kB: {}", server.fault().await);
    witness.hear_until("long left").await?;

    let mut client = joined("unmasked").await?;
    // A frame of two bytes without the mask that clients must use.
    let stream = client.socket.get_mut();
    stream.write_all(&[0x81, 0x02, b'h', b'i']).await?;
    stream.flush().await?;
    println!("a frame without a mask: {}", server.fault().await);
    witness.hear_until("unmasked left").await?;

    let mut client = joined("pinger").await?;
    client
        .socket
        .send(Message::Ping(b"still there?".as_slice().into()))
        .await?;
    let answer = loop {
        match client.socket.next().await.transpose()? {
            Some(Message::Pong(bytes)) => break String::from_utf8_lossy(&bytes).into_owned(),
            Some(_) => {}
            None => break "nothing".to_owned(),
        }
    };
    println!("a ping after all that is answered: {answer}");
    witness.say("still here").await?;
    println!(
        "and the others: {:?}",
        witness.hear_until("witness: still here").await?.last()
    );
    Ok(())
}
