use crate::story::{Story, copy};
#[tokio::test]
async fn probe() {
    let story = Story::new().await;
    for (name, stores) in [("loose", false), ("steam", true)] {
        let mut total = std::time::Duration::ZERO;
        let (mut q, mut gcount) = (0, 0);
        for batch in 0..5_u128 {
            let copies: Vec<_> = (0..100)
                .map(|n| {
                    let id = batch * 100 + n + if stores { 100_000 } else { 0 };
                    let mut c = copy(
                        id,
                        if stores { "steam" } else { "manual" },
                        &format!("Some Game of {name} {id}"),
                    );
                    if stores {
                        c.store_id = Some(id.to_string());
                    }
                    c.hints.genres = vec!["Action".into(), "RPG".into()];
                    c
                })
                .collect();
            story.test.database.take_query_count();
            let at = std::time::Instant::now();
            story.find(copies).await;
            total += at.elapsed();
            q += story.test.database.take_query_count();
            gcount += 1;
        }
        eprintln!(
            "{name}: {:?} per 100, {} queries per 100",
            total / gcount,
            q / gcount as usize
        );
    }
}
