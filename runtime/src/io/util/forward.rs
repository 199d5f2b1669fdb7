//! Traits of a type that passes the calls on to a pinned field.

/// The method of `AsyncRead`, passed on to a field.
macro_rules! forward_read {
    ($field:ident) => {
        fn poll_read(
            self: ::std::pin::Pin<&mut Self>,
            cx: &mut ::std::task::Context<'_>,
            buf: &mut $crate::io::ReadBuf<'_>,
        ) -> ::std::task::Poll<::std::io::Result<()>> {
            self.project().$field.poll_read(cx, buf)
        }
    };
}

/// The methods of `AsyncBufRead`, passed on to a field.
macro_rules! forward_buf_read {
    ($field:ident) => {
        fn poll_fill_buf(
            self: ::std::pin::Pin<&mut Self>,
            cx: &mut ::std::task::Context<'_>,
        ) -> ::std::task::Poll<::std::io::Result<&[u8]>> {
            self.project().$field.poll_fill_buf(cx)
        }

        fn consume(self: ::std::pin::Pin<&mut Self>, amt: usize) {
            self.project().$field.consume(amt);
        }
    };
}

/// The methods of `AsyncWrite`, passed on to a field.
macro_rules! forward_write {
    ($field:ident) => {
        fn poll_write(
            self: ::std::pin::Pin<&mut Self>,
            cx: &mut ::std::task::Context<'_>,
            buf: &[u8],
        ) -> ::std::task::Poll<::std::io::Result<usize>> {
            self.project().$field.poll_write(cx, buf)
        }

        fn poll_write_vectored(
            self: ::std::pin::Pin<&mut Self>,
            cx: &mut ::std::task::Context<'_>,
            bufs: &[::std::io::IoSlice<'_>],
        ) -> ::std::task::Poll<::std::io::Result<usize>> {
            self.project().$field.poll_write_vectored(cx, bufs)
        }

        fn is_write_vectored(&self) -> bool {
            self.$field.is_write_vectored()
        }

        fn poll_flush(
            self: ::std::pin::Pin<&mut Self>,
            cx: &mut ::std::task::Context<'_>,
        ) -> ::std::task::Poll<::std::io::Result<()>> {
            self.project().$field.poll_flush(cx)
        }

        fn poll_shutdown(
            self: ::std::pin::Pin<&mut Self>,
            cx: &mut ::std::task::Context<'_>,
        ) -> ::std::task::Poll<::std::io::Result<()>> {
            self.project().$field.poll_shutdown(cx)
        }
    };
}

pub(super) use {forward_buf_read, forward_read, forward_write};
