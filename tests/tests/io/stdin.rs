//! Standard input, in processes of their own.

use std::fs::File;
use std::io::{Seek, Write};
use std::os::fd::IntoRawFd;
use std::thread;

use futures_lite::future;
use runtime::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, stdin};
use runtime_tests::alone;
use runtime_tests::flavor::{EVERY_FLAVOR, Flavor, on_every_flavor};
use runtime_tests::process::{lift, limit};
use rustix::fs::OFlags;
use rustix::pipe::pipe;
use rustix::process::Resource;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::stdio::dup2_stdin;

/// Puts the end of a new pipe in the place of standard input, and returns the other.
fn piped_stdin() -> File {
    let (reader, writer) = pipe().unwrap();
    dup2_stdin(reader).unwrap();
    writer.into()
}

fn mebibyte() -> Vec<u8> {
    (0..1 << 20).map(|n| (n * 7 + n / 251) as u8).collect()
}

#[test]
fn a_mebibyte_goes_through_from_stdin_to_stdout() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            let mut writer = piped_stdin();
            let (output, stdout) = pipe().unwrap();
            rustix::stdio::dup2_stdout(stdout).unwrap();
            let writing = thread::spawn(move || writer.write_all(&mebibyte()).unwrap());
            let reading = thread::spawn(|| {
                let mut read = vec![0; 1 << 20];
                std::io::Read::read_exact(&mut File::from(output), &mut read).unwrap();
                read
            });
            flavor.build().block_on(async {
                let mut stdout = runtime::io::stdout();
                let copied = runtime::io::copy(&mut stdin(), &mut stdout).await.unwrap();
                assert_eq!(copied, 1 << 20);
                stdout.flush().await.unwrap();
            });
            writing.join().unwrap();
            assert!(reading.join().unwrap() == mebibyte());
        });
    });
}

#[test]
fn a_regular_file_is_read_to_its_end() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            let path = std::env::temp_dir().join(format!("stdin-{}", std::process::id()));
            let mut file = File::options()
                .read(true)
                .write(true)
                .create(true)
                .truncate(true)
                .open(&path)
                .unwrap();
            std::fs::remove_file(path).unwrap();
            file.write_all(&mebibyte()).unwrap();
            file.rewind().unwrap();
            dup2_stdin(file).unwrap();
            flavor.build().block_on(async {
                let (mut stdin, mut read) = (stdin(), vec![0; 10]);
                // A read that is given up, and a smaller one after it.
                let _ = future::poll_once(stdin.read(&mut [0; 5000])).await;
                stdin.read_exact(&mut read).await.unwrap();
                stdin.read_to_end(&mut read).await.unwrap();
                assert!(read == mebibyte());
                assert_eq!(stdin.read(&mut [0]).await.unwrap(), 0);
            });
        });
    });
}

#[test]
fn a_terminal_gives_its_lines() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
            grantpt(&terminal).unwrap();
            unlockpt(&terminal).unwrap();
            let name = ptsname(&terminal, Vec::new()).unwrap();
            let line = rustix::fs::open(name, OFlags::RDWR | OFlags::NOCTTY, 0.into()).unwrap();
            dup2_stdin(line).unwrap();
            let mut terminal = File::from(terminal);
            let rt = flavor.build();
            rt.block_on(async {
                let mut lines = BufReader::new(stdin()).lines();
                terminal.write_all(b"half").unwrap();
                assert!(future::poll_once(lines.next_line()).await.is_none());
                terminal.write_all(b" a line\nand more\n").unwrap();
                assert_eq!(lines.next_line().await.unwrap().unwrap(), "half a line");
                assert_eq!(lines.next_line().await.unwrap().unwrap(), "and more");
                terminal.write_all(b"\x04").unwrap();
                assert!(lines.next_line().await.unwrap().is_none());
            });
            assert_eq!(rt.metrics().num_blocking_threads(), 0);
        });
    });
}

#[test]
fn an_empty_or_closed_stdin_does_not_wait() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            flavor.build().block_on(async {
                dup2_stdin(File::open("/dev/null").unwrap()).unwrap();
                assert_eq!(stdin().read(&mut [0]).await.unwrap(), 0);
                drop(piped_stdin());
                assert_eq!(stdin().read(&mut [0]).await.unwrap(), 0);
                // SAFETY: nobody else in this process uses it.
                unsafe { libc::close(0) };
                let error = stdin().read(&mut [0]).await.unwrap_err();
                assert_eq!(error.raw_os_error(), Some(libc::EBADF));
            });
            // The lowest number is given first.
            assert_eq!(File::open("/dev/null").unwrap().into_raw_fd(), 0);
        });
    });
}

/// No thread waits for it, so nothing has to wait for that thread.
#[test]
fn a_pending_read_keeps_neither_the_runtime_nor_the_process() {
    alone::run(|| {
        for flavor in EVERY_FLAVOR {
            let mut writer = piped_stdin();
            let rt = flavor.build();
            let reading = rt.spawn(async { stdin().read(&mut [0; 8]).await.unwrap() });
            rt.block_on(async {
                let mut stdin = stdin();
                assert!(future::poll_once(stdin.read(&mut [0])).await.is_none());
                runtime::task::yield_now().await;
            });
            assert_eq!(rt.metrics().num_blocking_threads(), 0);
            drop(rt);
            let ended = future::block_on(reading);
            assert!(ended.unwrap_err().is_cancelled());
            // The pipe is as it was.
            writer.write_all(b"still there").unwrap();
            drop(writer);
            let mut text = String::new();
            let rt = flavor.build();
            rt.block_on(stdin().read_to_string(&mut text)).unwrap();
            assert_eq!(text, "still there");
        }
        std::mem::forget(piped_stdin());
        let rt = Flavor::MultiThread(2).build();
        rt.spawn(async { stdin().read(&mut [0; 8]).await });
        std::mem::forget(rt);
    });
}

#[test]
fn a_dropped_read_takes_nothing() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            let mut writer = piped_stdin();
            flavor.build().block_on(async {
                let mut stdin = stdin();
                for word in ["one", "two"] {
                    assert!(future::poll_once(stdin.read(&mut [0; 9])).await.is_none());
                    writer.write_all(word.as_bytes()).unwrap();
                    let mut heard = [0; 3];
                    stdin.read_exact(&mut heard).await.unwrap();
                    assert_eq!(heard, word.as_bytes());
                }
            });
        });
    });
}

#[test]
fn two_handles_share_the_bytes() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            let mut writer = piped_stdin();
            let rt = flavor.build();
            let readers = [(); 2].map(|()| {
                rt.spawn(async {
                    let mut read = Vec::new();
                    stdin().read_to_end(&mut read).await.unwrap();
                    read
                })
            });
            let writing = thread::spawn(move || {
                for chunk in mebibyte().chunks(1000) {
                    writer.write_all(chunk).unwrap();
                }
            });
            rt.block_on(async {
                let mut read = Vec::new();
                for reader in readers {
                    read.extend(reader.await.unwrap());
                }
                let mut expected = mebibyte();
                expected.sort_unstable();
                read.sort_unstable();
                assert!(read == expected);
            });
            writing.join().unwrap();
        });
    });
}

#[test]
fn its_mode_is_left_alone() {
    alone::run(|| {
        let _writer = piped_stdin();
        let mode = || rustix::fs::fcntl_getfl(rustix::stdio::stdin()).unwrap();
        assert!(!mode().contains(OFlags::NONBLOCK));
        Flavor::CurrentThread.build().block_on(async {
            let mut stdin = stdin();
            assert!(future::poll_once(stdin.read(&mut [0])).await.is_none());
            assert!(!mode().contains(OFlags::NONBLOCK));
        });
    });
}

/// Watching takes a descriptor; the pool does without.
#[test]
fn without_a_free_descriptor_it_is_read_on_the_pool() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            let mut writer = piped_stdin();
            let rt = flavor.build();
            rt.block_on(async {
                limit(Resource::Nofile, 0);
                let mut stdin = stdin();
                let mut text = [0; 5];
                assert!(future::poll_once(stdin.read(&mut text)).await.is_none());
                writer.write_all(b"hello").unwrap();
                stdin.read_exact(&mut text).await.unwrap();
                assert_eq!(&text, b"hello");
                drop(writer);
                assert_eq!(stdin.read(&mut text).await.unwrap(), 0);
                lift(Resource::Nofile);
            });
            assert!(rt.metrics().num_blocking_threads() > 0, "on {flavor}");
        });
    });
}

#[test]
fn on_the_pool_the_mode_of_the_descriptor_does_not_matter() {
    alone::run(|| {
        let mut writer = piped_stdin();
        rustix::fs::fcntl_setfl(rustix::stdio::stdin(), OFlags::NONBLOCK).unwrap();
        let rt = Flavor::CurrentThread.build();
        rt.block_on(async {
            limit(Resource::Nofile, 0);
            let mut stdin = stdin();
            assert!(future::poll_once(stdin.read(&mut [0])).await.is_none());
            // Whether the thread has looked already or not.
            writer.write_all(b"x").unwrap();
            assert_eq!(stdin.read(&mut [0]).await.unwrap(), 1);
        });
    });
}
