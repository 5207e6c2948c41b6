//! What a household has, in an order that does not depend on any id: first a slim list of all its
//! games, then the games themselves, a few hundred at a time.

use super::{
    form,
    order::{Entry, Is, Place, hide, ordered, place},
};
use crate::{
    account::entity::account,
    collection::{entity::member, field::Field, rule::Rule, store as collections},
    copy::entity as copy,
    game::{
        entity::{fact, holding},
        family,
    },
    household::{self, Zone},
    import::{waiting, word::Word},
    status::own::{self, Own},
    sync::schedule,
};
use djinn_kernel::{Doing, FamilyView, Fault, viewer::Identity};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// Games at a time.
pub const CHUNK: usize = 250;

/// Everything an export is made of, without the games themselves.
pub struct Gathered {
    /// Whose.
    pub household: Uuid,
    /// Under which ceiling.
    pub(super) family: Option<FamilyView>,
    /// The libraries, with what they were in this hub.
    pub libraries: Vec<(Uuid, form::Library)>,
    /// The games, in order.
    pub games: Vec<Entry>,
    /// The collections.
    pub collections: Vec<form::Collection>,
    /// Where the household's days begin, where it has said so; not in an export of one library.
    pub zone: Option<Zone>,
    /// The names of the household's own statuses, in order; likewise.
    pub statuses: Vec<String>,
    /// The household's own statuses: ids are a hub's, and a file says names.
    pub(super) own: Vec<Own>,
    /// What files said that waits for a game, by what it waits for.
    pub(super) words: HashMap<Is, Word>,
}

impl Gathered {
    /// Says the name of a status of the household's own in place of its id.
    pub(super) fn call(&self, status: &mut String) {
        if let Some(one) = self.own.iter().find(|one| one.id == *status) {
            status.clone_from(&one.name);
        }
    }
}

/// Gathers what `who` may see, of one library or all.
pub async fn gather(
    conn: &impl ConnectionTrait,
    who: &Identity,
    only: Option<Uuid>,
) -> Result<Gathered, Fault> {
    let household = who.household.0;
    let libraries = libraries(conn, household, only).await?;
    let numbers: HashMap<Uuid, usize> = libraries
        .iter()
        .enumerate()
        .map(|(number, (id, _))| (*id, number))
        .collect();
    let mut gathered = Gathered {
        household,
        family: who.family,
        libraries,
        games: Vec::new(),
        collections: Vec::new(),
        zone: None,
        statuses: Vec::new(),
        own: own::store::of(conn, household).await?,
        words: HashMap::new(),
    };
    let mut entries: HashMap<Is, Vec<(Place, Uuid)>> = HashMap::new();
    let mut titles: HashMap<Is, (String, Option<i32>)> = HashMap::new();
    let mut members: Vec<(Uuid, i64, Is)> = Vec::new();
    let groups = words(
        conn,
        who,
        only.is_none(),
        &mut gathered,
        &mut titles,
        &mut members,
    )
    .await?;
    copies(conn, household, &numbers, &groups, &mut entries).await?;
    let mut said: HashMap<Is, (String, Option<i32>)> = titles;
    if only.is_none() {
        gathered.zone = household::store::set_zone(conn, household).await?;
        let names = gathered.own.iter().map(|one| one.name.clone());
        gathered.statuses = names.collect();
        gathered.statuses.sort_unstable();
        collected(conn, who, &mut members, &mut gathered).await?;
        let without = lonely(conn, who, &entries, &members).await?;
        said.extend(without);
        said.retain(|is, _| !entries.contains_key(is));
    } else {
        said.clear();
    }
    if who.family.is_some() {
        hide(conn, household, who.family, &mut entries, &mut said).await?;
    }
    gathered.games = ordered(entries, said);
    place(&mut gathered, members);
    Ok(gathered)
}

async fn libraries(
    conn: &impl ConnectionTrait,
    household: Uuid,
    only: Option<Uuid>,
) -> Result<Vec<(Uuid, form::Library)>, Fault> {
    let mut find = account::Entity::find()
        .filter(account::Column::HouseholdId.eq(household))
        .filter(account::Column::ForgottenAt.is_null());
    if let Some(only) = only {
        find = find.filter(account::Column::Id.eq(only));
    }
    let mut rows = find.all(conn).await.doing("listing libraries to export")?;
    rows.sort_by(|a, b| {
        (&a.platform, &a.account_key, a.id).cmp(&(&b.platform, &b.account_key, b.id))
    });
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let schedules = schedule::store::some(conn, &ids).await?;
    let every: HashMap<Uuid, i32> = schedules
        .into_iter()
        .filter_map(|row| Some((row.library_id, row.every_hours?)))
        .collect();
    let form = |row: account::Model| {
        let library = form::Library {
            platform: row.platform,
            account: row.account,
            label: row.label,
            created_at: row.created_at,
            sync_every_hours: every.get(&row.id).copied(),
        };
        (row.id, library)
    };
    Ok(rows.into_iter().map(form).collect())
}

/// Reads what waits, and says which copies are of one group.
async fn words(
    conn: &impl ConnectionTrait,
    who: &Identity,
    whole: bool,
    gathered: &mut Gathered,
    titles: &mut HashMap<Is, (String, Option<i32>)>,
    members: &mut Vec<(Uuid, i64, Is)>,
) -> Result<HashMap<Uuid, Uuid>, Fault> {
    let mut groups = HashMap::new();
    let mut after: Option<Uuid> = None;
    loop {
        let mut find = waiting::entity::Entity::find()
            .filter(waiting::entity::Column::HouseholdId.eq(gathered.household));
        if let Some(after) = after {
            find = find.filter(waiting::entity::Column::Id.gt(after));
        }
        let rows = find
            .order_by_asc(waiting::entity::Column::Id)
            .limit(CHUNK as u64)
            .all(conn)
            .await
            .doing("reading what files said")?;
        let Some(last) = rows.last() else {
            return Ok(groups);
        };
        after = Some(last.id);
        // What is not known yet is not shown to a child.
        if who.family.is_some() {
            continue;
        }
        for row in rows {
            let word = waiting::read(row.said)?;
            let is = Is::Group(row.group_id);
            match row.copy_id {
                Some(copy) => {
                    groups.insert(copy, row.group_id);
                }
                None if whole => {
                    titles.insert(is, (row.title, row.year));
                }
                None => continue,
            }
            let places = word.collections.iter();
            if whole && !gathered.words.contains_key(&is) {
                members.extend(places.map(|(id, position)| (*id, *position, is)));
            }
            if word.is_kept() {
                gathered.words.insert(is, word);
            } else {
                gathered.words.entry(is).or_default();
            }
        }
    }
}

/// The slim list of the copies.
async fn copies(
    conn: &impl ConnectionTrait,
    household: Uuid,
    numbers: &HashMap<Uuid, usize>,
    groups: &HashMap<Uuid, Uuid>,
    entries: &mut HashMap<Is, Vec<(Place, Uuid)>>,
) -> Result<(), Fault> {
    let mut after: Option<Uuid> = None;
    loop {
        let mut find = copy::Entity::find()
            .select_only()
            .columns([
                copy::Column::Id,
                copy::Column::LibraryId,
                copy::Column::Identity,
                copy::Column::GameId,
            ])
            .filter(copy::Column::HouseholdId.eq(household))
            .filter(copy::Column::LibraryId.is_in(numbers.keys().copied()))
            .filter(copy::Column::RemovedAt.is_null());
        if let Some(after) = after {
            find = find.filter(copy::Column::Id.gt(after));
        }
        let rows: Vec<(Uuid, Uuid, String, Option<Uuid>)> = find
            .order_by_asc(copy::Column::Id)
            .limit(2000)
            .into_tuple()
            .all(conn)
            .await
            .doing("listing copies to export")?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = Some(last.0);
        for (id, library, identity, game) in rows {
            let Some(number) = numbers.get(&library) else {
                continue;
            };
            let is = match (game, groups.get(&id)) {
                (Some(game), _) => Is::Game(game),
                (None, Some(group)) => Is::Group(*group),
                (None, None) => Is::Copy(id),
            };
            entries
                .entry(is)
                .or_default()
                .push(((*number, identity), id));
        }
    }
}

/// The player's collections in their order, and who is in the manual ones.
async fn collected(
    conn: &impl ConnectionTrait,
    who: &Identity,
    members: &mut Vec<(Uuid, i64, Is)>,
    gathered: &mut Gathered,
) -> Result<(), Fault> {
    let rows = collections::page(
        conn,
        who.player.0,
        None,
        crate::collection::MAX_COLLECTIONS as u32,
    )
    .await?;
    let manual: Vec<Uuid> = rows
        .iter()
        .filter(|row| row.rule.is_none())
        .map(|row| row.id)
        .collect();
    let mine: Vec<member::Model> = collections::members(conn, &manual)
        .await?
        .into_values()
        .flatten()
        .collect();
    members.retain(|(id, ..)| manual.contains(id));
    members.extend(
        mine.into_iter()
            .map(|row| (row.collection_id, row.position, Is::Game(row.game_id))),
    );
    // Numbers for now; the games' own are filled in when their order is known.
    let order: HashMap<Uuid, usize> = rows
        .iter()
        .enumerate()
        .map(|(number, row)| (row.id, number))
        .collect();
    for (id, ..) in members.iter_mut() {
        if let Some(number) = order.get(id) {
            *id = Uuid::from_u128(*number as u128);
        }
    }
    for row in rows {
        let mut rule: Option<Rule> = match row.rule {
            Some(rule) => Some(serde_json::from_value(rule).doing("reading a rule")?),
            None => None,
        };
        if let Some(rule) = &mut rule {
            rule.reword(Field::Status, &|id| gathered.call(id));
        }
        gathered.collections.push(form::Collection {
            name: row.name,
            games: rule.is_none().then(Vec::new),
            rule,
            created_at: row.created_at,
            updated_at: row.updated_at,
        });
    }
    Ok(())
}

/// Games without copies of which something was said, or that are in a collection; by title.
async fn lonely(
    conn: &impl ConnectionTrait,
    who: &Identity,
    entries: &HashMap<Is, Vec<(Place, Uuid)>>,
    members: &[(Uuid, i64, Is)],
) -> Result<HashMap<Is, (String, Option<i32>)>, Fault> {
    let mut wanted = spoken_of(conn, who).await?;
    wanted.extend(members.iter().filter_map(|(.., is)| match is {
        Is::Game(game) if !entries.contains_key(is) => Some(*game),
        _ => None,
    }));
    let titles = titles(conn, &wanted).await?;
    Ok(titles
        .into_iter()
        .map(|(game, title)| (Is::Game(game), title))
        .collect())
}

/// The games without copies that an export for `who` would have: each with its title and year, in
/// the order of the file.
pub async fn without_copies(
    conn: &impl ConnectionTrait,
    who: &Identity,
) -> Result<Vec<(Uuid, String, Option<i32>)>, Fault> {
    let household = who.household.0;
    let mut wanted = spoken_of(conn, who).await?;
    let most = crate::collection::MAX_COLLECTIONS as u32;
    let rows = collections::page(conn, who.player.0, None, most).await?;
    let manual = rows.iter().filter(|row| row.rule.is_none());
    let manual: Vec<Uuid> = manual.map(|row| row.id).collect();
    let members = collections::members(conn, &manual).await?;
    let members: BTreeSet<Uuid> = members
        .into_values()
        .flatten()
        .map(|row| row.game_id)
        .collect();
    let members: Vec<Uuid> = members.into_iter().collect();
    let holdings = crate::game::store::holdings(conn, household, &members).await?;
    let is_held = |game: &Uuid| holdings.get(game).is_some_and(|row| row.held);
    wanted.extend(members.into_iter().filter(|game| !is_held(game)));
    let titles = titles(conn, &wanted).await?;
    Ok(titles
        .into_iter()
        .map(|(game, (title, year))| (game, title, year))
        .collect())
}

/// Games without copies of which something was said.
async fn spoken_of(conn: &impl ConnectionTrait, who: &Identity) -> Result<BTreeSet<Uuid>, Fault> {
    let rows: Vec<holding::Model> = holding::Entity::find()
        .filter(holding::Column::HouseholdId.eq(who.household.0))
        .filter(holding::Column::Held.eq(false))
        .all(conn)
        .await
        .doing("listing games that were held")?;
    let shown = rows
        .into_iter()
        .filter_map(|row| family::shown(who.family, row));
    Ok(shown
        .filter(says_something)
        .map(|row| row.game_id)
        .collect())
}

/// What games are called in a file that has no copies of them.
async fn titles(
    conn: &impl ConnectionTrait,
    wanted: &BTreeSet<Uuid>,
) -> Result<BTreeMap<Uuid, (String, Option<i32>)>, Fault> {
    let wanted: Vec<Uuid> = wanted.iter().copied().collect();
    let mut titles = BTreeMap::new();
    for chunk in wanted.chunks(500) {
        let facts: Vec<(Uuid, String, Option<i32>)> = fact::Entity::find()
            .select_only()
            .columns([
                fact::Column::GameId,
                fact::Column::Title,
                fact::Column::ReleaseYear,
            ])
            .filter(fact::Column::GameId.is_in(chunk.iter().copied()))
            .into_tuple()
            .all(conn)
            .await
            .doing("reading the titles of games")?;
        // The catalogue may know titles that a file may not have.
        titles.extend(facts.into_iter().map(|(game, title, year)| {
            let title = crate::copy::clean(&title, crate::copy::MAX_TITLE);
            let year = year.filter(|year| (1950..=2100).contains(year));
            (game, (title, year))
        }));
    }
    titles.retain(|_, (title, _)| !title.is_empty());
    Ok(titles)
}

fn says_something(row: &holding::Model) -> bool {
    row.status.is_some()
        || row.favourite
        || row.hidden
        || row.notes.is_some()
        || row.my_rating.is_some()
        || row.my_tags.is_some()
}
