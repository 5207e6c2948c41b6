//! What there is to buy.

use super::{PRODUCTS, id_of, parts};
use async_graphql::{EmptyMutation, EmptySubscription, ID, Object, Schema, SimpleObject};
use djinn_subgraph_kit::Local;

/// Something to buy.
#[derive(SimpleObject)]
struct Product {
    upc: ID,
    name: String,
    price: i32,
    weight: i32,
}

impl Product {
    fn of(upc: ID) -> Self {
        let number = parts(&upc).1 as i32;
        Self {
            name: format!("Thing {number}"),
            price: 300 + 100 * number,
            weight: 100 + 50 * number,
            upc,
        }
    }
}

/// The root.
pub struct Query;

#[Object]
impl Query {
    async fn top_products(
        &self,
        seed: String,
        #[graphql(default = 5)] first: usize,
    ) -> Vec<Product> {
        (0..first.min(PRODUCTS))
            .map(|number| Product::of(id_of(&seed, number)))
            .collect()
    }

    #[graphql(entity)]
    async fn product(&self, upc: ID) -> Product {
        Product::of(upc)
    }
}

/// The service.
pub fn local() -> Local<Query, EmptyMutation, EmptySubscription> {
    let schema = Schema::build(Query, EmptyMutation, EmptySubscription).enable_federation();
    Local::new("products", schema.finish(), |request, _| request)
}
