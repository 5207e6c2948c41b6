//! Who may ask for what: the one list. A field that has a rule in the schema and no row here, or a
//! row that says something else, fails the test; so does a new field of a root type.
//!
//! In this order the fields are also tried, so what ends a login stands last.

use djinn_kernel::Scope::{
    self, Admin, ManageAccount, ReadLibrary, ReadPlay, RunSync, WriteLibrary, WritePlay,
};

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Everybody.
    Anyone,
    /// Whoever is signed in.
    SignedIn,
    /// Whoever has the scope.
    Has(Scope),
    /// Whoever has one of the two.
    HasEither(Scope, Scope),
    /// The hub's own doors.
    Hub,
}
use Who::{Anyone, Has, HasEither, Hub, SignedIn};

/// One field.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// As `Type.field`; of an entity, as `subgraph.Type`.
    pub field: &'static str,
    /// Who may ask.
    pub who: Who,
    /// Child profiles may not, whatever their scopes.
    pub grown_ups: bool,
    /// API keys may not, whatever their scopes.
    pub by_login: bool,
    /// The code that who may ask gets for the nonsense that the test asks with, where it looks like
    /// a refusal.
    pub nonsense: Option<&'static str>,
    /// What the field's id names, where one person's is another's secret.
    pub owned: Option<&'static str>,
    /// For fields that are not of a root type: a document that gets there, with `@` for the field.
    pub through: &'static str,
}

const fn row(field: &'static str, who: Who) -> Row {
    Row {
        field,
        who,
        grown_ups: false,
        by_login: false,
        nonsense: None,
        owned: None,
        through: "",
    }
}

impl Row {
    const fn for_grown_ups(self) -> Self {
        Self {
            grown_ups: true,
            ..self
        }
    }
    const fn by_login(self) -> Self {
        Self {
            by_login: true,
            ..self
        }
    }
    const fn to_nonsense(self, code: &'static str) -> Self {
        Self {
            nonsense: Some(code),
            ..self
        }
    }
    const fn of(self, owned: &'static str) -> Self {
        Self {
            owned: Some(owned),
            ..self
        }
    }
    const fn through(self, through: &'static str) -> Self {
        Self { through, ..self }
    }
}

/// The fields of the root types.
pub const ROOTS: &[Row] = &[
    // Who am I, and how do I get in.
    row("Query.setup", Anyone),
    row("Query.me", Anyone),
    row("Query.myScopes", Anyone),
    row("Query.ratingScales", Anyone),
    row("Query.identify", Hub).to_nonsense("UNAUTHENTICATED"),
    row("Mutation.completeSetup", Anyone),
    row("Mutation.login", Anyone),
    row("Mutation.refreshLogin", Anyone).to_nonsense("UNAUTHENTICATED"),
    // The account.
    row("Mutation.changePassword", Has(ManageAccount)).by_login(),
    row("Query.logins", Has(ManageAccount)),
    row("Query.apiKeys", Has(ManageAccount)),
    row("Mutation.createProfile", Has(ManageAccount)),
    row("Mutation.updateProfile", Has(ManageAccount)).of("profile"),
    row("Mutation.useProfile", Has(ManageAccount))
        .by_login()
        .of("profile"),
    row("Mutation.createApiKey", Has(ManageAccount))
        .by_login()
        .of("profile"),
    row("Mutation.revokeApiKey", Has(ManageAccount)).of("key"),
    row("Mutation.endLogin", Has(ManageAccount)).of("login"),
    // Further grown-ups.
    row("Query.invites", Has(Admin)),
    row("Mutation.createInvite", Has(Admin)).by_login(),
    row("Mutation.revokeInvite", Has(Admin)),
    row("Query.parkedEvents", Has(Admin)),
    row("Mutation.retryParkedEvents", Has(Admin)),
    row("Mutation.acceptInvite", Anyone),
    // The library.
    row("Query.statuses", Anyone),
    row("Query.platforms", Has(ReadLibrary)),
    row("Query.games", Has(ReadLibrary)),
    row("Query.searchGames", Has(ReadLibrary)),
    row("Query.recentlyPlayed", Has(ReadLibrary)),
    row("Query.libraryStats", Has(ReadLibrary)),
    row("Query.analyzeGamingPatterns", Has(ReadLibrary)),
    row("Query.yearInReview", Has(ReadLibrary)),
    row("Query.crossPlatformGames", Has(ReadLibrary)),
    row("Query.duplicateGames", Has(ReadLibrary)),
    row("Query.recommendGames", Has(ReadLibrary)),
    row("Query.game", Has(ReadLibrary)),
    row("Query.gamesById", Has(ReadLibrary)),
    row("Query.collectionFields", Has(ReadLibrary)),
    row("Query.previewCollection", Has(ReadLibrary)),
    row("Query.collections", Has(ReadLibrary)),
    row("Query.collection", Has(ReadLibrary)).of("collection"),
    row("Query.whyInCollection", Has(ReadLibrary)),
    row("Query.whyMissing", Has(ReadLibrary)),
    row("Query.libraries", Has(ReadLibrary)),
    row("Query.library", Has(ReadLibrary)).of("library"),
    row("Query.syncRun", Has(ReadLibrary)).of("run"),
    row("Subscription.syncProgress", Has(ReadLibrary)).of("library"),
    row("Mutation.linkLibrary", Has(WriteLibrary)),
    row("Mutation.importGames", Has(WriteLibrary)),
    row("Mutation.addGame", Has(WriteLibrary)),
    row("Mutation.updateCopy", Has(WriteLibrary)),
    row("Mutation.removeCopy", Has(WriteLibrary)),
    row("Query.previewImport", Has(WriteLibrary)),
    row("Mutation.uploadImport", Has(WriteLibrary)),
    row("Mutation.exportLibrary", Has(ReadLibrary)),
    row("Query.exportedFile", Hub),
    row("Mutation.createStatus", Has(WriteLibrary)),
    row("Mutation.deleteStatus", Has(WriteLibrary)),
    row("Mutation.renameStatus", Has(WriteLibrary)),
    row("Query.librarySettings", Has(ReadLibrary)),
    row("Mutation.updateLibrarySettings", Has(WriteLibrary)),
    row("Mutation.updateGame", Has(WriteLibrary)).of("game"),
    row("Mutation.correctGame", Has(WriteLibrary)),
    row("Mutation.choosePicture", Has(WriteLibrary)),
    // Asked with one game for both, it says so of any; metadata's own tests ask with two.
    row("Mutation.mergeGames", Has(WriteLibrary)),
    row("Mutation.splitGame", Has(WriteLibrary)).of("game"),
    row("Mutation.undoMerge", Has(WriteLibrary)),
    row("Mutation.dismissDuplicate", Has(WriteLibrary)),
    row("Mutation.createCollection", Has(WriteLibrary)),
    row("Mutation.updateCollection", Has(WriteLibrary)).of("collection"),
    row("Mutation.addToCollection", Has(WriteLibrary)),
    row("Mutation.removeFromCollection", Has(WriteLibrary)),
    row("Mutation.reorderCollections", Has(WriteLibrary)).of("collection"),
    row("Mutation.deleteCollection", Has(WriteLibrary)).of("collection"),
    row("Mutation.syncLibrary", Has(RunSync)).of("library"),
    row("Mutation.retrySync", Has(RunSync)).of("library"),
    row("Mutation.scheduleSync", Has(RunSync)).of("library"),
    row("Mutation.unlinkLibrary", Has(WriteLibrary)).of("library"),
    // Whose library it is, its own tests ask: here it would already be unlinked.
    row("Mutation.forgetLibrary", Has(WriteLibrary)),
    // Content: what the login page needs is everybody's; changing it is the admin's.
    row("Query.uiConfig", Anyone),
    row("Query.themes", Anyone),
    row("Query.texts", Anyone),
    row("Subscription.contentChanged", Anyone),
    row("Query.featureFlags", SignedIn),
    row("Query.mediaAssets", SignedIn),
    row("Query.myPreferences", SignedIn),
    row("Mutation.updatePreferences", SignedIn).by_login(),
    row("Query.myViews", SignedIn),
    row("Mutation.saveView", SignedIn).by_login(),
    row("Mutation.deleteView", SignedIn).by_login(),
    row("Query.libraryWork", Has(Admin)),
    row("Query.sourceWork", Has(Admin)),
    row("Query.featureFlagRules", Has(Admin)),
    row("Query.uiConfigVersions", Has(Admin)),
    row("Mutation.saveFeatureFlag", Has(Admin)),
    row("Mutation.setFeatureFlagForPlayer", Has(Admin)),
    row("Mutation.deleteFeatureFlag", Has(Admin)),
    row("Mutation.saveUiConfig", Has(Admin)),
    row("Mutation.saveTheme", Has(Admin)),
    row("Mutation.deleteTheme", Has(Admin)),
    row("Mutation.saveTexts", Has(Admin)),
    row("Mutation.saveMediaAsset", Has(Admin)),
    row("Mutation.deleteMediaAsset", Has(Admin)),
    // Rooms. To know the id of a private room is to be invited: `joinRoom` is meant to tell.
    row("Query.rooms", Has(ReadPlay)),
    row("Query.room", Has(ReadPlay)).of("room"),
    row("Query.roomSince", Has(ReadPlay)).of("room"),
    row("Subscription.roomEvents", Has(ReadPlay)).of("room"),
    row("Mutation.createRoom", Has(WritePlay)),
    row("Mutation.joinRoom", Has(WritePlay)),
    row("Mutation.setReady", Has(WritePlay)).of("room"),
    row("Mutation.actInRoom", Has(WritePlay)).of("room"),
    row("Mutation.closeRoom", Has(WritePlay)).of("room"),
    row("Mutation.leaveRoom", Has(WritePlay)).of("room"),
    // Boards are everybody's who plays.
    row("Query.boards", Has(ReadPlay)),
    row("Query.board", Has(ReadPlay)),
    row("Mutation.createBoard", Has(WritePlay)).for_grown_ups(),
    row("Mutation.submitScore", Has(WritePlay)),
    // Last of all.
    row("Mutation.logout", SignedIn),
];

const GAME_OF_A_BOARD: &str = "{ boards(first: 1) { nodes { game { @ } } } }";
const GAME_OF_A_LIBRARY: &str = "{ games(first: 1) { nodes { @ } } }";

/// The fields that one subgraph adds to a type of another, each reached through a field with
/// another rule.
pub const FIELDS: &[Row] = &[
    row("Game.achievements", Has(ReadLibrary)).through(GAME_OF_A_BOARD),
    row("Game.copies", Has(ReadLibrary)).through(GAME_OF_A_BOARD),
    row("Game.status", Has(ReadLibrary)).through(GAME_OF_A_BOARD),
    row("Game.playtimeMinutes", Has(ReadLibrary)).through(GAME_OF_A_BOARD),
    row("Game.lastPlayedAt", Has(ReadLibrary)).through(GAME_OF_A_BOARD),
    row("Game.favourite", Has(ReadLibrary)).through(GAME_OF_A_BOARD),
    row("Game.hidden", Has(ReadLibrary)).through(GAME_OF_A_BOARD),
    row("Game.notes", Has(ReadLibrary)).through(GAME_OF_A_BOARD),
    row("Game.myRating", Has(ReadLibrary)).through(GAME_OF_A_BOARD),
    row("Game.myTags", Has(ReadLibrary)).through(GAME_OF_A_BOARD),
    row("Game.playByDay", Has(ReadLibrary)).through(GAME_OF_A_BOARD),
    row("Game.statusHistory", Has(ReadLibrary)).through(GAME_OF_A_BOARD),
    row("Game.similar", Has(ReadLibrary)).through(GAME_OF_A_BOARD),
    row("Game.boards", Has(ReadPlay)).through(GAME_OF_A_LIBRARY),
    row("Player.libraries", Has(ReadLibrary)).through("{ me { @ } }"),
    row("Player.ranks", Has(ReadPlay)).through("{ me { @ } }"),
];

/// What a subgraph resolves by its key for the others.
pub const ENTITIES: &[Row] = &[
    row("ai.Game", SignedIn),
    row("leaderboard.Board", Has(ReadPlay)),
    row("leaderboard.Game", SignedIn),
    row("leaderboard.Player", SignedIn),
    row("library.Game", Has(ReadLibrary)),
    row("library.Platform", SignedIn),
    row("library.PlatformLibrary", Has(ReadLibrary)),
    row("library.Player", SignedIn),
    row("metadata.Game", HasEither(ReadLibrary, ReadPlay)),
    row("session.Player", SignedIn),
    row("session.Room", Has(ReadPlay)),
];
