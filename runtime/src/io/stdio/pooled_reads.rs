//! Reads of a file on the blocking pool, one at a time.

use std::fs::File;
use std::io::{self, Read};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::stdin::MOST_BYTES;
use crate::io::copied::{ByteSource, Put};
use crate::primitive::sync::Arc;
use crate::raw_task::JoinHandle;
use crate::task;

/// A file, and what was read of it and not taken yet.
///
/// A read asks for as much as is wanted when it starts. If fewer are wanted when it is done, or none,
/// the rest waits here.
pub(super) struct PooledReads {
    file: Arc<File>,
    buffer: Vec<u8>,
    taken: usize,
    under_way: Option<JoinHandle<io::Result<Vec<u8>>>>,
}

impl PooledReads {
    pub(super) fn of(file: File) -> PooledReads {
        PooledReads {
            file: Arc::new(file),
            buffer: Vec::new(),
            taken: 0,
            under_way: None,
        }
    }

    /// Waits for a read; starts one if none is under way.
    fn poll_fill(&mut self, cx: &mut Context<'_>, wanted: usize) -> Poll<io::Result<()>> {
        let read = match &mut self.under_way {
            Some(read) => read,
            None => {
                let buffer = std::mem::take(&mut self.buffer);
                self.taken = 0;
                let read = start(self.file.clone(), buffer, wanted.min(MOST_BYTES))?;
                self.under_way.insert(read)
            }
        };
        let read = ready!(Pin::new(read).poll(cx));
        self.under_way = None;
        self.buffer = read.map_err(io::Error::other)??;
        Poll::Ready(Ok(()))
    }
}

impl ByteSource for PooledReads {
    fn poll_take(
        &mut self,
        cx: &mut Context<'_>,
        wanted: usize,
        put: Put<'_>,
    ) -> Poll<io::Result<()>> {
        if self.taken == self.buffer.len() {
            ready!(self.poll_fill(cx, wanted))?;
        }
        let rest = &self.buffer[self.taken..];
        let taken = wanted.min(rest.len());
        put(&rest[..taken]);
        self.taken += taken;
        Poll::Ready(Ok(()))
    }
}

fn start(
    file: Arc<File>,
    mut buffer: Vec<u8>,
    wanted: usize,
) -> io::Result<JoinHandle<io::Result<Vec<u8>>>> {
    let name = "a read of standard input";
    task::Builder::new().name(name).spawn_blocking(move || {
        buffer.resize(wanted, 0);
        let read = read_patiently(&file, &mut buffer)?;
        buffer.truncate(read);
        Ok(buffer)
    })
}

fn read_patiently(mut file: &File, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match file.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}
