//! A process without descriptors: the error reaches who accepts, and the runtime stays well.

use std::env;
use std::io::Read;
use std::net::TcpStream as StdStream;
use std::os::fd::AsRawFd;
use std::process::Command;

use futures_lite::io::{AsyncReadExt, AsyncWriteExt};
use runtime::net::TcpListener;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::harness::{current_thread, multi_thread, pair, within_patience};

const CHILD: &str = "RUNTIME_TEST_OUT_OF_DESCRIPTORS";

#[test]
fn accepting_without_descriptors_is_an_error_that_passes() {
    // The limit is the process's: it is lowered in a child that runs this test alone.
    if env::var_os(CHILD).is_some() {
        for make in [multi_thread, current_thread] {
            within_patience(move || make().block_on(run_out_and_recover()));
        }
        return;
    }
    let name = "out_of_descriptors::accepting_without_descriptors_is_an_error_that_passes";
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture", "--test-threads=1"])
        .env(CHILD, "1")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

async fn run_out_and_recover() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (mut here, mut there) = pair().await;
    let mut client = StdStream::connect(address).unwrap();

    let limit = exhaust();
    for _ in 0..3 {
        let error = listener.accept().await.unwrap_err();
        assert_eq!(
            error.raw_os_error(),
            Some(rustix::io::Errno::MFILE.raw_os_error())
        );
    }
    // What is there already goes on working, and tasks run.
    runtime::spawn(async move { there.write_all(b"well").await.unwrap() })
        .await
        .unwrap();
    let mut buf = [0; 4];
    here.read_exact(&mut buf).await.unwrap();
    assert_eq!(&buf, b"well");

    setrlimit(Resource::Nofile, limit).unwrap();
    let (mut stream, _) = listener.accept().await.unwrap();
    stream.write_all(b"at last").await.unwrap();
    drop(stream);
    let mut answer = String::new();
    client.read_to_string(&mut answer).unwrap();
    assert_eq!(answer, "at last");
}

/// Lowers the limit to what is open now; returns what it was.
fn exhaust() -> Rlimit {
    let before = getrlimit(Resource::Nofile);
    let next = rustix::io::dup(std::io::stderr()).unwrap().as_raw_fd();
    let limit = Rlimit {
        current: Some(next as u64),
        maximum: before.maximum,
    };
    setrlimit(Resource::Nofile, limit).unwrap();
    before
}
