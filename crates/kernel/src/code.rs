//! The one table of error codes. `docs/errors.md` is generated from it.

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($name:ident = $text:literal, $status:literal, $meaning:literal;)*) => {
        /// A stable code that a program can act on; it never changes once released.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        pub enum Code {
            $(#[doc = $meaning] $name,)*
        }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The code as it stands in an answer.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The HTTP status that goes with it where the whole request failed.
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// What it means and what to do, for the documentation.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning,)* }
            }

            /// After how many seconds to try again, where waiting is all it takes and nobody
            /// knows better.
            pub const fn pause(self) -> Option<u64> {
                match self {
                    Self::Unavailable | Self::SubgraphUnavailable => Some(2),
                    _ => None,
                }
            }

            /// Reads a code out of an answer.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$name),)* _ => None }
            }
        }
    };
}

codes! {
    Internal = "INTERNAL", 500, "Something broke on our side. The request id in the answer is in the log.";
    Unavailable = "UNAVAILABLE", 503, "A part of the hub, or something it needs, does not answer just now. Try again.";
    Timeout = "TIMEOUT", 504, "The work took longer than its limit and was stopped.";
    SubgraphUnavailable = "SUBGRAPH_UNAVAILABLE", 200, "One subgraph did not answer; the rest of the answer stands.";
    SubgraphError = "SUBGRAPH_ERROR", 200, "A subgraph of another owner says that something went wrong, without a code of its own. Its message stands.";
    Unauthenticated = "UNAUTHENTICATED", 401, "Nobody is signed in, or the token or key is wrong, expired or revoked.";
    TokenExpired = "TOKEN_EXPIRED", 401, "The access token is past its time. Refresh the login.";
    Forbidden = "FORBIDDEN", 403, "Signed in, but this role, profile or key may not do that.";
    NotFound = "NOT_FOUND", 404, "There is no such thing, or this viewer may not see it.";
    BadRequest = "BAD_REQUEST", 400, "The request is not one the door understands.";
    InvalidInput = "INVALID_INPUT", 400, "A value is missing, malformed or outside its limit; the field is named.";
    LowContrast = "LOW_CONTRAST", 400, "Two colours of a theme are too alike to be read; the message names the pair, its ratio and the least one.";
    InvalidId = "INVALID_ID", 400, "The text is not an id of that kind.";
    InvalidCursor = "INVALID_CURSOR", 400, "The cursor does not come from this list, or from another question to it: another filter, query or order.";
    PageTooLarge = "PAGE_TOO_LARGE", 400, "A page of fewer than 1 or more than 100 items was asked for; `first` is 1 to 100.";
    Conflict = "CONFLICT", 409, "Somebody changed it first, or it exists already.";
    RateLimited = "RATE_LIMITED", 429, "Too many requests. The answer says when to come back.";
    LimitExceeded = "LIMIT_EXCEEDED", 400, "A bound of the hub would be passed; the message names it.";
    GraphqlParseFailed = "GRAPHQL_PARSE_FAILED", 400, "The document is not GraphQL.";
    GraphqlValidationFailed = "GRAPHQL_VALIDATION_FAILED", 400, "The document does not fit the schema.";
    VariableInvalid = "VARIABLE_INVALID", 400, "A variable is missing or does not fit its type.";
    OperationNotFound = "OPERATION_NOT_FOUND", 400, "The document has no operation of that name, or several and none was named.";
    MethodNotAllowed = "METHOD_NOT_ALLOWED", 405, "This address does not take that method. Mutations are never run by GET.";
    UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE", 415, "Send application/json.";
    NotAcceptable = "NOT_ACCEPTABLE", 406, "None of the media types in Accept can be served.";
    CrossSiteRequest = "CROSS_SITE_REQUEST", 403, "A browser sent this from another site, or without the header that proves otherwise.";
    PayloadTooLarge = "PAYLOAD_TOO_LARGE", 413, "The body is larger than the limit in the message.";
    HeadersTooLarge = "HEADERS_TOO_LARGE", 431, "The headers are larger together than the limit in the message.";
    RequestTimeout = "REQUEST_TIMEOUT", 408, "The request took longer to arrive than the limit in the message.";
    QueryTooDeep = "QUERY_TOO_DEEP", 400, "The query nests deeper than the limit in the message.";
    QueryTooComplex = "QUERY_TOO_COMPLEX", 400, "The query has more aliases, root fields, tokens or directives, could cost more, or could answer with more objects, than the limit in the message.";
    DocumentNotFound = "DOCUMENT_NOT_FOUND", 404, "No trusted document has that id or name.";
    DocumentNotTrusted = "DOCUMENT_NOT_TRUSTED", 401, "Those who have not signed in may run the hub's own documents only. Sign in, or send the id of one.";
    PersistedQueryNotFound = "PERSISTED_QUERY_NOT_FOUND", 200, "No document is kept under that hash. Send its text with it once; Apollo's clients do so by themselves.";
    PersistedQueryNotSupported = "PERSISTED_QUERY_NOT_SUPPORTED", 200, "Documents are not kept here. Send the text.";
    PersistedQueryMismatch = "PERSISTED_QUERY_MISMATCH", 400, "The hash is not that of the text beside it.";
    SetupDone = "SETUP_DONE", 409, "The hub is set up already; sign in instead.";
    SetupTokenInvalid = "SETUP_TOKEN_INVALID", 401, "The setup token is wrong or past its 30 minutes; restart the hub for a new link.";
    CredentialsRejected = "CREDENTIALS_REJECTED", 401, "The name or password, or the platform's key, is wrong.";
    WeakPassword = "WEAK_PASSWORD", 400, "The password is too short or too common.";
    NameTaken = "NAME_TAKEN", 409, "Somebody has that name already.";
    RefreshReused = "REFRESH_REUSED", 401, "A refresh token was used twice; the login was ended in case it was stolen.";
    PlatformUnknown = "PLATFORM_UNKNOWN", 404, "No platform has that id.";
    PlatformNotReady = "PLATFORM_NOT_READY", 409, "The owner of this hub has to set this platform up first; the message says how.";
    AccountRestricted = "ACCOUNT_RESTRICTED", 409, "The platform does not let this account in; the message says what its owner can do there.";
    AccountNotFound = "ACCOUNT_NOT_FOUND", 404, "The platform knows no such account.";
    AlreadyLinked = "ALREADY_LINKED", 409, "That account is linked already.";
    ProfilePrivate = "PROFILE_PRIVATE", 409, "The platform hides this account's games. Make its game details public, then sync again. Nothing was changed.";
    ProviderDown = "PROVIDER_DOWN", 502, "The platform does not answer, or answers with an error page.";
    ProviderMalformed = "PROVIDER_MALFORMED", 502, "The platform's answer was cut short or is not what it documents.";
    ProviderRateLimited = "PROVIDER_RATE_LIMITED", 429, "The platform asks us to wait; the sync goes on by itself at the time given.";
    SyncRunning = "SYNC_RUNNING", 409, "This library is being synced already.";
    ImportMalformed = "IMPORT_MALFORMED", 400, "The file cannot be read; the message names line and column. Nothing was imported.";
    RoomFull = "ROOM_FULL", 409, "All seats are taken.";
    RoomClosed = "ROOM_CLOSED", 409, "The room has ended.";
    NotInRoom = "NOT_IN_ROOM", 403, "Join the room first.";
    ActionOutOfOrder = "ACTION_OUT_OF_ORDER", 409, "Actions of one player come one after the other; the message says which is next.";
}
