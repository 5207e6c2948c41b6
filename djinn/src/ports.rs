//! From the configuration to the real ports.

use crate::{
    config::{Config, LOCAL},
    start::StartError,
};
use djinn_migrations::{Migrator, MigratorTrait, SchemaManager};
use djinn_platform::{
    OsEntropy, SystemClock, SystemIds,
    bus::{MemoryBus, RedisBus},
    cache::{MemoryCache, RedisCache},
    database::{self, Settings},
    http::Client,
    master::MasterKey,
    outside::{Outside, SystemLookup},
    vault::EnvelopeVault,
};
use djinn_subgraph_kit::{Bus, Cache, Db, Ports, bus::Subscribers};
use sea_orm::{ConnectionTrait, Statement};
use std::{path::Path, sync::Arc};
use tokio_util::sync::CancellationToken;

/// Who listens to which events, over all processes.
pub static SUBSCRIBERS: Subscribers = &[
    ("metadata", djinn_metadata::CONSUMES),
    ("library", djinn_library::CONSUMES),
    ("ai", djinn_ai::CONSUMES),
    ("leaderboard", djinn_leaderboard::CONSUMES),
];

/// Makes every port. The data folder is made where it is needed.
/// `alone` says that no other process belongs to this hub.
pub async fn make(
    config: &Config,
    alone: bool,
    stop: &CancellationToken,
) -> Result<Ports, StartError> {
    let clock = Arc::new(SystemClock);
    let entropy = Arc::new(OsEntropy);
    let master = master_key(config, alone)?;
    let db = database(config).await?;
    let (bus, cache) = bus_and_cache(config, stop).await?;
    let stand_ins = config.artwork.stand_ins.clone();
    let outside = Outside::anywhere(clock.clone(), stand_ins, Arc::new(SystemLookup));
    Ok(Ports {
        outside: Arc::new(outside.map_err(StartError::Fault)?),
        http: Arc::new(Client::new(clock.clone()).map_err(StartError::Fault)?),
        clock,
        ids: Arc::new(SystemIds),
        entropy: entropy.clone(),
        db,
        bus,
        cache,
        vault: Arc::new(vault(config, &master, entropy)?),
        keys: master.keys(),
    })
}

/// The hub's secret: from the configuration, or, in a hub of one process, from a file in the data
/// folder.
pub fn master_key(config: &Config, alone: bool) -> Result<MasterKey, StartError> {
    let elsewhere = config
        .subgraphs
        .places()
        .iter()
        .any(|(_, place)| *place != LOCAL);
    match &config.secret.key {
        Some(key) if key.chars().count() < 32 => Err(StartError::WeakSecret),
        Some(key) => Ok(MasterKey::from_secret(key)),
        None if elsewhere || !alone => Err(StartError::NoSharedSecret),
        None => {
            let folder = data_folder(config)?;
            MasterKey::from_file(&folder.join("secret.key"), &OsEntropy).map_err(|fault| {
                StartError::DataFolder {
                    folder: folder.to_owned(),
                    reason: fault.to_string(),
                }
            })
        }
    }
}

/// The vault, which also opens what a retired secret sealed.
fn vault(
    config: &Config,
    master: &MasterKey,
    entropy: Arc<OsEntropy>,
) -> Result<EnvelopeVault, StartError> {
    let vault = EnvelopeVault::new(master, entropy);
    match &config.secret.retired {
        Some(retired) if retired.chars().count() < 32 => Err(StartError::WeakSecret),
        Some(retired) => Ok(vault.accepting(&MasterKey::from_secret(retired.trim()))),
        None => Ok(vault),
    }
}

/// The data folder, made and proven writable.
pub fn data_folder(config: &Config) -> Result<&Path, StartError> {
    let folder = config.data.dir.as_path();
    let unusable = |error: std::io::Error| StartError::DataFolder {
        folder: folder.to_owned(),
        reason: error.to_string(),
    };
    let mut made = std::fs::DirBuilder::new();
    made.recursive(true);
    // The database and the secret are the owner's alone.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut made, 0o700);
    made.create(folder).map_err(unusable)?;
    let probe = folder.join(".writable");
    std::fs::write(&probe, b"").map_err(unusable)?;
    std::fs::remove_file(&probe).map_err(unusable)?;
    Ok(folder)
}

/// Takes the data folder for this process. Two hubs with a bus in memory each would not hear of
/// each other's changes. The lock goes with the file that is returned.
pub fn take_data_folder(config: &Config) -> Result<Option<std::fs::File>, StartError> {
    if config
        .database
        .url
        .as_deref()
        .is_some_and(|url| !url.starts_with("sqlite:"))
    {
        return Ok(None);
    }
    let folder = data_folder(config)?;
    let unusable = |error: std::io::Error| StartError::DataFolder {
        folder: folder.to_owned(),
        reason: error.to_string(),
    };
    let file = std::fs::File::create(folder.join("djinn.lock")).map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(std::fs::TryLockError::WouldBlock) => Err(StartError::InUse(folder.to_owned())),
        Err(std::fs::TryLockError::Error(error)) => Err(unusable(error)),
    }
}

/// The database's URL: as configured, or a SQLite file in the data folder.
pub fn database_url(config: &Config) -> Result<String, StartError> {
    match &config.database.url {
        Some(url) => Ok(url.clone()),
        None => Ok(format!(
            "sqlite:{}",
            data_folder(config)?.join("djinn.db").display()
        )),
    }
}

/// Connects, without migrating.
pub async fn database(config: &Config) -> Result<Db, StartError> {
    let url = database_url(config)?;
    let settings = Settings {
        url: url.clone(),
        max_connections: config.database.max_connections,
    };
    database::connect(&settings)
        .await
        .map_err(|error| StartError::Database {
            url: crate::config::without_password(&url),
            reason: error.to_string(),
        })
}

/// Whether the database is of this binary's version, and what to do if not.
pub async fn check_version(db: &Db) -> Result<Version, StartError> {
    let ours: Vec<String> = Migrator::migrations()
        .iter()
        .map(|migration| migration.name().to_owned())
        .collect();
    let broken = |error: sea_orm::DbErr| StartError::Migration(error.to_string());
    if !SchemaManager::new(db.write())
        .has_table("seaql_migrations")
        .await
        .map_err(broken)?
    {
        return Ok(Version::Empty);
    }
    let asked = Statement::from_string(db.backend(), "SELECT version FROM seaql_migrations");
    let rows = db.read().query_all_raw(asked).await.map_err(broken)?;
    let theirs: Vec<String> = rows
        .iter()
        .filter_map(|row| row.try_get_by_index::<String>(0).ok())
        .collect();
    if let Some(stranger) = theirs.iter().find(|name| !ours.contains(name)) {
        return Err(StartError::NewerDatabase {
            migration: stranger.clone(),
        });
    }
    Ok(match (theirs.len(), ours.len() - theirs.len()) {
        (0, _) => Version::Empty,
        (_, 0) => Version::Current,
        (_, behind) => Version::Behind(behind),
    })
}

/// How a database stands to this binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// It has no tables yet.
    Empty,
    /// It lacks this many migrations.
    Behind(usize),
    /// It is as this binary wants it.
    Current,
}

/// The bus and the cache of the configuration.
pub async fn bus_and_cache(
    config: &Config,
    stop: &CancellationToken,
) -> Result<(Arc<dyn Bus>, Arc<dyn Cache>), StartError> {
    let connect = async |url: &str| {
        RedisBus::connect(url, &config.bus.prefix, SUBSCRIBERS, stop.clone())
            .await
            .map_err(|error| StartError::Bus {
                url: crate::config::without_password(url),
                reason: error.to_string(),
            })
    };
    let mut redis_bus = None;
    let bus: Arc<dyn Bus> = if is_redis(&config.bus.url) {
        let bus = Arc::new(connect(&config.bus.url).await?);
        redis_bus = Some(Arc::clone(&bus));
        bus
    } else if config.bus.url.starts_with("memory:") {
        Arc::new(MemoryBus::new(SUBSCRIBERS))
    } else {
        return Err(StartError::Scheme {
            setting: "bus.url",
            allowed: "`memory:` or `redis://…`",
        });
    };
    let cache: Arc<dyn Cache> = if is_redis(&config.cache.url) {
        match redis_bus {
            Some(bus) if config.cache.url == config.bus.url => {
                Arc::new(RedisCache::new(bus.connection()))
            }
            _ => Arc::new(RedisCache::new(
                connect(&config.cache.url).await?.connection(),
            )),
        }
    } else if config.cache.url.starts_with("memory:") {
        Arc::new(MemoryCache::default())
    } else {
        return Err(StartError::Scheme {
            setting: "cache.url",
            allowed: "`memory:` or `redis://…`",
        });
    };
    Ok((bus, cache))
}

/// Ports that only show what the schema looks like: nothing of this machine's hub is touched.
pub async fn for_schema() -> Result<impl FnOnce() -> Result<Ports, StartError>, StartError> {
    let folder = std::env::temp_dir().join(format!("djinn-schema-{}", std::process::id()));
    let config = Config {
        data: crate::config::Data {
            dir: folder.clone(),
        },
        ..Config::default()
    };
    let ports = make(&config, true, &CancellationToken::new()).await?;
    // The open files live on until the process ends.
    drop(std::fs::remove_dir_all(&folder));
    Ok(move || Ok(ports))
}

fn is_redis(url: &str) -> bool {
    url.starts_with("redis://") || url.starts_with("rediss://")
}
