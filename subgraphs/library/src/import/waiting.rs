//! What files said of games whose copies have no game yet, and how it gets there when they have.
//!
//! What a household said here stays: a word only fills what is empty, or what a rule of the hub
//! made up meanwhile.

use super::word::Word;
use crate::{
    collection::{
        entity::{collection, member},
        store as collections,
    },
    copy::fold,
    game::{entity::holding, holdings, store as games},
    status::{self, By, entity as change},
};
use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::Ports;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

/// Rows in one statement: both databases bound the number of variables.
const CHUNK: usize = 500;

/// The rows of what was said.
pub mod entity {
    use sea_orm::entity::prelude::*;

    /// What a file said of one copy, or of a game of which there is none.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "library_word")]
    pub struct Model {
        /// Its id, version 7.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// Whose.
        pub household_id: Uuid,
        /// The library of the copy.
        pub library_id: Option<Uuid>,
        /// The copy it waits for; none where a game of that title is waited for.
        pub copy_id: Option<Uuid>,
        /// What several copies of one game in the file have in common.
        pub group_id: Uuid,
        /// The title, as the file writes it.
        pub title: String,
        /// The same, folded.
        pub title_key: String,
        /// The year of release, where no copy says it.
        pub year: Option<i32>,
        /// A [`super::Word`].
        pub said: Json,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// What is said of one game, and of which copy.
#[derive(Debug, Clone)]
pub struct Said {
    /// The library of the copy.
    pub library: Option<Uuid>,
    /// The copy.
    pub copy: Option<Uuid>,
    /// Its game, if it has one.
    pub game: Option<Uuid>,
    /// What several copies of one game have in common.
    pub group: Uuid,
    /// The title.
    pub title: String,
    /// The year.
    pub year: Option<i32>,
    /// What is said.
    pub word: Word,
}

/// Says it: at once of copies that have a game, later of others.
pub async fn say(
    txn: &DatabaseTransaction,
    ports: &Ports,
    household: Uuid,
    said: Vec<Said>,
) -> Result<(), Fault> {
    let copies: Vec<Uuid> = said.iter().filter_map(|one| one.copy).collect();
    forget_of(txn, &copies).await?;
    let (mut now, mut later) = (Vec::new(), Vec::new());
    for one in said {
        if let Some(game) = one.game {
            now.push((game, one.word));
            continue;
        }
        later.push(entity::Model {
            id: ports.ids.new_id(),
            household_id: household,
            library_id: one.library,
            copy_id: one.copy,
            group_id: one.group,
            title_key: fold(&one.title),
            title: one.title,
            year: one.year,
            said: serde_json::to_value(&one.word).doing("keeping what a file says")?,
        });
    }
    for chunk in later.chunks(CHUNK) {
        let rows = chunk
            .iter()
            .cloned()
            .map(|row| row.into_active_model().reset_all());
        entity::Entity::insert_many(rows)
            .exec_without_returning(txn)
            .await
            .doing("keeping what a file says")?;
    }
    apply(txn, ports, household, now).await
}

/// Copies have a game now: what waited for them is said of it. After the games were summed up.
pub async fn arrive(
    txn: &DatabaseTransaction,
    ports: &Ports,
    household: Uuid,
    matched: &[(Uuid, Uuid, String)],
) -> Result<(), Fault> {
    let mut waiting = Vec::new();
    for chunk in matched.chunks(CHUNK) {
        let titles: HashSet<String> = chunk.iter().map(|(_, _, title)| fold(title)).collect();
        let rows = entity::Entity::find()
            .filter(entity::Column::HouseholdId.eq(household))
            .filter(
                Condition::any()
                    .add(entity::Column::CopyId.is_in(chunk.iter().map(|(copy, ..)| *copy)))
                    .add(
                        Condition::all()
                            .add(entity::Column::CopyId.is_null())
                            .add(entity::Column::TitleKey.is_in(titles)),
                    ),
            )
            .order_by_asc(entity::Column::Id)
            .all(txn)
            .await
            .doing("finding what files said")?;
        for row in rows {
            let game = chunk.iter().find(|(copy, _, title)| match row.copy_id {
                Some(waits) => waits == *copy,
                None => fold(title) == row.title_key,
            });
            if let Some((_, game, _)) = game {
                waiting.push((row.id, *game, row.said));
            }
        }
    }
    if waiting.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = waiting.iter().map(|(id, ..)| *id).collect();
    for chunk in ids.chunks(CHUNK) {
        entity::Entity::delete_many()
            .filter(entity::Column::Id.is_in(chunk.iter().copied()))
            .exec(txn)
            .await
            .doing("clearing what files said")?;
    }
    let words = waiting
        .into_iter()
        .map(|(_, game, said)| Ok((game, read(said)?)))
        .collect::<Result<_, Fault>>()?;
    apply(txn, ports, household, words).await
}

/// Reads what was kept.
pub fn read(said: serde_json::Value) -> Result<Word, Fault> {
    serde_json::from_value(said).doing("reading what a file said")
}

/// Forgets what was said of these copies.
pub async fn forget_of(txn: &impl ConnectionTrait, copies: &[Uuid]) -> Result<(), Fault> {
    for chunk in copies.chunks(CHUNK) {
        entity::Entity::delete_many()
            .filter(entity::Column::CopyId.is_in(chunk.iter().copied()))
            .exec(txn)
            .await
            .doing("forgetting what files said")?;
    }
    Ok(())
}

async fn apply(
    txn: &DatabaseTransaction,
    ports: &Ports,
    household: Uuid,
    words: Vec<(Uuid, Word)>,
) -> Result<(), Fault> {
    let mut by_game: BTreeMap<Uuid, Vec<Word>> = BTreeMap::new();
    for (game, word) in words {
        by_game.entry(game).or_default().push(word);
    }
    if by_game.is_empty() {
        return Ok(());
    }
    let rev = games::bump(txn, household).await?;
    let ids: Vec<Uuid> = by_game.keys().copied().collect();
    let mut before = games::holdings(txn, household, &ids).await?;
    let mut changed = Vec::new();
    for (game, words) in by_game {
        let Some(row) = before.remove(&game) else {
            continue;
        };
        let mut after = row.clone();
        for word in words {
            if fill(&mut after, &word) && word.whole {
                history(txn, ports, &after, &word).await?;
            }
            members(txn, household, game, &word).await?;
        }
        if after != row {
            let after = holding::Model {
                revision: row.revision + 1,
                index_rev: rev,
                ..after
            };
            holdings::announce(txn, ports, &after).await?;
            changed.push(after);
        }
    }
    games::save(txn, changed).await
}

/// Fills what is empty; whether the status is the word's now.
fn fill(row: &mut holding::Model, word: &Word) -> bool {
    row.favourite |= word.favourite;
    row.hidden |= word.hidden;
    row.notes = row.notes.take().or_else(|| word.notes.clone());
    row.my_rating = row.my_rating.or(word.rating);
    let is_new = row.revision == 1;
    let by_hub = matches!(row.status_by, Some(By::Rule | By::Import));
    let by_person = word.status.is_some()
        && !matches!(word.status_by.map(By::from), Some(By::Rule | By::Import));
    let takes = row.status.is_none() || is_new || (by_hub && by_person);
    if takes && word.status.is_some() {
        row.status.clone_from(&word.status);
        row.status_by = word.status_by.map(By::from);
    }
    takes
}

/// The history a file tells, in the place of what rules of the hub made up meanwhile.
async fn history(
    txn: &DatabaseTransaction,
    ports: &Ports,
    row: &holding::Model,
    word: &Word,
) -> Result<(), Fault> {
    let of_game = Condition::all()
        .add(change::Column::HouseholdId.eq(row.household_id))
        .add(change::Column::GameId.eq(row.game_id));
    change::Entity::delete_many()
        .filter(of_game.clone())
        .filter(change::Column::By.ne(By::Person))
        .exec(txn)
        .await
        .doing("replacing a history")?;
    let there = change::Entity::find()
        .filter(of_game)
        .all(txn)
        .await
        .doing("reading a history")?;
    let turns = word.history.iter().filter(|turn| {
        !there
            .iter()
            .any(|row| row.at == turn.at && row.from == turn.from && row.to == turn.to)
    });
    let rows = turns
        .map(|turn| change::Model {
            id: ports.ids.new_id(),
            household_id: row.household_id,
            game_id: row.game_id,
            from: turn.from.clone(),
            to: turn.to.clone(),
            at: turn.at,
            by: turn.by.into(),
        })
        .collect();
    status::store::insert(txn, rows).await
}

async fn members(
    txn: &DatabaseTransaction,
    household: Uuid,
    game: Uuid,
    word: &Word,
) -> Result<(), Fault> {
    if word.collections.is_empty() {
        return Ok(());
    }
    // Deleted meanwhile: then nobody wants it back.
    let there: Vec<Uuid> = collection::Entity::find()
        .select_only()
        .column(collection::Column::Id)
        .filter(collection::Column::HouseholdId.eq(household))
        .filter(collection::Column::Id.is_in(word.collections.iter().map(|(id, _)| *id)))
        .into_tuple()
        .all(txn)
        .await
        .doing("finding collections")?;
    let rows = word
        .collections
        .iter()
        .filter(|(id, _)| there.contains(id))
        .map(|(id, position)| member::Model {
            collection_id: *id,
            game_id: game,
            position: *position,
        })
        .collect();
    collections::put(txn, rows).await
}
