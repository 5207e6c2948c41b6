//! Making, renaming and removing own statuses.

use super::{MAX_NAME, MAX_OWN, Own, called, entity::Model, meant, name, of_id, of_the_hub, store};
use crate::{
    collection::{self, field::Field},
    game::{self, fold::fold},
};
use djinn_kernel::{Code, Doing, Fault, Reason};
use djinn_subgraph_kit::{Ports, graph::Coded};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// Why a status was not made, not renamed or not removed.
#[derive(Debug, thiserror::Error)]
pub enum NotChanged {
    /// Empty, or too long.
    #[error("a status has a name of 1 to {MAX_NAME} characters")]
    Name,
    /// There is one of that name.
    #[error("there is a status called `{0}` already")]
    Taken(String),
    /// As many as there may be.
    #[error("a household has at most {MAX_OWN} statuses of its own")]
    TooMany,
    /// It comes with the hub.
    #[error("`{id}` is a status of every hub and stays as it is")]
    Hubs {
        /// Which.
        id: String,
        /// Where it was said.
        at: &'static str,
    },
    /// Not there.
    #[error("you have no status `{id}`")]
    NoStatus {
        /// Which.
        id: String,
        /// Where it was said.
        at: &'static str,
    },
    /// Games have it.
    #[error("games have the status `{name}`, {games} of them; give them another first")]
    Used {
        /// Which.
        name: String,
        /// How many.
        games: u64,
    },
    /// Rules of collections name it.
    #[error(
        "rules of collections name the status `{name}`, {collections} of them; take it out of these first"
    )]
    Gathers {
        /// Which.
        name: String,
        /// How many.
        collections: usize,
    },
    /// Our side.
    #[error(transparent)]
    Internal(#[from] Fault),
}

impl Coded for NotChanged {
    fn code(&self) -> Code {
        match self {
            Self::Name => Code::InvalidInput,
            Self::Taken(_) | Self::Hubs { .. } | Self::Used { .. } | Self::Gathers { .. } => {
                Code::Conflict
            }
            Self::TooMany => Code::LimitExceeded,
            Self::NoStatus { .. } => Code::NotFound,
            Self::Internal(_) => Code::Internal,
        }
    }

    fn field(&self) -> Option<String> {
        let field = match self {
            Self::Name | Self::Taken(_) => "input.name",
            Self::Hubs { at, .. } | Self::NoStatus { at, .. } => *at,
            Self::Used { .. } | Self::Gathers { .. } => "id",
            Self::TooMany | Self::Internal(_) => return None,
        };
        Some(field.to_owned())
    }

    fn reason(&self) -> Option<(Reason, Vec<String>)> {
        match self {
            Self::Taken(name) => Some((Reason::StatusTaken, vec![name.clone()])),
            Self::Hubs { id, .. } => Some((Reason::StatusHubs, vec![id.clone()])),
            Self::Used { name, games } => {
                Some((Reason::StatusUsed, vec![name.clone(), games.to_string()]))
            }
            Self::Gathers { name, collections } => Some((
                Reason::StatusGathers,
                vec![name.clone(), collections.to_string()],
            )),
            _ => None,
        }
    }
}

/// A name as it is kept, if the hub has no status that is called so.
fn wanted(typed: &str) -> Result<String, NotChanged> {
    match of_the_hub(typed) {
        Some(hubs) => Err(NotChanged::Taken(hubs.name.to_owned())),
        None => name(typed).ok_or(NotChanged::Name),
    }
}

/// Makes a status of that name.
pub async fn create(ports: &Ports, household: Uuid, typed: &str) -> Result<Own, NotChanged> {
    let wanted = wanted(typed)?;
    let txn = ports.db.begin().await.doing("making a status")?;
    // First, so that two who make the last one at once do so one after the other; it also tells
    // every index that the list is another.
    game::store::bump(&txn, household).await?;
    let there = store::of(&txn, household).await?;
    if let Some(one) = called(&there, &wanted) {
        return Err(NotChanged::Taken(one.name.clone()));
    }
    if there.len() >= MAX_OWN {
        return Err(NotChanged::TooMany);
    }
    let made = Own::new(wanted, &there);
    store::insert(&txn, row(ports, household, &made)).await?;
    txn.commit().await.doing("making a status")?;
    Ok(made)
}

/// Calls a status otherwise. Whatever means it by its id goes on meaning it.
pub async fn rename(
    ports: &Ports,
    household: Uuid,
    id: &str,
    typed: &str,
) -> Result<Own, NotChanged> {
    let wanted = wanted(typed)?;
    let txn = ports.db.begin().await.doing("renaming a status")?;
    game::store::bump(&txn, household).await?;
    let there = store::of(&txn, household).await?;
    let one = found(&there, id, "input.id")?;
    let other = called(&there, &wanted).filter(|other| other.id != one.id);
    if let Some(other) = other {
        return Err(NotChanged::Taken(other.name.clone()));
    }
    let renamed = Own {
        id: one.id.clone(),
        name: wanted,
    };
    store::rename(&txn, household, &renamed).await?;
    txn.commit().await.doing("renaming a status")?;
    Ok(renamed)
}

/// Removes the status of that id, if no game has it and no collection gathers by it: such a rule
/// could not be kept again, and an export would bring the status back.
pub async fn delete(ports: &Ports, household: Uuid, id: &str) -> Result<String, NotChanged> {
    let txn = ports.db.begin().await.doing("removing a status")?;
    // Marking a game moves the revision on as well: nobody takes the status meanwhile.
    game::store::bump(&txn, household).await?;
    let there = store::of(&txn, household).await?;
    let one = found(&there, id, "id")?;
    let games = store::used(&txn, household, &one.id).await?;
    if games > 0 {
        let name = one.name.clone();
        return Err(NotChanged::Used { name, games });
    }
    let collections = gathering(&txn, household, one).await?;
    if collections > 0 {
        let name = one.name.clone();
        return Err(NotChanged::Gathers { name, collections });
    }
    store::delete(&txn, household, &one.id).await?;
    txn.commit().await.doing("removing a status")?;
    Ok(one.id.clone())
}

/// How many collections of the household have a rule that names the status.
async fn gathering(
    conn: &impl ConnectionTrait,
    household: Uuid,
    one: &Own,
) -> Result<usize, Fault> {
    let folded = fold(&one.id);
    let mut count = 0;
    for row in collection::store::ruled(conn, household).await? {
        let rule = collection::service::rule_of(&row)?;
        let names =
            |rule: collection::rule::Rule| rule.names(Field::Status, &|id| fold(id) == folded);
        count += usize::from(rule.is_some_and(names));
    }
    Ok(count)
}

/// The one of that id, which was said at `at`.
fn found<'o>(there: &'o [Own], id: &str, at: &'static str) -> Result<&'o Own, NotChanged> {
    let short = || id.chars().take(MAX_NAME).collect();
    if game::status(id).is_some() {
        return Err(NotChanged::Hubs { id: short(), at });
    }
    of_id(there, id).ok_or_else(|| NotChanged::NoStatus { id: short(), at })
}

/// Which of `names` the household does not have: what an import would make.
pub fn lacking(there: &[Own], names: &[String]) -> Result<Vec<Own>, NotChanged> {
    let mut all = there.to_vec();
    for name in names {
        if meant(&all, name).is_none() {
            all.push(Own::new(name.clone(), &all));
        }
    }
    if all.len() > MAX_OWN {
        return Err(NotChanged::TooMany);
    }
    Ok(all.split_off(there.len()))
}

/// Makes those of `names` that the household does not have: an import brings them. Says which
/// there were, and which are new.
pub async fn ensure(
    txn: &impl ConnectionTrait,
    ports: &Ports,
    household: Uuid,
    names: &[String],
) -> Result<(Vec<Own>, Vec<Own>), NotChanged> {
    if !names.is_empty() {
        game::store::bump(txn, household).await?;
    }
    let there = store::of(txn, household).await?;
    let new = lacking(&there, names)?;
    for one in &new {
        store::insert(txn, row(ports, household, one)).await?;
    }
    Ok((there, new))
}

fn row(ports: &Ports, household: Uuid, one: &Own) -> Model {
    Model {
        household_id: household,
        name_key: fold(&one.name),
        id: one.id.clone(),
        name: one.name.clone(),
        created_at: ports.clock.now(),
    }
}
