//! Who there is.

use super::{USERS, id_of, parts};
use async_graphql::{EmptyMutation, EmptySubscription, ID, Object, Schema, SimpleObject};
use djinn_subgraph_kit::Local;

/// A person.
#[derive(SimpleObject)]
struct User {
    id: ID,
    name: String,
    username: String,
    birthday: String,
}

impl User {
    fn of(id: ID) -> Self {
        let (seed, number) = parts(&id);
        Self {
            name: format!("Person {number} of {seed}"),
            username: format!("person{number}"),
            birthday: format!("19{:02}-05-2{number}", 70 + number),
            id,
        }
    }
}

/// The root.
pub struct Query;

#[Object]
impl Query {
    async fn me(&self, seed: String) -> User {
        User::of(id_of(&seed, 0))
    }

    async fn users(&self, seed: String) -> Vec<User> {
        (0..USERS)
            .map(|number| User::of(id_of(&seed, number)))
            .collect()
    }

    #[graphql(entity)]
    async fn user(&self, id: ID) -> User {
        User::of(id)
    }
}

/// The service.
pub fn local() -> Local<Query, EmptyMutation, EmptySubscription> {
    let schema = Schema::build(Query, EmptyMutation, EmptySubscription).enable_federation();
    Local::new("accounts", schema.finish(), |request, _| request)
}
