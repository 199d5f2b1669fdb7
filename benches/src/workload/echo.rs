//! Messages that come back, over sockets that stay within the machine.

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, UdpSocket};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use super::race::Race;
use crate::UnderTest;
use crate::under_test::TaskHandle;

pub(super) const ROUND_TRIPS: u32 = PAIRS * EACH;

const PAIRS: u32 = 50;
const EACH: u32 = 100;
const MESSAGE: [u8; 64] = [7; 64];

/// Many pairs of connected UDP sockets, with one datagram under way in each.
pub(super) fn udp<R: UnderTest>(runtime: &R) -> Duration {
    let pair = || -> io::Result<_> {
        let (near, far) = udp_pair()?;
        Ok((R::register_udp(near)?, R::register_udp(far)?))
    };
    race(runtime, pair, udp_calls::<R>, udp_echo::<R>)
}

/// Many pairs of Unix streams, with one message under way in each.
pub(super) fn unix<R: UnderTest>(runtime: &R) -> Duration {
    let pair = || -> io::Result<_> {
        let (near, far) = unix_pair()?;
        Ok((R::register_unix(near)?, R::register_unix(far)?))
    };
    race(runtime, pair, unix_calls::<R>, unix_echo::<R>)
}

/// Makes the pairs, and then takes the time of `call` and `echo` on all of them.
fn race<R, S, Call, Echo>(
    runtime: &R,
    pair: impl Fn() -> io::Result<(S, S)>,
    call: fn(S) -> Call,
    echo: fn(S) -> Echo,
) -> Duration
where
    R: UnderTest,
    S: Send + 'static,
    Call: Future<Output = io::Result<()>> + Send + 'static,
    Echo: Future<Output = io::Result<()>> + Send + 'static,
{
    let race = Race::of(PAIRS);
    let pairs: io::Result<Vec<_>> =
        runtime.block_on(async { (0..PAIRS).map(|_| pair()).collect() });
    let pairs = pairs.expect("the machine has sockets");
    let runners = race.clone();
    let spawner = async move {
        runners.start();
        for (near, far) in pairs {
            R::spawn(echo(far)).detach();
            let (runner, call) = (runners.clone(), call(near));
            R::spawn(async move {
                call.await.expect("the echo answers");
                runner.arrive();
            })
            .detach();
        }
    };
    runtime.spawn_from_outside(spawner).detach();
    race.wait()
}

async fn udp_calls<R: UnderTest>(socket: R::UdpSocket) -> io::Result<()> {
    let mut answer = [0; MESSAGE.len()];
    for _ in 0..EACH {
        R::send(&socket, &MESSAGE).await?;
        R::recv(&socket, &mut answer).await?;
    }
    Ok(())
}

async fn udp_echo<R: UnderTest>(socket: R::UdpSocket) -> io::Result<()> {
    let mut message = [0; MESSAGE.len()];
    for _ in 0..EACH {
        let length = R::recv(&socket, &mut message).await?;
        R::send(&socket, &message[..length]).await?;
    }
    Ok(())
}

async fn unix_calls<R: UnderTest>(mut stream: R::UnixStream) -> io::Result<()> {
    let mut answer = [0; MESSAGE.len()];
    for _ in 0..EACH {
        R::write_all(&mut stream, &MESSAGE).await?;
        R::read_exact(&mut stream, &mut answer).await?;
    }
    Ok(())
}

async fn unix_echo<R: UnderTest>(mut stream: R::UnixStream) -> io::Result<()> {
    let mut message = [0; MESSAGE.len()];
    for _ in 0..EACH {
        R::read_exact(&mut stream, &mut message).await?;
        R::write_all(&mut stream, &message).await?;
    }
    Ok(())
}

fn udp_pair() -> io::Result<(UdpSocket, UdpSocket)> {
    let near = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    let far = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    near.connect(far.local_addr()?)?;
    far.connect(near.local_addr()?)?;
    near.set_nonblocking(true)?;
    far.set_nonblocking(true)?;
    Ok((near, far))
}

fn unix_pair() -> io::Result<(UnixStream, UnixStream)> {
    let (near, far) = UnixStream::pair()?;
    near.set_nonblocking(true)?;
    far.set_nonblocking(true)?;
    Ok((near, far))
}
