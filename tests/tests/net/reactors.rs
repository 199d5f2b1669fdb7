//! Descriptors are shared out among the reactors, wherever they come from.

use std::net::Ipv4Addr;
use std::thread;

use futures_lite::{AsyncReadExt, AsyncWriteExt};
use runtime::net::{TcpListener, TcpStream};
use runtime::runtime::{Handle, RuntimeMetrics};
use runtime_tests::alone;
use runtime_tests::flavor::Flavor;
use runtime_tests::watchdog::Watchdog;

const CONNECTIONS: usize = 400;

/// Numbers of workers, and of the reactors that they have.
const SIZES: [(usize, usize); 5] = [(1, 1), (8, 1), (9, 2), (16, 2), (32, 4)];

/// Threads that register at the same moment may choose the same reactor.
const AT_ONCE: u64 = 8;

/// No reactor has many more than another, and all together have these at least.
#[track_caller]
fn assert_shared_out(metrics: &RuntimeMetrics, reactors: usize, descriptors: usize) {
    assert_eq!(metrics.num_reactors(), reactors);
    let counts: Vec<u64> = (0..reactors)
        .map(|reactor| metrics.reactor_fd_count(reactor))
        .collect();
    let (least, most) = (counts.iter().min().unwrap(), counts.iter().max().unwrap());
    assert!(most - least <= AT_ONCE, "{counts:?}");
    assert!(
        counts.iter().sum::<u64>() >= descriptors as u64,
        "{counts:?}"
    );
}

/// One loop accepts them all, on the thread that has called `block_on`.
async fn accept_all(listener: &TcpListener) -> Vec<TcpStream> {
    let mut accepted = Vec::new();
    for _ in 0..CONNECTIONS {
        accepted.push(listener.accept().await.unwrap().0);
    }
    accepted
}

/// Clients that are no sockets of the runtime.
fn connect_from_outside(server: &TcpListener) -> thread::JoinHandle<Vec<std::net::TcpStream>> {
    let address = server.local_addr().unwrap();
    let connect = move |_| std::net::TcpStream::connect(address).unwrap();
    thread::spawn(move || (0..CONNECTIONS).map(connect).collect())
}

#[runtime::main(worker_threads = 32)]
async fn serve() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let clients = connect_from_outside(&listener);
    let accepted = accept_all(&listener).await;
    assert_shared_out(&Handle::current().metrics(), 4, CONNECTIONS);
    drop((accepted, clients.join().unwrap()));
}

#[test]
fn what_the_accept_loop_of_a_main_function_accepts_is_shared_out() {
    // It is the closure that tells which test this is.
    alone::run(|| {
        serve();
    });
}

#[test]
fn what_an_accept_loop_in_a_task_accepts_is_shared_out() {
    alone::run(|| {
        for (workers, reactors) in SIZES {
            let rt = Flavor::MultiThread(workers).build();
            let accepting = rt.spawn(async {
                let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
                let clients = connect_from_outside(&listener);
                (accept_all(&listener).await, clients.join().unwrap())
            });
            let connections = rt.block_on(accepting).unwrap();
            assert_shared_out(&rt.metrics(), reactors, CONNECTIONS);
            drop(connections);
        }
    });
}

#[test]
fn what_one_task_connects_is_shared_out() {
    alone::run(|| {
        for (workers, reactors) in SIZES {
            let rt = Flavor::MultiThread(workers).build();
            let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
            let server = listener.local_addr().unwrap();
            let accepting = thread::spawn(move || {
                let accept = |_| listener.accept().unwrap();
                (0..CONNECTIONS).map(accept).collect::<Vec<_>>()
            });
            let connecting = rt.spawn(async move {
                let mut connected = Vec::new();
                for _ in 0..CONNECTIONS {
                    connected.push(TcpStream::connect(server).await.unwrap());
                }
                connected
            });
            let connected = rt.block_on(connecting).unwrap();
            assert_shared_out(&rt.metrics(), reactors, CONNECTIONS);
            drop((connected, accepting.join().unwrap()));
        }
    });
}

/// Registers one end of a connection from a thread that is no worker.
fn register(handle: &Handle) -> (TcpStream, std::net::TcpStream) {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let theirs = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (ours, _) = listener.accept().unwrap();
    ours.set_nonblocking(true).unwrap();
    let _entered = handle.enter();
    (TcpStream::from_std(ours).unwrap(), theirs)
}

#[test]
fn what_threads_outside_register_is_shared_out() {
    const THREADS: usize = 4;
    alone::run(|| {
        for (workers, reactors) in SIZES {
            let rt = Flavor::MultiThread(workers).build();
            let threads: Vec<_> = (0..THREADS)
                .map(|_| {
                    let handle = rt.handle().clone();
                    let each = move || {
                        (0..CONNECTIONS / THREADS)
                            .map(|_| register(&handle))
                            .collect()
                    };
                    thread::spawn(each)
                })
                .collect();
            let pairs: Vec<Vec<_>> = threads.into_iter().map(|it| it.join().unwrap()).collect();
            assert_shared_out(&rt.metrics(), reactors, CONNECTIONS);
            drop(pairs);
        }
    });
}

/// Those that come later fill the gaps.
#[test]
fn what_closes_on_one_reactor_makes_room_there() {
    alone::run(|| {
        let rt = Flavor::MultiThread(32).build();
        let mut pairs: Vec<_> = (0..CONNECTIONS).map(|_| register(rt.handle())).collect();
        // They are dealt out in turn, so this takes those of one reactor away.
        let mut index = 0;
        pairs.retain(|_| {
            index += 1;
            index % 4 != 0
        });
        let left = pairs.len();
        pairs.extend((left..CONNECTIONS).map(|_| register(rt.handle())));
        assert_shared_out(&rt.metrics(), 4, CONNECTIONS);
    });
}

/// A reactor without workers of its own awake is turned all the same.
#[test]
fn every_connection_is_served_whatever_its_reactor() {
    for (workers, _) in SIZES {
        let _watchdog = Watchdog::start(format!("with {workers} workers"));
        let rt = Flavor::MultiThread(workers).build();
        let pairs: Vec<_> = (0..40).map(|_| register(rt.handle())).collect();
        let mut clients = Vec::new();
        for (mut ours, theirs) in pairs {
            clients.push(theirs);
            drop(rt.spawn(async move {
                let mut byte = [0];
                while ours.read_exact(&mut byte).await.is_ok() {
                    ours.write_all(&byte).await.unwrap();
                }
            }));
        }
        for (number, client) in (0_u8..).zip(&mut clients) {
            use std::io::{Read, Write};
            client.write_all(&[number]).unwrap();
            let mut answer = [0];
            client.read_exact(&mut answer).unwrap();
            assert_eq!(answer, [number]);
        }
    }
}
