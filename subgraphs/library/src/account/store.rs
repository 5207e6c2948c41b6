//! The only queries on accounts and their secrets.

use super::entity::{account, lease, secret};
use crate::{
    copy::entity as copy,
    game::{
        entity::{fact, holding},
        part, visible,
    },
    sync::Why,
};
use chrono::{DateTime, Utc};
use djinn_kernel::{Doing, FamilyView, Fault, Rated};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, JoinType, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, Set,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// A household's account, unless it is forgotten or another's.
pub async fn get(
    conn: &impl ConnectionTrait,
    household: Uuid,
    id: Uuid,
) -> Result<Option<account::Model>, Fault> {
    account::Entity::find_by_id(id)
        .filter(account::Column::HouseholdId.eq(household))
        .filter(account::Column::ForgottenAt.is_null())
        .one(conn)
        .await
        .doing("loading a library")
}

/// Those of `ids` that are the household's.
pub async fn some(
    conn: &impl ConnectionTrait,
    household: Uuid,
    ids: &[Uuid],
) -> Result<Vec<account::Model>, Fault> {
    account::Entity::find()
        .filter(account::Column::Id.is_in(ids.iter().copied()))
        .filter(account::Column::HouseholdId.eq(household))
        .filter(account::Column::ForgottenAt.is_null())
        .all(conn)
        .await
        .doing("loading libraries")
}

/// A page of a household's accounts in the order they were linked, with one more than `first`.
pub async fn page(
    conn: &impl ConnectionTrait,
    household: Uuid,
    after: Option<Uuid>,
    first: u32,
) -> Result<Vec<account::Model>, Fault> {
    let mut find = account::Entity::find()
        .filter(account::Column::HouseholdId.eq(household))
        .filter(account::Column::ForgottenAt.is_null());
    if let Some(after) = after {
        find = find.filter(account::Column::Id.gt(after));
    }
    find.order_by_asc(account::Column::Id)
        .limit(u64::from(first) + 1)
        .all(conn)
        .await
        .doing("listing libraries")
}

/// How many accounts a household has.
pub async fn count(conn: &impl ConnectionTrait, household: Uuid) -> Result<u64, Fault> {
    account::Entity::find()
        .filter(account::Column::HouseholdId.eq(household))
        .filter(account::Column::ForgottenAt.is_null())
        .count(conn)
        .await
        .doing("counting libraries")
}

/// The household's account of that platform and key.
pub async fn by_key(
    conn: &impl ConnectionTrait,
    household: Uuid,
    platform: &str,
    key: &str,
) -> Result<Option<account::Model>, Fault> {
    account::Entity::find()
        .filter(account::Column::HouseholdId.eq(household))
        .filter(account::Column::Platform.eq(platform))
        .filter(account::Column::AccountKey.eq(key))
        .one(conn)
        .await
        .doing("looking for a library")
}

/// Adds an account; `false` when the household has it already.
pub async fn insert(txn: &impl ConnectionTrait, row: account::Model) -> Result<bool, Fault> {
    use sea_orm::IntoActiveModel;
    let added = account::Entity::insert(row.into_active_model().reset_all())
        .on_conflict(
            OnConflict::columns([
                account::Column::HouseholdId,
                account::Column::Platform,
                account::Column::AccountKey,
            ])
            .do_nothing()
            .to_owned(),
        )
        .exec_without_returning(txn)
        .await
        .doing("linking a library")?;
    Ok(added > 0)
}

/// Keeps a sealed secret.
pub async fn keep_secret(
    txn: &impl ConnectionTrait,
    library: Uuid,
    field: &str,
    sealed: Vec<u8>,
) -> Result<(), Fault> {
    secret::Entity::insert(secret::ActiveModel {
        library_id: Set(library),
        field: Set(field.to_owned()),
        sealed: Set(sealed),
    })
    .exec_without_returning(txn)
    .await
    .doing("keeping a secret")?;
    Ok(())
}

/// Keeps sealed secrets in the place of all that were kept before.
pub async fn replace_secrets(
    txn: &impl ConnectionTrait,
    library: Uuid,
    sealed: Vec<(&str, Vec<u8>)>,
) -> Result<(), Fault> {
    secret::Entity::delete_many()
        .filter(secret::Column::LibraryId.eq(library))
        .exec(txn)
        .await
        .doing("replacing a library's secrets")?;
    for (field, sealed) in sealed {
        keep_secret(txn, library, field, sealed).await?;
    }
    Ok(())
}

/// Accounts that have secrets, forgotten ones too, by id after `after`, at most 100.
pub async fn with_secrets(
    conn: &impl ConnectionTrait,
    after: Option<Uuid>,
) -> Result<Vec<account::Model>, Fault> {
    let secret = secret::Entity::find()
        .select_only()
        .column(secret::Column::LibraryId)
        .into_query();
    let mut find = account::Entity::find().filter(account::Column::Id.in_subquery(secret));
    if let Some(after) = after {
        find = find.filter(account::Column::Id.gt(after));
    }
    find.order_by_asc(account::Column::Id)
        .limit(100)
        .all(conn)
        .await
        .doing("looking for accounts with secrets")
}

/// Keeps `after` where `before` is, and nowhere else; `false` when it is not there any more.
pub async fn swap_secret(
    txn: &impl ConnectionTrait,
    library: Uuid,
    field: &str,
    before: &[u8],
    after: Vec<u8>,
) -> Result<bool, Fault> {
    let swapped = secret::Entity::update_many()
        .col_expr(secret::Column::Sealed, Expr::value(after))
        .filter(secret::Column::LibraryId.eq(library))
        .filter(secret::Column::Field.eq(field))
        .filter(secret::Column::Sealed.eq(before.to_vec()))
        .exec(txn)
        .await
        .doing("keeping renewed tokens")?;
    Ok(swapped.rows_affected > 0)
}

/// Takes the lease to renew an account's tokens; `false` while somebody else has it.
pub async fn lease(
    txn: &impl ConnectionTrait,
    row: lease::Model,
    now: DateTime<Utc>,
) -> Result<bool, Fault> {
    use sea_orm::IntoActiveModel;
    let taken = lease::Entity::insert(row.into_active_model().reset_all())
        .on_conflict(
            OnConflict::column(lease::Column::LibraryId)
                .update_columns([lease::Column::Owner, lease::Column::Until])
                .action_and_where(Expr::col((lease::Entity, lease::Column::Until)).lte(now))
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await
        .doing("taking the lease on a login")?;
    Ok(taken > 0)
}

/// Gives the lease back, unless somebody else has it by now.
pub async fn give_back(
    txn: &impl ConnectionTrait,
    library: Uuid,
    owner: Uuid,
) -> Result<(), Fault> {
    lease::Entity::delete_many()
        .filter(lease::Column::LibraryId.eq(library))
        .filter(lease::Column::Owner.eq(owner))
        .exec(txn)
        .await
        .doing("giving the lease on a login back")?;
    Ok(())
}

/// The sealed secrets of an account, by field.
pub async fn secrets(
    conn: &impl ConnectionTrait,
    library: Uuid,
) -> Result<BTreeMap<String, Vec<u8>>, Fault> {
    let rows = secret::Entity::find()
        .filter(secret::Column::LibraryId.eq(library))
        .all(conn)
        .await
        .doing("loading secrets")?;
    Ok(rows
        .into_iter()
        .map(|row| (row.field, row.sealed))
        .collect())
}

/// Notes how the last sync went: whether the credentials were accepted, and what went wrong.
pub async fn note_outcome(
    txn: &impl ConnectionTrait,
    library: Uuid,
    connected: bool,
    error: Option<&Why>,
) -> Result<(), Fault> {
    account::Entity::update_many()
        .col_expr(account::Column::Connected, Expr::value(connected))
        .col_expr(
            account::Column::ErrorCode,
            Expr::value(error.map(|why| why.code.as_str().to_owned())),
        )
        .col_expr(
            account::Column::ErrorMessage,
            Expr::value(error.map(|why| why.message.clone())),
        )
        .col_expr(
            account::Column::ErrorSaid,
            Expr::value(error.and_then(|why| why.said.clone())),
        )
        .filter(account::Column::Id.eq(library))
        .exec(txn)
        .await
        .doing("noting how a sync went")?;
    Ok(())
}

/// How many copies each of the household's libraries shows to a viewer with this ceiling.
pub async fn copies_shown(
    conn: &impl ConnectionTrait,
    household: Uuid,
    libraries: &[Uuid],
    family: Option<FamilyView>,
) -> Result<HashMap<Uuid, u64>, Fault> {
    let mut find = copy::Entity::find()
        .select_only()
        .column(copy::Column::LibraryId)
        .column_as(copy::Column::Id.count(), "copies")
        .filter(copy::Column::LibraryId.is_in(libraries.iter().copied()))
        .filter(copy::Column::RemovedAt.is_null())
        .group_by(copy::Column::LibraryId);
    let mut shown: HashMap<Uuid, u64> = HashMap::new();
    let Some(view) = family else {
        let rows: Vec<(Uuid, i64)> = find
            .into_tuple()
            .all(conn)
            .await
            .doing("counting the copies of libraries")?;
        shown.extend(
            rows.into_iter()
                .map(|(library, copies)| (library, copies as u64)),
        );
        return Ok(shown);
    };
    let closed = part::closed(conn, household, view).await?;
    // What a child may see depends on the rating of the game, so count by rating; a copy that has
    // no game yet is not shown at all, nor is one of a game that was hidden.
    let hidden = holding::Entity::find()
        .select_only()
        .column(holding::Column::GameId)
        .filter(holding::Column::HouseholdId.eq(household))
        .filter(holding::Column::Hidden.eq(true))
        .into_query();
    find = find
        .filter(copy::Column::GameId.not_in_subquery(hidden))
        .filter(copy::Column::GameId.is_not_in(closed))
        .columns([fact::Column::Esrb, fact::Column::Boards])
        .join(
            JoinType::InnerJoin,
            copy::Entity::belongs_to(fact::Entity)
                .from(copy::Column::GameId)
                .to(fact::Column::GameId)
                .into(),
        )
        .group_by(fact::Column::Esrb)
        .group_by(fact::Column::Boards);
    let rows: Vec<(Uuid, i64, Option<i16>, Option<i32>)> = find
        .into_tuple()
        .all(conn)
        .await
        .doing("counting the copies of libraries")?;
    for (library, copies, esrb, boards) in rows {
        if visible(family, Rated::stored(esrb, boards)) {
            *shown.entry(library).or_default() += copies as u64;
        }
    }
    Ok(shown)
}

/// Makes an account disappear at once, with its secrets; its copies go later. `false` when it was
/// not there.
pub async fn forget(
    txn: &impl ConnectionTrait,
    household: Uuid,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<bool, Fault> {
    let gone = account::Entity::update_many()
        .col_expr(account::Column::ForgottenAt, Expr::value(now))
        .col_expr(account::Column::Connected, Expr::value(false))
        // The same account may be linked again at once.
        .col_expr(
            account::Column::AccountKey,
            Expr::value(format!("forgotten:{id}")),
        )
        .filter(account::Column::Id.eq(id))
        .filter(account::Column::HouseholdId.eq(household))
        .filter(account::Column::ForgottenAt.is_null())
        .exec(txn)
        .await
        .doing("unlinking a library")?;
    if gone.rows_affected == 0 {
        return Ok(false);
    }
    secret::Entity::delete_many()
        .filter(secret::Column::LibraryId.eq(id))
        .exec(txn)
        .await
        .doing("deleting a library's secrets")?;
    lease::Entity::delete_by_id(id)
        .exec(txn)
        .await
        .doing("deleting the lease on a login")?;
    Ok(true)
}

/// Accounts that were unlinked and are not yet removed whole.
pub async fn forgotten(conn: &impl ConnectionTrait) -> Result<Vec<account::Model>, Fault> {
    account::Entity::find()
        .filter(account::Column::ForgottenAt.is_not_null())
        .order_by_asc(account::Column::Id)
        .limit(10)
        .all(conn)
        .await
        .doing("looking for unlinked libraries")
}

/// Notes that an account is forgotten, and not only unlinked.
pub async fn note_for_good(txn: &impl ConnectionTrait, id: Uuid) -> Result<(), Fault> {
    account::Entity::update_many()
        .col_expr(account::Column::ForGood, Expr::value(true))
        .filter(account::Column::Id.eq(id))
        .exec(txn)
        .await
        .doing("noting that a library is forgotten")?;
    Ok(())
}

/// Removes the last row of an unlinked account, and returns it; none when somebody else did.
pub async fn delete(txn: &impl ConnectionTrait, id: Uuid) -> Result<Option<account::Model>, Fault> {
    let row = account::Entity::find_by_id(id)
        .one(txn)
        .await
        .doing("loading a library")?;
    let gone = account::Entity::delete_by_id(id)
        .exec(txn)
        .await
        .doing("removing a library")?;
    Ok(row.filter(|_| gone.rows_affected > 0))
}
