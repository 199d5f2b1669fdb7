//! The same programs on tokio and on ours: only the paths differ.

macro_rules! programs {
    ($runtime:ident, $($io:ident)::+) => {
        use std::io;

        use $runtime::net::{TcpListener, TcpStream};
        use $($io)::+::{
            AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, BufWriter, copy,
            copy_bidirectional, duplex, split,
        };

        /// Gives every client back what it says.
        async fn echo(listener: TcpListener) -> io::Result<()> {
            loop {
                let (mut stream, _) = listener.accept().await?;
                $runtime::spawn(async move {
                    let (mut reader, mut writer) = stream.split();
                    copy(&mut reader, &mut writer).await
                });
            }
        }

        /// Connects every client with the server at `to`.
        async fn proxy(listener: TcpListener, to: std::net::SocketAddr) -> io::Result<()> {
            loop {
                let (mut client, _) = listener.accept().await?;
                $runtime::spawn(async move {
                    let mut server = TcpStream::connect(to).await?;
                    copy_bidirectional(&mut client, &mut server).await
                });
            }
        }

        /// Numbers the lines of a stream.
        async fn number<S>(stream: S) -> io::Result<()>
        where
            S: $($io)::+::AsyncRead + $($io)::+::AsyncWrite,
        {
            let (reader, writer) = split(stream);
            let (mut lines, mut writer) = (BufReader::new(reader).lines(), BufWriter::new(writer));
            let mut n = 0;
            while let Some(line) = lines.next_line().await? {
                n += 1;
                writer.write_all(format!("{n}: {line}\n").as_bytes()).await?;
            }
            writer.flush().await?;
            writer.shutdown().await
        }

        /// A filter from standard input to standard output.
        #[allow(dead_code, reason = "it is compiled only")]
        async fn shout() -> io::Result<()> {
            let mut lines = BufReader::new($($io)::+::stdin()).lines();
            let mut stdout = $($io)::+::stdout();
            while let Some(line) = lines.next_line().await? {
                stdout.write_all(line.to_uppercase().as_bytes()).await?;
                stdout.write_u8(b'\n').await?;
            }
            $($io)::+::stderr().write_all(b"done\n").await?;
            stdout.flush().await
        }

        async fn all() -> io::Result<()> {
            let (origin, front) = (listen().await?, listen().await?);
            let (origin_address, front_address) = (origin.local_addr()?, front.local_addr()?);
            $runtime::spawn(echo(origin));
            $runtime::spawn(proxy(front, origin_address));
            let mut client = TcpStream::connect(front_address).await?;
            client.write_all(b"there and back").await?;
            client.shutdown().await?;
            let mut text = String::new();
            client.read_to_string(&mut text).await?;
            assert_eq!(text, "there and back");

            let (mut near, far) = duplex(16);
            let numbering = $runtime::spawn(number(far));
            near.write_all(b"a\nb\n").await?;
            near.shutdown().await?;
            text.clear();
            near.read_to_string(&mut text).await?;
            assert_eq!(text, "1: a\n2: b\n");
            numbering.await?
        }

        async fn listen() -> io::Result<TcpListener> {
            TcpListener::bind("127.0.0.1:0").await
        }

        #[test]
        fn they_run() {
            let mut builder = $runtime::runtime::Builder::new_current_thread();
            builder.enable_all().build().unwrap().block_on(all()).unwrap();
        }
    };
}

mod on_tokio {
    programs!(tokio, tokio::io);
}

mod on_ours {
    programs!(runtime, runtime::io);
}
