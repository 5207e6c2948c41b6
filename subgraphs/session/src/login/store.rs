//! The only queries about logins.

use super::{
    entity::{founding, guard, login, refresh, setup_token},
    throttle,
};
use chrono::{DateTime, TimeDelta, Utc};
use djinn_kernel::{
    Doing, Fault,
    ids::{LoginId, PlayerId},
    page::{Page, Slice},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

/// The id of a table's only row.
const ONLY: i32 = 1;

/// The first admin, if there is one.
pub async fn founding(db: &impl ConnectionTrait) -> Result<Option<founding::Model>, Fault> {
    founding::Entity::find_by_id(ONLY)
        .one(db)
        .await
        .doing("looking for the first admin")
}

/// Makes `player` the first admin; `false` when somebody else is.
pub async fn found(
    txn: &impl ConnectionTrait,
    player: Uuid,
    claimed: bool,
    at: DateTime<Utc>,
) -> Result<bool, Fault> {
    let row = founding::Model {
        id: ONLY,
        player_id: player,
        claimed,
        at,
    };
    let written = founding::Entity::insert(row.into_active_model())
        .on_conflict(
            OnConflict::column(founding::Column::Id)
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await
        .doing("making the first admin")?;
    Ok(written > 0)
}

/// Claims the implicit owner for somebody with a name and a password; `false` when it was
/// claimed before.
pub async fn claim(txn: &impl ConnectionTrait) -> Result<bool, Fault> {
    let changed = founding::Entity::update_many()
        .col_expr(founding::Column::Claimed, Expr::value(true))
        .filter(founding::Column::Id.eq(ONLY))
        .filter(founding::Column::Claimed.eq(false))
        .exec(txn)
        .await
        .doing("claiming the first admin")?;
    Ok(changed.rows_affected > 0)
}

/// The setup token that is in force, also when it is past its time.
pub async fn setup_token(db: &impl ConnectionTrait) -> Result<Option<setup_token::Model>, Fault> {
    setup_token::Entity::find_by_id(ONLY)
        .one(db)
        .await
        .doing("looking for the setup token")
}

/// Puts a setup token in force, in place of any older one.
pub async fn set_setup_token(
    txn: &impl ConnectionTrait,
    hash: String,
    expires_at: DateTime<Utc>,
) -> Result<(), Fault> {
    let row = setup_token::Model {
        id: ONLY,
        hash,
        expires_at,
    };
    setup_token::Entity::insert(row.into_active_model())
        .on_conflict(
            OnConflict::column(setup_token::Column::Id)
                .update_columns([setup_token::Column::Hash, setup_token::Column::ExpiresAt])
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await
        .doing("writing the setup token")
        .map(|_| ())
}

/// Forgets the setup token.
pub async fn drop_setup_token(txn: &impl ConnectionTrait) -> Result<(), Fault> {
    setup_token::Entity::delete_many()
        .exec(txn)
        .await
        .doing("forgetting the setup token")
        .map(|_| ())
}

/// Writes a new login.
pub async fn insert(txn: &impl ConnectionTrait, row: login::Model) -> Result<(), Fault> {
    login::Entity::insert(row.into_active_model())
        .exec_without_returning(txn)
        .await
        .doing("opening a login")
        .map(|_| ())
}

/// A login, ended or not.
pub async fn find(db: &impl ConnectionTrait, id: LoginId) -> Result<Option<login::Model>, Fault> {
    login::Entity::find_by_id(id.0)
        .one(db)
        .await
        .doing("loading a login")
}

fn open(now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(login::Column::EndedAt.is_null())
        .add(login::Column::ExpiresAt.gt(now))
}

/// The open logins of a household, the newest first, and how many there are.
pub async fn list(
    db: &impl ConnectionTrait,
    household: PlayerId,
    now: DateTime<Utc>,
    page: &Page<Uuid>,
) -> Result<(Slice<login::Model>, u64), Fault> {
    let all = login::Entity::find()
        .filter(login::Column::Household.eq(household.0))
        .filter(open(now));
    let total = all.clone().count(db).await.doing("counting logins")?;
    let mut query = all
        .order_by_desc(login::Column::Id)
        .limit(u64::from(page.first) + 1);
    if let Some(after) = page.after {
        query = query.filter(login::Column::Id.lt(after));
    }
    let rows = query.all(db).await.doing("listing logins")?;
    Ok((Slice::cut(rows, page.first), total))
}

/// Ends an open login; of this household only, when one is given. `false` when there is none.
pub async fn end(
    txn: &impl ConnectionTrait,
    id: LoginId,
    household: Option<PlayerId>,
    now: DateTime<Utc>,
) -> Result<bool, Fault> {
    let mut query = login::Entity::update_many()
        .col_expr(login::Column::EndedAt, Expr::value(Some(now)))
        .filter(login::Column::Id.eq(id.0))
        .filter(login::Column::EndedAt.is_null());
    if let Some(household) = household {
        query = query.filter(login::Column::Household.eq(household.0));
    }
    Ok(query.exec(txn).await.doing("ending a login")?.rows_affected > 0)
}

/// Ends a player's open logins but one; how many they were.
pub async fn end_others(
    txn: &impl ConnectionTrait,
    player: PlayerId,
    but: Option<LoginId>,
    now: DateTime<Utc>,
) -> Result<u64, Fault> {
    let mut query = login::Entity::update_many()
        .col_expr(login::Column::EndedAt, Expr::value(Some(now)))
        .filter(login::Column::PlayerId.eq(player.0))
        .filter(open(now));
    if let Some(but) = but {
        query = query.filter(login::Column::Id.ne(but.0));
    }
    let ended = query.exec(txn).await.doing("ending other logins")?;
    Ok(ended.rows_affected)
}

/// Notes that a login was used, and until when it is good now.
pub async fn touch(
    txn: &impl ConnectionTrait,
    id: Uuid,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<(), Fault> {
    login::Entity::update_many()
        .col_expr(login::Column::LastUsedAt, Expr::value(now))
        .col_expr(login::Column::ExpiresAt, Expr::value(expires_at))
        .filter(login::Column::Id.eq(id))
        .exec(txn)
        .await
        .doing("noting the use of a login")
        .map(|_| ())
}

/// Writes a refresh token's hash.
pub async fn insert_refresh(
    txn: &impl ConnectionTrait,
    hash: String,
    login: Uuid,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let row = refresh::Model {
        hash,
        login_id: login,
        issued_at: now,
        used_at: None,
    };
    refresh::Entity::insert(row.into_active_model())
        .exec_without_returning(txn)
        .await
        .doing("writing a refresh token")
        .map(|_| ())
}

/// The refresh token with this hash.
pub async fn refresh(
    db: &impl ConnectionTrait,
    hash: &str,
) -> Result<Option<refresh::Model>, Fault> {
    refresh::Entity::find_by_id(hash.to_owned())
        .one(db)
        .await
        .doing("loading a refresh token")
}

/// Uses a refresh token up; `false` when it was used before. Of many at once, one wins.
pub async fn spend(
    txn: &impl ConnectionTrait,
    hash: &str,
    now: DateTime<Utc>,
) -> Result<bool, Fault> {
    let changed = refresh::Entity::update_many()
        .col_expr(refresh::Column::UsedAt, Expr::value(Some(now)))
        .filter(refresh::Column::Hash.eq(hash))
        .filter(refresh::Column::UsedAt.is_null())
        .exec(txn)
        .await
        .doing("using a refresh token")?;
    Ok(changed.rows_affected > 0)
}

/// Forgets the refresh tokens of a login that are too old to be accepted anyway.
pub async fn prune_refresh(
    txn: &impl ConnectionTrait,
    login: Uuid,
    before: DateTime<Utc>,
) -> Result<(), Fault> {
    refresh::Entity::delete_many()
        .filter(refresh::Column::LoginId.eq(login))
        .filter(refresh::Column::IssuedAt.lt(before))
        .exec(txn)
        .await
        .doing("forgetting old refresh tokens")
        .map(|_| ())
}

/// The latest attempts by a name, with its row locked.
pub async fn attempts(
    txn: &impl ConnectionTrait,
    name_hash: &str,
    now: DateTime<Utc>,
) -> Result<Vec<DateTime<Utc>>, Fault> {
    let row = guard::Model {
        name_hash: name_hash.to_owned(),
        attempts: "[]".to_owned(),
        updated_at: now,
        known_until: None,
    };
    guard::Entity::insert(row.into_active_model())
        .on_conflict(
            OnConflict::column(guard::Column::NameHash)
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await
        .doing("counting attempts to sign in")?;
    let row = guard::Entity::find_by_id(name_hash.to_owned())
        .lock_exclusive()
        .one(txn)
        .await
        .doing("counting attempts to sign in")?;
    row.map_or_else(
        || Ok(Vec::new()),
        |row| serde_json::from_str(&row.attempts).doing("reading attempts to sign in"),
    )
}

/// Writes the latest attempts by a name.
pub async fn set_attempts(
    txn: &impl ConnectionTrait,
    name_hash: &str,
    attempts: &[DateTime<Utc>],
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let attempts = serde_json::to_string(attempts).doing("writing attempts to sign in")?;
    guard::Entity::update_many()
        .set(guard::ActiveModel {
            attempts: Set(attempts),
            updated_at: Set(now),
            ..guard::ActiveModel::default()
        })
        .filter(guard::Column::NameHash.eq(name_hash))
        .exec(txn)
        .await
        .doing("writing attempts to sign in")
        .map(|_| ())
}

/// Forgets the attempts by a name: somebody signed in.
pub async fn clear_attempts(txn: &impl ConnectionTrait, name_hash: &str) -> Result<(), Fault> {
    guard::Entity::delete_by_id(name_hash.to_owned())
        .exec(txn)
        .await
        .doing("forgetting attempts to sign in")
        .map(|_| ())
}

/// Whether a name has signed in from that network lately.
pub async fn is_known(
    conn: &impl ConnectionTrait,
    place_hash: &str,
    now: DateTime<Utc>,
) -> Result<bool, Fault> {
    guard::Entity::find_by_id(place_hash.to_owned())
        .filter(guard::Column::KnownUntil.gt(now))
        .one(conn)
        .await
        .doing("looking from where somebody signs in")
        .map(|row| row.is_some())
}

/// Notes that a name has signed in from that network, which forgets the attempts before.
pub async fn know(
    txn: &impl ConnectionTrait,
    place_hash: &str,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<(), Fault> {
    let row = guard::Model {
        name_hash: place_hash.to_owned(),
        attempts: "[]".to_owned(),
        updated_at: now,
        known_until: Some(until),
    };
    guard::Entity::insert(row.into_active_model())
        .on_conflict(
            OnConflict::column(guard::Column::NameHash)
                .update_columns([
                    guard::Column::Attempts,
                    guard::Column::UpdatedAt,
                    guard::Column::KnownUntil,
                ])
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await
        .doing("noting from where somebody signs in")
        .map(|_| ())
}

/// Throws away logins that ended before `before`, and attempts outside the window.
pub async fn sweep(
    txn: &impl ConnectionTrait,
    now: DateTime<Utc>,
    before: DateTime<Utc>,
) -> Result<(), Fault> {
    login::Entity::delete_many()
        .filter(
            Condition::any()
                .add(login::Column::EndedAt.lt(before))
                .add(login::Column::ExpiresAt.lt(before)),
        )
        .exec(txn)
        .await
        .doing("sweeping logins")?;
    guard::Entity::delete_many()
        .filter(guard::Column::UpdatedAt.lt(now - throttle::MEMORY - TimeDelta::minutes(1)))
        .filter(
            Condition::any()
                .add(guard::Column::KnownUntil.is_null())
                .add(guard::Column::KnownUntil.lt(now)),
        )
        .exec(txn)
        .await
        .doing("sweeping attempts to sign in")
        .map(|_| ())
}
