//! Whether an answer is about the game it was asked for. A file may name any product under any
//! title, and a game that others have takes it in by that title.

use super::{entity::job, service::Enrichment};
use crate::{
    matching::{self, contradict, entity::matched},
    provider::{BY_TITLE, Found},
};
use djinn_kernel::{Doing, Fault};
use sea_orm::DatabaseTransaction;

impl Enrichment {
    /// Whether `found` is about a product whose title is another game's, which nobody vouches for.
    /// `None` where it is not known which product led to it.
    pub(super) async fn doubts(
        &self,
        txn: &DatabaseTransaction,
        job: &job::Model,
        found: &Found,
    ) -> Result<Option<bool>, Fault> {
        let (Found::Findings(findings) | Found::Product { findings, .. }) = found else {
            return Ok(None);
        };
        let product = self.product(txn, job).await?;
        Ok(product.map(|product| {
            let title = findings.title.as_deref();
            !product.vouched && title.is_some_and(|title| contradict(&product.title, title))
        }))
    }

    /// The product that the provider was asked about.
    async fn product(
        &self,
        txn: &DatabaseTransaction,
        job: &job::Model,
    ) -> Result<Option<matched::Model>, Fault> {
        let doing = "loading the product asked about";
        if let Some(platform) = self.provider.platform() {
            let identity = format!("{platform}:{}", job.store_id);
            let found = matching::store::by_identity(txn, &[identity]).await;
            return Ok(found.doing(doing)?.pop());
        }
        let products = matching::store::products(txn, &[job.game_id]).await;
        let products = products.doing(doing)?.remove(&job.game_id);
        let products = products.unwrap_or_default();
        // From one id to the next the first is lost; it is the one that leads there by itself.
        let first = self.provider.first_id(&products);
        let first = first.filter(|id| id != BY_TITLE);
        Ok(products.into_iter().find(|product| {
            let alone = self.provider.first_id(std::slice::from_ref(product));
            first.is_some() && alone == first
        }))
    }
}
