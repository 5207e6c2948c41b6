use super::{
    household::Hub,
    stage::{Stage, facts, game_of},
};
use djinn_kernel::event::{CopiesFound, CopiesMatched};
use serde_json::json;
#[tokio::test]
async fn probe() {
    let hub: Stage = Stage::set().await;
    let content: String = std::iter::once("title,genres\n".to_owned())
        .chain((0..2000).map(|n| format!("Game number {n},RPG\n")))
        .collect();
    for round in 0..2 {
        let at = std::time::Instant::now();
        hub.hub.test.database.take_query_count();
        let content = if round == 1 {
            content.replace("RPG", "RPG;Action")
        } else {
            content.clone()
        };
        let r = hub.hub.data(&hub.me, "mutation($i: ImportInput!) { importGames(input: $i) { problems { message } } }", json!({"i": {"format": "CSV", "content": content, "label": "x", "dryRun": false}})).await;
        eprintln!(
            "import {round}: {:?} for 2000, {} queries {r}",
            at.elapsed(),
            hub.hub.test.database.take_query_count()
        );
        let ear = hub.hub.parts.consumer.as_ref().unwrap();
        let (mut f, mut m, mut fq, mut mq, mut k) = (
            std::time::Duration::ZERO,
            std::time::Duration::ZERO,
            0,
            0,
            0,
        );
        for found in hub.hub.test.take_payloads::<CopiesFound>().await {
            k += 1;
            let matches = found
                .copies
                .iter()
                .map(|c| (c.copy, game_of(&c.title)))
                .collect();
            hub.hub.test.database.take_query_count();
            let at = std::time::Instant::now();
            hub.hub
                .test
                .send(
                    &**ear,
                    &CopiesMatched {
                        library: found.library,
                        matches,
                    },
                )
                .await;
            m += at.elapsed();
            mq += hub.hub.test.database.take_query_count();
            let at = std::time::Instant::now();
            for copy in &found.copies {
                hub.hub.test.send(&**ear, &facts(&copy.title, true)).await;
            }
            f += at.elapsed();
            fq += hub.hub.test.database.take_query_count();
        }
        eprintln!(
            "round {round}: matched {:?} {} q per 100; changed {:?} {} q per 100",
            m / k,
            mq / k as usize,
            f / k,
            fq / k as usize
        );
    }
    let _: Option<Hub> = None;
}
