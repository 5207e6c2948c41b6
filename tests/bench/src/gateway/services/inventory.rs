//! What is in stock, and what sending it costs, which depends on what it weighs.

use super::parts;
use async_graphql::{
    ComplexObject, EmptyMutation, EmptySubscription, ID, Object, Schema, SimpleObject,
};
use djinn_subgraph_kit::Local;

/// Something to buy, of which the products service knows the rest.
#[derive(SimpleObject)]
#[graphql(complex)]
struct Product {
    upc: ID,
    #[graphql(external)]
    price: i32,
    #[graphql(external)]
    weight: i32,
    in_stock: bool,
}

#[ComplexObject]
impl Product {
    #[graphql(requires = "price weight")]
    async fn shipping_estimate(&self) -> i32 {
        // Sending is free for what is dear.
        if self.price > 1_000 {
            0
        } else {
            self.weight / 2
        }
    }
}

/// The root.
pub struct Query;

#[Object]
impl Query {
    #[graphql(entity)]
    async fn product(
        &self,
        #[graphql(key)] upc: ID,
        price: Option<i32>,
        weight: Option<i32>,
    ) -> Product {
        Product {
            in_stock: parts(&upc).1 % 3 != 2,
            upc,
            // Sent only where the estimate is asked for.
            price: price.unwrap_or_default(),
            weight: weight.unwrap_or_default(),
        }
    }
}

/// The service.
pub fn local() -> Local<Query, EmptyMutation, EmptySubscription> {
    let schema = Schema::build(Query, EmptyMutation, EmptySubscription).enable_federation();
    Local::new("inventory", schema.finish(), |request, _| request)
}
