//! Merging and splitting; taking either back is `undo`.

use super::{
    MOST, MOST_AT_ONCE, Sides, Verdict, entity::Stored, entity::decision, error::DecisionError,
    held::Held, store,
};
use crate::{
    NAME, duplicate,
    enrichment::{self, store::Wanted},
    game::{self, Dossier, Source},
    matching::{
        self,
        compose::{Asking, compose},
        entity::matched,
        proof::{Proof, ProofKind},
        tell::{News, tell},
    },
};
use chrono::{DateTime, Utc};
use djinn_kernel::{
    Doing, Fault,
    event::{CopiesMatched, Payload},
    ids::{CopyId, GameId, InvalidId},
    viewer::Identity,
};
use djinn_subgraph_kit::{Ports, outbox};
use sea_orm::DatabaseTransaction;
use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};
use uuid::Uuid;

/// The longest that an answer waits for the libraries to take what was decided.
const PATIENCE: Duration = Duration::from_secs(2);

/// Decides for one household.
#[derive(Debug, Clone)]
pub struct Decisions {
    ports: Ports,
    /// Whether the Steam store is asked about Steam's games.
    asks_steam: bool,
}

impl Decisions {
    /// Over these ports.
    pub const fn new(ports: Ports, asks_steam: bool) -> Self {
        Self { ports, asks_steam }
    }

    /// What it works with.
    pub const fn ports(&self) -> &Ports {
        &self.ports
    }

    /// The copies of `games` are copies of `into`: in this household. Returns `into`.
    pub async fn merge(
        &self,
        identity: &Identity,
        into: &str,
        games: &[String],
    ) -> Result<Vec<Uuid>, DecisionError> {
        let kept = game_id("input.into", into)?;
        let others = parsed("input.games", games, game_id)?;
        if let Some(at) = others.iter().position(|game| *game == kept) {
            return Err(DecisionError::Itself(format!("input.games.{at}")));
        }
        let (household, now) = (identity.household.0, self.ports.clock.now());
        let txn = self.begin(now).await?;
        room_for_one(&txn, household).await?;
        let all: Vec<Uuid> = std::iter::once(kept)
            .chain(others.iter().copied())
            .collect();
        let held = Held::load(&txn, identity, &all).await?;
        if !held.has(kept) {
            return Err(DecisionError::NoGame("input.into".to_owned()));
        }
        if let Some(at) = others.iter().position(|game| !held.has(*game)) {
            return Err(DecisionError::NoGame(format!("input.games.{at}")));
        }
        let mut proof = vec![
            Proof::new(ProofKind::Person, "Somebody of your household said so")
                .coded("person.so", &[]),
        ];
        for other in &others {
            let found = duplicate::between(&held.rows_of(kept), &held.rows_of(*other));
            proof.extend(found.map(|found| found.proof).unwrap_or_default());
        }
        let sides = Sides {
            kept: held.matches_of(&[kept]),
            others: held.matches_of(&others),
            titles: others.iter().map(|game| held.title(*game)).collect(),
            games: others.clone(),
            proof,
        };
        let decision = self.decided(identity, Verdict::Same, sides, kept, now);
        store::insert(&txn, decision).await?;
        self.settle(txn, household, BTreeSet::new()).await?;
        Ok(vec![kept])
    }

    /// These copies are another game than the one they are of now: in this household. Returns what
    /// is left of the game, and the other.
    pub async fn split(
        &self,
        identity: &Identity,
        game: &str,
        copies: &[String],
    ) -> Result<Vec<Uuid>, DecisionError> {
        let game = game_id("input.game", game)?;
        let copies = parsed("input.copies", copies, |at, text| {
            CopyId::parse(text)
                .map(|id| id.0)
                .map_err(|id| wrong(at, id))
        })?;
        let now = self.ports.clock.now();
        let txn = self.begin(now).await?;
        let held = Held::load(&txn, identity, &[game]).await?;
        if !held.has(game) {
            return Err(DecisionError::NoGame("input.game".to_owned()));
        }
        let behind: HashMap<Uuid, Uuid> = held
            .copies
            .iter()
            .map(|copy| (copy.copy_id, copy.match_id))
            .collect();
        if let Some(at) = copies.iter().position(|copy| !behind.contains_key(copy)) {
            return Err(DecisionError::NoCopy(format!("input.copies.{at}")));
        }
        let off = copies.iter().map(|copy| behind[copy]).collect();
        self.part(txn, identity, game, &held, off, now).await
    }

    pub(super) async fn part(
        &self,
        txn: DatabaseTransaction,
        identity: &Identity,
        game: Uuid,
        held: &Held,
        off: BTreeSet<Uuid>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Uuid>, DecisionError> {
        let household = identity.household.0;
        let all = held.matches_of(&[game]);
        let kept: BTreeSet<Uuid> = all.difference(&off).copied().collect();
        if kept.is_empty() {
            return Err(DecisionError::NothingStays);
        }
        room_for_one(&txn, household).await?;
        let rows: Vec<&matched::Model> = off.iter().filter_map(|id| held.rows.get(id)).collect();
        let other = match own_game(&rows, game) {
            Some(own) => own,
            None => self.found_game(&txn, game, &rows, now).await?,
        };
        let sides = Sides {
            kept,
            others: off,
            titles: rows
                .iter()
                .map(|row| game::title::clean(&row.title))
                .collect(),
            games: vec![game],
            proof: vec![
                Proof::new(
                    ProofKind::Person,
                    "Somebody of your household said that it is another game",
                )
                .coded("person.another", &[]),
            ],
        };
        let decision = self.decided(identity, Verdict::Apart, sides, other, now);
        store::insert(&txn, decision).await?;
        duplicate::store::dismiss(&txn, household, (game, other), now).await?;
        self.settle(txn, household, BTreeSet::new()).await?;
        Ok(vec![game, other])
    }

    /// A game of its own for what was split off from `whole`, with what imports said of it.
    pub(super) async fn found_game(
        &self,
        txn: &DatabaseTransaction,
        whole: Uuid,
        rows: &[&matched::Model],
        now: DateTime<Utc>,
    ) -> Result<Uuid, Fault> {
        let Ports { clock, ids, .. } = &self.ports;
        let id = ids.new_id();
        let mut dossier = Dossier::new(id, now);
        let asking = compose(&mut dossier, rows, |_| true, self.asks_steam, now);
        for imported in rows.iter().filter_map(|row| row.imported.as_ref()) {
            dossier.learn(Source::Import, imported.findings.clone(), now);
        }
        dossier.settle();
        let mut wholes: Vec<Uuid> = rows.iter().map(|row| row.game_id).collect();
        wholes.push(whole);
        wholes.sort_unstable();
        wholes.dedup();
        let mut stood = game::store::dossiers(txn, &wholes)
            .await
            .doing("loading what was split")?;
        for whole in wholes.iter().filter_map(|id| stood.remove(id)) {
            dossier.split_from(&whole, now);
        }
        dossier.game.revision = 1;
        let changed = dossier.changed();
        game::store::save(txn, &[dossier], &BTreeSet::from([id]))
            .await
            .doing("writing a game")?;
        if let Asking::About(store_id) = asking {
            enrichment::store::enqueue(txn, &[Wanted { game: id, store_id }], now)
                .await
                .doing("queueing enrichment")?;
        }
        outbox::append(txn, NAME, &**clock, &**ids, &changed).await?;
        Ok(id)
    }

    fn decided(
        &self,
        identity: &Identity,
        verdict: Verdict,
        sides: Sides,
        game: Uuid,
        at: DateTime<Utc>,
    ) -> decision::Model {
        decision::Model {
            id: self.ports.ids.new_id(),
            household_id: identity.household.0,
            player_id: identity.player.0,
            verdict: verdict.as_str().to_owned(),
            sides: Stored(sides),
            game_id: game,
            at,
            undone_at: None,
        }
    }

    pub(super) async fn begin(&self, now: DateTime<Utc>) -> Result<DatabaseTransaction, Fault> {
        let txn = self.ports.db.begin().await.doing("deciding about games")?;
        matching::store::lock(&txn, now)
            .await
            .doing("locking games")?;
        Ok(txn)
    }

    /// Tells the household's libraries what changed, commits, and waits a moment for them to take
    /// it: whoever decided is answered with their copies too, which the library keeps.
    pub(super) async fn settle(
        &self,
        txn: DatabaseTransaction,
        household: Uuid,
        games: BTreeSet<Uuid>,
    ) -> Result<(), Fault> {
        let news = News {
            households: BTreeSet::from([household]),
            games,
            ..News::default()
        };
        let told = tell(&txn, &self.ports, news).await?;
        txn.commit().await.doing("deciding about games")?;
        let Ports { db, bus, .. } = &self.ports;
        bus.poke(outbox::TOPIC);
        bus.poke(enrichment::TOPIC);
        if bus.is_wanted(CopiesMatched::KIND) {
            outbox::settled(db, &**bus, &told, PATIENCE).await;
        }
        Ok(())
    }
}

/// The catalogue's game of what is split off, when that is all of what the household has of it:
/// then it goes back to where it came from, with what was said of it.
pub(super) fn own_game(rows: &[&matched::Model], game: Uuid) -> Option<Uuid> {
    let own = rows.first()?.game_id;
    (own != game && rows.iter().all(|row| row.game_id == own)).then_some(own)
}

async fn room_for_one(txn: &DatabaseTransaction, household: Uuid) -> Result<(), DecisionError> {
    if store::count(txn, household).await? >= MOST {
        return Err(DecisionError::TooMany);
    }
    Ok(())
}

pub(super) fn wrong(at: &str, id: InvalidId) -> DecisionError {
    DecisionError::Id {
        at: at.to_owned(),
        id,
    }
}

fn game_id(at: &str, text: &str) -> Result<Uuid, DecisionError> {
    GameId::parse(text)
        .map(|id| id.0)
        .map_err(|id| wrong(at, id))
}

/// Ids, each once, in the order they came.
fn parsed(
    at: &'static str,
    texts: &[String],
    parse: impl Fn(&str, &str) -> Result<Uuid, DecisionError>,
) -> Result<Vec<Uuid>, DecisionError> {
    if !(1..=MOST_AT_ONCE).contains(&texts.len()) {
        return Err(DecisionError::Change(at, texts.len()));
    }
    let mut all = Vec::new();
    for (i, text) in texts.iter().enumerate() {
        let id = parse(&format!("{at}.{i}"), text)?;
        if !all.contains(&id) {
            all.push(id);
        }
    }
    Ok(all)
}
