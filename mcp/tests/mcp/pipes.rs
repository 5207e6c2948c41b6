use crate::fake::{Fake, about, caller, catalogue, wares};
use djinn_kernel::Scope;
use djinn_operations::Live;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

#[tokio::test]
async fn over_pipes_every_call_runs_as_the_one_caller() {
    let fake = Fake::answering("Find", wares(&["Tea"]));
    let (client, server) = tokio::io::duplex(64 * 1024);
    let (input, output) = tokio::io::split(server);
    let me = caller(&[Scope::ReadLibrary]);
    let served = tokio::spawn(djinn_mcp::serve_pipes(
        Live::fixed(catalogue()),
        fake.clone(),
        me.clone(),
        about(),
        [7; 32],
        (input, output),
    ));
    let (read, mut write) = tokio::io::split(client);
    let mut lines = BufReader::new(read).lines();
    let mut say = async |message: Value| {
        write
            .write_all(format!("{message}\n").as_bytes())
            .await
            .unwrap();
    };

    say(json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
        "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": { "name": "test", "version": "0" } } })).await;
    let hello: Value = serde_json::from_str(&lines.next_line().await.unwrap().unwrap()).unwrap();
    assert_eq!(hello["result"]["protocolVersion"], "2025-06-18");
    say(json!({ "jsonrpc": "2.0", "method": "notifications/initialized" })).await;
    say(json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": { "name": "find", "arguments": { "text": "t" } } })).await;
    let answer: Value = serde_json::from_str(&lines.next_line().await.unwrap().unwrap()).unwrap();
    assert_eq!(answer["result"]["structuredContent"]["total"], 1);
    assert_eq!(fake.asked()[0].caller, me);
    drop((write, lines));
    served.await.unwrap().unwrap();
}
