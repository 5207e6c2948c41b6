//! The first sync of an account, against a stand-in that answers at once.

use crate::{
    Counts,
    failure::{Attempt, Failure},
    hub::Home,
    report::{Figure, Goal, Report, Unit},
};
use djinn_testkit::steam::{ACCOUNT, KEY, Steam};
use serde_json::json;
use std::{
    path::Path,
    time::{Duration, Instant},
};

const LINK: &str = "mutation($input: LinkLibraryInput!) { linkLibrary(input: $input) { library { id } problems { code message } } }";
const COUNT: &str = "{ games(first: 1, filter: { kinds: [GAME] }) { totalCount nodes { title } } }";

/// From linking the account to its games being there to browse. Store pages come later.
pub async fn measure(binary: &Path, counts: &Counts, report: &mut Report) -> Attempt<()> {
    let steam = Steam::with_titles(counts.titles);
    let address = steam.serve(0).await;
    let home = Home::on_sqlite(
        binary,
        &[
            ("DJINN__STEAM__API_URL", format!("http://{address}")),
            ("DJINN__STEAM__STORE_URL", format!("http://{address}")),
        ],
    )?;
    let mut hub = home.one().await?;
    hub.set_up().await?;
    let fields =
        json!([{ "name": "apiKey", "value": KEY }, { "name": "account", "value": ACCOUNT }]);
    let begun = Instant::now();
    let answer = hub
        .ask(
            LINK,
            json!({ "input": { "platform": "steam", "label": "My Steam", "fields": fields } }),
        )
        .await?;
    if !answer["linkLibrary"]["library"]["id"].is_string() {
        return Err(Failure::Refused(
            "linkLibrary".to_owned(),
            answer.to_string(),
        ));
    }
    // Some of the titles are soundtracks, demos and the like.
    let due = (counts.titles * 9 / 10) as u64;
    let there = |data: &serde_json::Value| {
        data["games"]["totalCount"]
            .as_u64()
            .is_some_and(|total| total >= due)
            && data["games"]["nodes"][0]["title"].is_string()
    };
    hub.until(300, Duration::from_millis(50), COUNT, there)
        .await?;
    let took = begun.elapsed().as_secs_f64();
    hub.stop().await?;
    let figure = Figure::new(
        format!(
            "first sync of {} titles, until {due} games can be browsed",
            counts.titles
        ),
        took,
        Unit::Seconds,
    );
    report.add(figure.against(Goal::gate(15.0, 3.0)));
    Ok(())
}
