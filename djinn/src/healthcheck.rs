//! `djinn healthcheck`: for containers, which have no curl.

use crate::config::Config;
use std::{process::ExitCode, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Exits 0 when the hub of this configuration says it is ready.
pub async fn run(config: &Config) -> ExitCode {
    let host = match config.server.host.as_str() {
        "0.0.0.0" | "::" => "127.0.0.1",
        host => host,
    };
    let asked = tokio::time::timeout(Duration::from_secs(5), ready(host, config.server.port)).await;
    match asked {
        Ok(Ok(answer)) if answer.starts_with("HTTP/1.1 200") => ExitCode::SUCCESS,
        Ok(Ok(answer)) => {
            eprintln!("not ready: {}", answer.lines().last().unwrap_or_default());
            ExitCode::FAILURE
        }
        Ok(Err(error)) => {
            eprintln!("not running: {error}");
            ExitCode::FAILURE
        }
        Err(_) => {
            eprintln!("no answer within 5 seconds");
            ExitCode::FAILURE
        }
    }
}

async fn ready(host: &str, port: u16) -> std::io::Result<String> {
    let mut stream = TcpStream::connect((host, port)).await?;
    let request = format!("GET /ready HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.take(64 * 1024).read_to_string(&mut answer).await?;
    Ok(answer)
}
