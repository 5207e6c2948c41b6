//! Changing what the interface is made of.

use super::{UiConfig, Version, check::check, entity::Model, store};
use crate::content::{Content, Noun, Refused, Wrong, catalogue, rev::Change};
use djinn_kernel::Doing;

impl Content {
    /// Saves a new version. `based_on` is the one its maker looked at: when somebody saved another
    /// in between, nothing is done.
    pub async fn save_ui(
        &self,
        config: UiConfig,
        based_on: Option<i32>,
    ) -> Result<Version, Refused> {
        let change = Change::begin(self.ports(), Noun::Ui).await?;
        let all = catalogue::load(&change.txn, change.rev).await?;
        let now = all.ui.version;
        if let Some(based_on) = based_on.filter(|based_on| *based_on != now) {
            return Err(Wrong::Stale { based_on, now }.into());
        }
        let config = check(config, &all)?;
        let saved_at = self.ports().clock.now();
        let row = Model {
            version: now + 1,
            config: serde_json::to_value(&config).doing("writing the interface's configuration")?,
            saved_at,
        };
        store::insert(&change.txn, row).await?;
        change.commit().await?;
        Ok(Version {
            version: now + 1,
            config,
            saved_at: Some(saved_at),
        })
    }
}
