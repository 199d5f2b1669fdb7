//! Reads of standard input on the blocking pool, one at a time.

use std::io;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::stdin::MOST_BYTES;
use crate::io::ReadBuf;
use crate::raw_task::{JoinHandle, Meta};
use crate::scheduler::{AtShutdown, context, shutting_down};
use crate::util::system::bytes::read;
use crate::util::system::readiness::{Look, wait};

/// What was read of standard input and not taken yet.
///
/// A read asks for as much as is wanted when it starts. If fewer are wanted when it is done, or none,
/// the rest waits here.
#[derive(Default)]
pub(super) struct PooledReads {
    buffer: Vec<u8>,
    taken: usize,
    under_way: Option<JoinHandle<io::Result<Vec<u8>>>>,
}

impl PooledReads {
    /// Waits for a read; starts one if none is under way.
    fn poll_fill(&mut self, cx: &mut Context<'_>, wanted: usize) -> Poll<io::Result<()>> {
        let read = match &mut self.under_way {
            Some(read) => read,
            None => {
                let buffer = std::mem::take(&mut self.buffer);
                self.taken = 0;
                let read = start(buffer, wanted.min(MOST_BYTES))?;
                self.under_way.insert(read)
            }
        };
        let read = ready!(Pin::new(read).poll(cx));
        self.under_way = None;
        self.buffer = read.map_err(|error| match error.try_into_panic() {
            Ok(payload) => resume_unwind(payload),
            Err(_) => shutting_down(),
        })??;
        Poll::Ready(Ok(()))
    }

    pub(super) fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.taken == self.buffer.len() {
            ready!(self.poll_fill(cx, buf.remaining()))?;
        }
        let rest = &self.buffer[self.taken..];
        let taken = buf.remaining().min(rest.len());
        buf.put_slice(&rest[..taken]);
        self.taken += taken;
        Poll::Ready(Ok(()))
    }
}

fn start(mut buffer: Vec<u8>, wanted: usize) -> io::Result<JoinHandle<io::Result<Vec<u8>>>> {
    let meta = Meta::here(Some("a read of standard input".into()));
    let read = move || {
        buffer.resize(wanted, 0);
        let read = read_patiently(&mut buffer)?;
        buffer.truncate(read);
        Ok(buffer)
    };
    context::current().try_spawn_blocking(read, meta, AtShutdown::Cancel)
}

/// Past the buffer of the standard library, whose bytes are not ours.
fn read_patiently(buffer: &mut [u8]) -> io::Result<usize> {
    let stdin = io::stdin();
    loop {
        match read(&stdin, buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            // Other processes may have put it into non-blocking mode.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                // Interrupted or not, the next attempt tells.
                let _ = wait(&mut [Look::for_reading(&stdin)]);
            }
            result => return result,
        }
    }
}
