use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::BufMut;

use crate::io::cooperative::poll_with_budget;
use crate::io::{AsyncRead, ReadBuf};

/// A reader of one byte over and over, which never ends. Made by [`repeat`](fn@repeat).
///
/// It is always ready, and each read spends a unit of the poll budget.
///
/// # Cancel safety
///
/// A read that was dropped has done nothing.
///
/// # Examples
///
/// ```
/// use runtime::io::{AsyncReadExt, Repeat, repeat};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let spaces: Repeat = repeat(b' ');
/// let mut margin = String::new();
/// spaces.take(4).read_to_string(&mut margin).await?;
/// assert_eq!(margin, "    ");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Repeat {
    byte: u8,
}

/// Makes a reader that fills each buffer with `byte`.
///
/// # Examples
///
/// ```
/// use runtime::io::AsyncReadExt;
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let mut padding = [0; 3];
/// runtime::io::repeat(0xff).read_exact(&mut padding).await?;
/// assert_eq!(padding, [0xff; 3]);
/// # Ok(())
/// # }
/// ```
pub fn repeat(byte: u8) -> Repeat {
    Repeat { byte }
}

impl AsyncRead for Repeat {
    #[inline]
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        poll_with_budget(cx, |_| {
            buf.put_bytes(self.byte, buf.remaining());
            Poll::Ready(Ok(()))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::mem::MaybeUninit;
    use std::pin::pin;
    use std::task::{Context, Waker};

    use super::repeat;
    use crate::coop;
    use crate::io::{AsyncRead, ReadBuf};

    #[test]
    fn it_fills_what_is_not_filled() {
        let cx = &mut Context::from_waker(Waker::noop());
        let mut memory = [MaybeUninit::uninit(); 3];
        let mut buf = ReadBuf::uninit(&mut memory);
        buf.put_slice(b"a");
        assert!(pin!(repeat(b'b')).poll_read(cx, &mut buf).is_ready());
        assert_eq!(buf.filled(), b"abb");
    }

    #[test]
    fn reading_for_ever_yields() {
        let cx = &mut Context::from_waker(Waker::noop());
        let mut memory = [0; 3];
        coop::with_budget(|| {
            while pin!(repeat(1))
                .poll_read(cx, &mut ReadBuf::new(&mut memory))
                .is_ready()
            {}
        });
    }
}
