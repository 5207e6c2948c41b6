//! The lines of a client over pipes: those that are no message are answered here, the others are for
//! the server.

use super::broken;
use djinn_kernel::Fault;
use serde_json::Value;
use std::{io, time::Duration};
use tokio::{
    io::{
        AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader,
        DuplexStream, duplex,
    },
    sync::mpsc,
};

/// What is under way between the client and the server, in either direction.
const UNDER_WAY: usize = 64 * 1024;
/// The server takes no longer line; one that is longer is handed on for it to refuse.
const LONGEST: u64 = 16 * 1024 * 1024;
/// How long a client that is going may take to read what is left.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// Runs `serve` between the client's pipes until the client goes away.
pub async fn between<S: Future<Output = Result<(), Fault>>>(
    (input, output): (
        impl AsyncRead + Send + Unpin + 'static,
        impl AsyncWrite + Send + Unpin + 'static,
    ),
    serve: impl FnOnce((DuplexStream, DuplexStream)) -> S,
) -> Result<(), Fault> {
    let (into, questions) = duplex(UNDER_WAY);
    let (answers, from) = duplex(UNDER_WAY);
    let (refuse, refused) = mpsc::channel(1);
    // It may wait for a line that never comes.
    let asking = tokio::spawn(ask(input, into, refuse));
    let answering = tokio::spawn(answer(from, refused, output));
    let served = serve((questions, answers)).await;
    asking.abort();
    // All that was answered is written before the process ends; where it cannot be, nobody reads it.
    let _ = tokio::time::timeout(LAST_WORDS, answering).await;
    served
}

async fn ask(
    input: impl AsyncRead + Unpin,
    mut server: DuplexStream,
    refuse: mpsc::Sender<Value>,
) -> io::Result<()> {
    let mut input = BufReader::new(input);
    let (mut line, mut begun) = (Vec::new(), false);
    loop {
        line.clear();
        let mut most = (&mut input).take(LONGEST);
        if most.read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        let whole = line.ends_with(b"\n");
        if whole && !begun && is_broken(&line) {
            let refusal = broken::refusal(&line);
            refuse.send(refusal).await.map_err(io::Error::other)?;
        } else {
            server.write_all(&line).await?;
        }
        begun = !whole;
    }
}

async fn answer(
    server: DuplexStream,
    mut refused: mpsc::Receiver<Value>,
    mut output: impl AsyncWrite + Unpin,
) -> io::Result<()> {
    let mut server = BufReader::new(server);
    let mut line = Vec::new();
    loop {
        tokio::select! {
            biased;
            Some(refusal) = refused.recv() => {
                output.write_all(format!("{refusal}\n").as_bytes()).await?;
            }
            // What was read of a line stays there when a refusal comes before its rest.
            read = server.read_until(b'\n', &mut line) => {
                if read? == 0 {
                    return Ok(());
                }
                output.write_all(&line).await?;
                line.clear();
            }
        }
        output.flush().await?;
    }
}

/// Whether a line is no JSON, or cannot be answered by its id. Empty ones say nothing.
fn is_broken(line: &[u8]) -> bool {
    let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
    if line.trim_ascii().is_empty() {
        return false;
    }
    let Ok(Value::Object(message)) = serde_json::from_slice(line) else {
        return true;
    };
    // An error may come back without an id: that is no question, and answering it could go on for ever.
    let id = message.get("id").filter(|_| message.contains_key("method"));
    id.is_some_and(|id| !id.is_string() && !id.is_i64() && !id.is_u64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_id_to_be_answered_by_is_broken() {
        for good in [
            "",
            "\r\n",
            r#"{"method":"x","id":1}"#,
            r#"{"method":"x","id":"a"}"#,
            r#"{"error":{},"id":null}"#,
            "\u{feff}{\"method\":\"x\"}",
        ] {
            assert!(!is_broken(good.as_bytes()), "{good}");
        }
        for bad in [
            "{bad",
            "[]",
            "5",
            r#"{"method":"x","id":null}"#,
            r#"{"method":"x","id":1.5}"#,
        ] {
            assert!(is_broken(bad.as_bytes()), "{bad}");
        }
    }
}
