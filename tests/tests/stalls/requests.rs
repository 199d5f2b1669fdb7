//! Requests to a server, of which each blocks its worker.

use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use futures_lite::AsyncReadExt;
use runtime::net::TcpListener;
use runtime::runtime::Runtime;

/// Makes requests that end when the value is dropped that stands for them.
#[derive(Debug)]
pub(crate) struct BlockingRequests {
    server: SocketAddr,
    /// Tells the server by when the next request is to end.
    next: Sender<Receiver<()>>,
    begun: Receiver<()>,
}

impl BlockingRequests {
    pub(crate) fn start(rt: &Runtime) -> Self {
        let listener = rt.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let server = listener.local_addr().unwrap();
        let (next, ends) = channel::<Receiver<()>>();
        let (begin, begun) = channel();
        let ends = Arc::new(Mutex::new(ends));
        drop(rt.spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let (ends, begin) = (ends.clone(), begin.clone());
                drop(runtime::spawn(async move {
                    stream.read_exact(&mut [0]).await.unwrap();
                    let end = ends.lock().unwrap().recv().unwrap();
                    begin.send(()).unwrap();
                    end.recv().unwrap_err()
                }));
            }
        }));
        BlockingRequests {
            server,
            next,
            begun,
        }
    }

    /// Sends a request and waits until it blocks.
    pub(crate) fn send(&mut self) -> Sender<()> {
        let (end, ended) = channel();
        self.next.send(ended).unwrap();
        let mut client = TcpStream::connect(self.server).unwrap();
        client.write_all(&[1]).unwrap();
        self.begun.recv().unwrap();
        end
    }
}
