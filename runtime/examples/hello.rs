//! The smallest program that does something: a task that serves, and the main task that asks it.

use std::io;
use std::time::Duration;

use runtime::io::{AsyncReadExt, AsyncWriteExt};
use runtime::net::{TcpListener, TcpStream};
use runtime::time::sleep;

#[runtime::main]
async fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let addr = listener.local_addr()?;

    let server = runtime::spawn(async move {
        let (mut stream, _) = listener.accept().await?;
        sleep(Duration::from_millis(100)).await;
        stream.write_all(b"hello from a task\n").await
    });

    let mut text = String::new();
    TcpStream::connect(addr)
        .await?
        .read_to_string(&mut text)
        .await?;
    print!("{text}");
    server.await?
}
