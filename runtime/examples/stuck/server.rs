//! The server. This file is compiled twice, for `runtime` and for tokio: `rt` is one or the other.

use std::io;
use std::net;
use std::time::{Duration, Instant};

use super::rt;
use crate::ticks::Ticks;
use crate::trap::Trap;

use rt::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use rt::net::{TcpListener, TcpStream};

const PERIOD: Duration = Duration::from_millis(10);

/// How long a failed `accept` (no descriptors left, most often) is left alone before the next.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves each connection on a task of its own.
pub(crate) async fn serve(listener: net::TcpListener, trap: Trap) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    loop {
        match listener.accept().await {
            Ok((stream, _)) => drop(rt::spawn(serve_connection(stream, trap.clone()))),
            Err(error) => {
                eprintln!("stuck: cannot accept a connection: {error}");
                rt::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Runs every 10 ms, and notes how late.
pub(crate) async fn tick(ticks: Ticks) {
    let mut interval = rt::time::interval(PERIOD);
    loop {
        let due: Instant = interval.tick().await.into();
        ticks.note(due.elapsed());
    }
}

/// As much of HTTP as the demo needs: a request without a body, and an answer.
async fn serve_connection(stream: TcpStream, trap: Trap) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    let (mut request, mut header) = (String::new(), String::new());
    while stream.read_line(&mut request).await? > 0 {
        while stream.read_line(&mut header).await? > "\r\n".len() {
            header.clear();
        }
        let answer = answer(request.split(' ').nth(1).unwrap_or("/"), &trap);
        stream.write_all(answer.as_bytes()).await?;
        request.clear();
        header.clear();
    }
    Ok(())
}

fn answer(path: &str, trap: &Trap) -> String {
    let (status, text) = match path {
        "/" => ("200 OK", "at your service\n"),
        "/stuck" => {
            trap.get_stuck();
            ("200 OK", "out of the trap\n")
        }
        _ => ("404 Not Found", "there are / and /stuck\n"),
    };
    let length = text.len();
    format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n\r\n{text}")
}
