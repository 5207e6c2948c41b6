//! What the graph does with rooms.

use super::{
    Position, View,
    objects::{Room, RoomEvent},
    service::{Acted, RoomError, Rooms},
};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject, Subscription};
use djinn_kernel::{
    Scope,
    ids::RoomId,
    page::{Page, encode_cursor},
};
use djinn_subgraph_kit::graph::{
    Needs, OrRefuse, PageInfo, Problem, Rule, ViewerExt, cost, entity, problems,
};
use futures_util::{Stream, StreamExt};
use serde_json::Value;
use uuid::Uuid;

/// A page of rooms.
#[derive(SimpleObject)]
pub struct RoomConnection {
    /// The rooms, the newest first.
    pub nodes: Vec<Room>,
    /// Where the page ends.
    pub page_info: PageInfo,
    /// How many there are in all.
    pub total_count: i64,
}

/// A new room.
#[derive(Debug, InputObject)]
pub struct CreateRoomInput {
    /// What to call it, 1 to 60 characters.
    pub name: String,
    /// How many may sit in it, 1 to 64.
    #[graphql(default = 8)]
    pub seats: i32,
    /// Whether anyone may see and join it.
    #[graphql(default = true)]
    pub public: bool,
    /// The shared document to start with: an object of at most 256 KiB. Empty when absent.
    pub state: Option<Value>,
}

/// One action in a room.
#[derive(Debug, InputObject)]
pub struct ActInput {
    /// Which room.
    pub room_id: ID,
    /// Your own number of this action in this room: 1, then 2, and so on. Send the same number
    /// again when no answer came: it is applied once.
    pub client_seq: i64,
    /// What to merge into the state (RFC 7396): an object of at most 16 KiB. `null` removes a
    /// member.
    pub patch: Value,
}

/// How far you have got.
#[derive(Debug, InputObject)]
pub struct RoomPosition {
    /// The epoch of the revision you have.
    pub epoch: String,
    /// The revision you have.
    pub rev: i64,
}

/// What became of a change to a room.
#[derive(SimpleObject)]
pub struct RoomPayload {
    /// The room as it is now. Null when there are problems.
    pub room: Option<Room>,
    /// Why nothing was changed.
    pub problems: Vec<Problem>,
}

impl RoomPayload {
    fn of(outcome: Result<View, RoomError>) -> Result<Self> {
        let (view, problems) = problems(outcome.or_problem()?);
        Ok(Self {
            room: view.map(Room),
            problems,
        })
    }
}

/// What became of an action.
#[derive(Debug, SimpleObject)]
pub struct ActPayload {
    /// The room's revision with your action. Null when there are problems.
    pub rev: Option<i64>,
    /// Names the history that `rev` counts.
    pub epoch: Option<String>,
    /// Whether it had been applied before: `rev` is the one it got then.
    pub duplicate: bool,
    /// Why it was not applied.
    pub problems: Vec<Problem>,
}

/// Reading.
#[derive(Default)]
pub struct RoomQuery;

#[Object]
impl RoomQuery {
    /// A room. Null when there is none, or when it is private and you are not a member.
    #[graphql(directive = Needs::apply(Scope::ReadPlay))]
    async fn room(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which room.")] id: ID,
    ) -> Result<Option<Room>> {
        find(ctx, &id).await
    }

    /// Public rooms that wait for players, and those you sit in, the newest first.
    #[graphql(directive = Needs::apply(Scope::ReadPlay), directive = cost::Page::apply("nodes"))]
    async fn rooms(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "The end cursor of the page before.")] after: Option<String>,
    ) -> Result<Option<RoomConnection>> {
        let who = ctx.signed_in()?;
        let page = Page::<Uuid>::parse(first, after.as_deref()).or_refuse()?;
        let (slice, total) = ctx
            .data_unchecked::<Rooms>()
            .list(who.player, &page)
            .await
            .or_refuse()?;
        let page_info = PageInfo {
            has_next_page: slice.has_next,
            end_cursor: slice.items.last().map(|view| encode_cursor(&view.room.id)),
        };
        let nodes = slice.items.into_iter().map(Room).collect();
        Ok(Some(RoomConnection {
            nodes,
            page_info,
            total_count: total as i64,
        }))
    }

    /// What you are missing of a room: the changes since your revision (ask again until there are
    /// none), or the whole room when they are gone, or its end.
    #[graphql(directive = Needs::apply(Scope::ReadPlay))]
    async fn room_since(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which room.")] room_id: ID,
        #[graphql(desc = "The epoch of the revision you have.")] epoch: String,
        #[graphql(desc = "The revision you have.")] rev: i64,
    ) -> Result<Option<RoomEvent>> {
        let who = ctx.signed_in()?;
        let id = RoomId::parse(&room_id).or_refuse()?;
        let position = Position { epoch, rev };
        let event = ctx
            .data_unchecked::<Rooms>()
            .since(who.player, id, &position)
            .await
            .or_refuse()?;
        Ok(Some(event.into()))
    }

    #[graphql(entity)]
    async fn find_room_by_id(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Room>> {
        let found = async { find(ctx, &id).await };
        entity(ctx, Rule::scope(Scope::ReadPlay), found).await
    }
}

async fn find(ctx: &Context<'_>, id: &ID) -> Result<Option<Room>> {
    let who = ctx.signed_in()?;
    let id = RoomId::parse(id).or_refuse()?;
    Ok(ctx
        .data_unchecked::<Rooms>()
        .find(who.player, id)
        .await
        .or_refuse()?
        .map(Room))
}

/// Changing.
#[derive(Default)]
pub struct RoomMutation;

#[Object]
impl RoomMutation {
    /// Opens a room and takes its first seat as the host.
    #[graphql(directive = Needs::apply(Scope::WritePlay))]
    async fn create_room(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new room.")] input: CreateRoomInput,
    ) -> Result<RoomPayload> {
        let who = ctx.signed_in()?;
        let state = input
            .state
            .unwrap_or_else(|| Value::Object(serde_json::Map::new()));
        let rooms = ctx.data_unchecked::<Rooms>();
        RoomPayload::of(
            rooms
                .create(who.player, &input.name, input.seats, input.public, &state)
                .await,
        )
    }

    /// Takes a seat in a room. Whoever was given the id of a private room may join it.
    #[graphql(directive = Needs::apply(Scope::WritePlay))]
    async fn join_room(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which room.")] room_id: ID,
    ) -> Result<RoomPayload> {
        let who = ctx.signed_in()?;
        let outcome = async {
            ctx.data_unchecked::<Rooms>()
                .join(who.player, RoomId::parse(&room_id)?)
                .await
        };
        RoomPayload::of(outcome.await)
    }

    /// Gives your seat back. The last to leave closes the room.
    #[graphql(directive = Needs::apply(Scope::WritePlay))]
    async fn leave_room(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which room.")] room_id: ID,
    ) -> Result<RoomPayload> {
        let who = ctx.signed_in()?;
        let outcome = async {
            ctx.data_unchecked::<Rooms>()
                .leave(who.player, RoomId::parse(&room_id)?)
                .await
        };
        RoomPayload::of(outcome.await)
    }

    /// Says whether you are ready. The room is RUNNING once all its members are.
    #[graphql(directive = Needs::apply(Scope::WritePlay))]
    async fn set_ready(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which room.")] room_id: ID,
        #[graphql(desc = "Whether you are.")] ready: bool,
    ) -> Result<RoomPayload> {
        let who = ctx.signed_in()?;
        let outcome = async {
            ctx.data_unchecked::<Rooms>()
                .set_ready(who.player, RoomId::parse(&room_id)?, ready)
                .await
        };
        RoomPayload::of(outcome.await)
    }

    /// Changes the shared state, once for each `clientSeq`, however often it is sent.
    #[graphql(directive = Needs::apply(Scope::WritePlay))]
    async fn act_in_room(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The action.")] input: ActInput,
    ) -> Result<ActPayload> {
        let who = ctx.signed_in()?;
        let outcome = async {
            let id = RoomId::parse(&input.room_id)?;
            ctx.data_unchecked::<Rooms>()
                .act(who.player, id, input.client_seq, input.patch)
                .await
        };
        let (acted, problems) = problems::<Acted>(outcome.await.or_problem()?);
        let duplicate = acted.as_ref().is_some_and(|acted| acted.duplicate);
        let (rev, epoch) = acted.map(|acted| (acted.rev, acted.epoch)).unzip();
        Ok(ActPayload {
            rev,
            epoch,
            duplicate,
            problems,
        })
    }

    /// Ends a room you host, for everyone.
    #[graphql(directive = Needs::apply(Scope::WritePlay))]
    async fn close_room(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which room.")] room_id: ID,
    ) -> Result<RoomPayload> {
        let who = ctx.signed_in()?;
        let outcome = async {
            ctx.data_unchecked::<Rooms>()
                .close(who.player, RoomId::parse(&room_id)?)
                .await
        };
        RoomPayload::of(outcome.await)
    }
}

/// Following.
#[derive(Default)]
pub struct RoomSubscription;

#[Subscription]
impl RoomSubscription {
    /// Follows a room: first the whole, or what you missed since `resume`, then every change,
    /// and at last its end.
    #[graphql(directive = Needs::apply(Scope::ReadPlay))]
    async fn room_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which room.")] room_id: ID,
        #[graphql(desc = "Where you left off; the whole room comes first when absent.")]
        resume: Option<RoomPosition>,
    ) -> Result<impl Stream<Item = Result<RoomEvent>> + use<>> {
        let who = ctx.signed_in()?;
        let id = RoomId::parse(&room_id).or_refuse()?;
        let resume = resume.map(|RoomPosition { epoch, rev }| Position { epoch, rev });
        let events = ctx
            .data_unchecked::<Rooms>()
            .follow(who.player, id, resume)
            .await
            .or_refuse()?;
        Ok(events.map(|event| event.map(Into::into).or_refuse()))
    }
}
