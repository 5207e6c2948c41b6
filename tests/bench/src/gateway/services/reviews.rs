//! What people say about what they bought.

use super::{PRODUCTS, REVIEWS, USERS, id_of, parts};
use async_graphql::{
    ComplexObject, EmptyMutation, EmptySubscription, ID, Object, Schema, SimpleObject,
};
use djinn_subgraph_kit::Local;

/// An opinion.
#[derive(SimpleObject)]
struct Review {
    id: ID,
    body: String,
    author: User,
    product: Product,
}

impl Review {
    fn of(seed: &str, number: usize) -> Self {
        Self {
            id: id_of(seed, number),
            body: format!("Opinion {number}: neither cheap nor bad, and it came in time."),
            author: User {
                id: id_of(seed, number % USERS),
            },
            product: Product {
                upc: id_of(seed, number % PRODUCTS),
            },
        }
    }
}

/// A person, of whom the accounts service knows the rest.
#[derive(SimpleObject)]
#[graphql(complex)]
struct User {
    id: ID,
}

#[ComplexObject]
impl User {
    async fn reviews(&self) -> Vec<Review> {
        let (seed, user) = parts(&self.id);
        numbers(user, USERS)
            .map(|number| Review::of(seed, number))
            .collect()
    }
}

/// Something to buy, of which the products service knows the rest.
#[derive(SimpleObject)]
#[graphql(complex)]
struct Product {
    upc: ID,
}

#[ComplexObject]
impl Product {
    async fn reviews(&self) -> Vec<Review> {
        let (seed, product) = parts(&self.upc);
        numbers(product, PRODUCTS)
            .map(|number| Review::of(seed, number))
            .collect()
    }
}

/// The reviews of the `which`th of `all`.
fn numbers(which: usize, all: usize) -> impl Iterator<Item = usize> {
    (0..REVIEWS).filter(move |number| number % all == which)
}

/// The root.
pub struct Query;

#[Object]
impl Query {
    #[graphql(entity)]
    async fn user(&self, id: ID) -> User {
        User { id }
    }

    #[graphql(entity)]
    async fn product(&self, upc: ID) -> Product {
        Product { upc }
    }

    #[graphql(entity)]
    async fn review(&self, id: ID) -> Review {
        let (seed, number) = parts(&id);
        Review::of(seed, number)
    }
}

/// The service.
pub fn local() -> Local<Query, EmptyMutation, EmptySubscription> {
    let schema = Schema::build(Query, EmptyMutation, EmptySubscription).enable_federation();
    Local::new("reviews", schema.finish(), |request, _| request)
}
