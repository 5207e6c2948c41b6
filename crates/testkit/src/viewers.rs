//! People who ask.

use djinn_kernel::{
    Ceiling, FamilyView, Role, Scope, Unrated, Viewer, ids::PlayerId, viewer::Identity,
};
use djinn_subgraph_kit::{Call, Forwarded, RequestId};
use uuid::Uuid;

/// A person whose id is made of `n`.
pub fn player_id(n: u128) -> PlayerId {
    PlayerId(Uuid::from_u128(
        (0x7_u128 << 76) | (0b10_u128 << 62) | (0xABC << 32) | n,
    ))
}

fn known(n: u128, role: Role) -> Identity {
    Identity {
        player: player_id(n),
        household: player_id(n),
        role,
        scopes: role.scopes(),
        family: None,
        login: None,
        key: None,
    }
}

/// A grown-up player.
pub fn player(n: u128) -> Viewer {
    Viewer::Known(known(n, Role::Player))
}

/// The one who runs the hub.
pub fn admin(n: u128) -> Viewer {
    Viewer::Known(known(n, Role::Admin))
}

/// A child of player `guardian`, with a ceiling; unrated games are hidden.
pub fn child(n: u128, guardian: u128, ceiling: impl Into<Ceiling>) -> Viewer {
    Viewer::Known(Identity {
        household: player_id(guardian),
        family: Some(FamilyView {
            ceiling: ceiling.into(),
            unrated: Unrated::Hide,
        }),
        ..known(n, Role::Child)
    })
}

/// An API key of player `n` with these scopes only.
pub fn key(n: u128, scopes: &[Scope]) -> Viewer {
    Viewer::Known(Identity {
        scopes: scopes.to_vec(),
        ..known(n, Role::Player)
    })
}

/// A call as the router makes it.
///
/// # Panics
/// When `variables` is not an object.
pub fn call(viewer: &Viewer, query: &str, variables: serde_json::Value) -> Call {
    Call {
        query: query.into(),
        operation_name: None,
        variables: serde_json::from_value(variables).expect("variables are an object"),
        viewer: viewer.clone(),
        request_id: RequestId("test".into()),
        forwarded: Forwarded::default(),
        client: None,
    }
}
