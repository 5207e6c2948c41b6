//! The facts of games that the library searches by, as metadata tells them.

use super::{entity::fact, fold, kind_text, store};
use chrono::Datelike;
use djinn_kernel::{Doing, Fault, event::GameChanged};
use djinn_subgraph_kit::Ports;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, EntityTrait, Set,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

/// Takes over what metadata says about a game, unless it is older than what is known. Every
/// household that holds the game sees it in its next search.
pub async fn apply(
    txn: &DatabaseTransaction,
    _ports: &Ports,
    changed: &GameChanged,
) -> Result<(), Fault> {
    let row = fact::ActiveModel {
        game_id: Set(changed.game.0),
        revision: Set(changed.revision),
        title: Set(changed.title.clone()),
        sort_key: Set(fold::sort_key(&changed.title)),
        kind: Set(kind_text(changed.kind).to_owned()),
        released_on: Set(changed.released_on),
        release_year: Set(changed.released_on.map(|date| date.year())),
        genres: Set(serde_json::json!(changed.genres)),
        tags: Set(serde_json::json!(changed.tags)),
        developers: Set(serde_json::json!(changed.developers)),
        esrb: Set(changed.esrb.map(djinn_kernel::Esrb::level)),
        critic_score: Set(changed.critic_score),
        main_story_minutes: Set(changed.main_story_minutes),
        enriched: Set(changed.enriched),
    };
    let written = fact::Entity::insert(row)
        .on_conflict(
            OnConflict::column(fact::Column::GameId)
                .update_columns([
                    fact::Column::Revision,
                    fact::Column::Title,
                    fact::Column::SortKey,
                    fact::Column::Kind,
                    fact::Column::ReleasedOn,
                    fact::Column::ReleaseYear,
                    fact::Column::Genres,
                    fact::Column::Tags,
                    fact::Column::Developers,
                    fact::Column::Esrb,
                    fact::Column::CriticScore,
                    fact::Column::MainStoryMinutes,
                    fact::Column::Enriched,
                ])
                // Events may arrive twice or late: the newest revision stays.
                .action_and_where(
                    Expr::col((fact::Entity, fact::Column::Revision)).lt(changed.revision),
                )
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await
        .doing("taking over a game's facts")?;
    if written == 0 {
        return Ok(());
    }
    for household in store::holders(txn, changed.game.0).await? {
        let rev = store::bump(txn, household).await?;
        store::stamp(txn, household, changed.game.0, rev).await?;
    }
    Ok(())
}

/// How many of `games` a provider has answered about: the progress of a sync's last stage.
pub async fn enriched_count(conn: &impl ConnectionTrait, games: &[Uuid]) -> Result<u64, Fault> {
    store::enriched(conn, games).await
}
