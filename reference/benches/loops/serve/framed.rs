//! The server on tokio: a task for each connection, on one thread.

use std::io;
use std::net::TcpListener;

use bytes::BytesMut;
use futures_util::{SinkExt, StreamExt};
use memchr::memmem;
use tokio::net::TcpStream;
use tokio_util::codec::{Decoder, Encoder, Framed};

use super::READ;

pub(super) fn serve(listener: TcpListener, coalesces: bool) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().expect("there are descriptors");
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener).expect("it is open");
        loop {
            let (stream, _) = listener.accept().await.expect("there are descriptors");
            tokio::spawn(echo(stream, coalesces));
        }
    });
}

async fn echo(stream: TcpStream, coalesces: bool) -> io::Result<()> {
    // With the default of 8 KiB it would read and write less at once than the others.
    let mut framed = Framed::with_capacity(stream, Lines, READ);
    framed.set_backpressure_boundary(READ);
    while let Some(line) = framed.next().await {
        framed.feed(line?).await?;
        if !coalesces || end(framed.read_buffer()).is_none() {
            framed.flush().await?;
        }
    }
    Ok(())
}

/// Cuts after each `\r\n`.
struct Lines;

fn end(data: &[u8]) -> Option<usize> {
    memmem::find(data, b"\r\n").map(|at| at + 2)
}

impl Decoder for Lines {
    type Item = BytesMut;
    type Error = io::Error;

    fn decode(&mut self, data: &mut BytesMut) -> io::Result<Option<BytesMut>> {
        Ok(end(data).map(|at| data.split_to(at)))
    }
}

impl Encoder<BytesMut> for Lines {
    type Error = io::Error;

    fn encode(&mut self, line: BytesMut, data: &mut BytesMut) -> io::Result<()> {
        data.extend_from_slice(&line);
        Ok(())
    }
}
