//! The MCP server: every request of a client, handed to what answers it.
#![expect(deprecated, reason = "clients with sessions still set a level")]

use crate::{
    call, prompt, resource,
    toolbox::Toolbox,
    turn::{Guest, Turn},
    watch::{self, Watched},
};
use djinn_kernel::{Doing, Fault, TraceParent};
use djinn_operations::{Caller, Derived, Graph, Live};
use rmcp::{
    ErrorData, RoleServer, ServerHandler,
    model::{
        CacheScope, CallToolRequestParams, CallToolResponse, CompleteRequestParams, CompleteResult,
        CustomRequest, CustomResult, ErrorCode, GetPromptRequestParams, GetPromptResponse,
        Implementation, ListPromptsResult, ListResourceTemplatesResult, ListResourcesResult,
        ListToolsResult, LoggingLevel, PaginatedRequestParams, ReadResourceRequestParams,
        ReadResourceResponse, RequestStateCodec, ServerCapabilities, ServerConfig,
        SetLevelRequestParams, SubscribeRequestParams, SubscriptionFilter, Tool,
        UnsubscribeRequestParams,
    },
    service::{NotificationContext, RequestContext, SubscriptionContext},
};
use serde_json::json;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// How the server introduces itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Its name for programs.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// Its version.
    pub version: String,
    /// What a model should know before it calls anything.
    pub instructions: String,
}

/// How long a client may take the lists for fresh, where it asks by polling.
const LISTS_FRESH_MS: u64 = 60_000;

/// The requests that need params: of every revision, of those with sessions, and of the others.
const METHODS: &str = "completion/complete prompts/get resources/read tools/call";
const WITH_SESSIONS: &str = "initialize logging/setLevel resources/subscribe resources/unsubscribe";
const WITHOUT: &str = "subscriptions/listen";

/// What all sessions share.
pub(crate) struct Hub {
    pub(crate) graph: Arc<dyn Graph>,
    pub(crate) live: Live,
    /// Seals what was answered in earlier rounds of a call.
    pub(crate) seal: RequestStateCodec,
    about: About,
    toolbox: Derived<Toolbox>,
}

impl Hub {
    pub(crate) fn new(
        live: Live,
        graph: Arc<dyn Graph>,
        about: About,
        seal: [u8; 32],
    ) -> Result<Arc<Self>, Fault> {
        Ok(Arc::new(Self {
            graph,
            seal: RequestStateCodec::try_new(seal).doing("taking the key of the questions")?,
            about,
            toolbox: Derived::new(live.clone(), Toolbox::new),
            live,
        }))
    }

    /// The toolbox of the catalogue as it is now.
    pub(crate) fn toolbox(&self) -> Arc<Toolbox> {
        self.toolbox.now()
    }
}

/// One client's server.
#[derive(Clone)]
pub(crate) struct Server {
    hub: Arc<Hub>,
    /// Who every call runs as; over HTTP each request brings its own.
    fixed: Option<Caller>,
    watched: Watched,
    /// Whether the session has asked to be told what happens.
    talkative: Arc<AtomicBool>,
}

impl Server {
    pub(crate) fn new(hub: Arc<Hub>, fixed: Option<Caller>) -> Self {
        Self {
            hub,
            fixed,
            watched: Watched::default(),
            talkative: Arc::default(),
        }
    }

    fn turn<'a>(&'a self, context: &'a RequestContext<RoleServer>) -> Turn<'a> {
        let parts = context.extensions.get::<http::request::Parts>();
        let guest = parts.and_then(|parts| parts.extensions.get::<Guest>().cloned());
        let brought = guest.as_ref().map(|guest| guest.caller.clone());
        let mut caller = self.fixed.clone().or(brought).unwrap_or_default();
        // What the client says its call is a part of; within one trace, the request is nearer.
        let told = context.meta.get_traceparent().and_then(TraceParent::parse);
        let trace = caller.place.map(TraceParent::trace_id);
        let told = told.filter(|told| Some(told.trace_id()) != trace);
        caller.place = told.or(caller.place);
        Turn {
            hub: &self.hub,
            caller,
            guest,
            talkative: self.talkative.load(Ordering::Relaxed)
                || context.meta.log_level().is_some_and(tells),
            context,
        }
    }
}

/// Whether messages of the level `info` are wanted, which all of ours have.
const fn tells(level: LoggingLevel) -> bool {
    matches!(level, LoggingLevel::Debug | LoggingLevel::Info)
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let toolbox = self.hub.toolbox();
        let news = self.hub.live.follows();
        let operations = || toolbox.entries.iter().map(|entry| &entry.operation);
        let mut resources = operations().filter_map(|one| one.resource.as_ref());
        let watched = resources.any(|spec| spec.watch.is_some());
        let mut can = json!({
            "tools": { "listChanged": news },
            "resources": { "listChanged": news, "subscribe": watched },
            "prompts": { "listChanged": news },
            "logging": {},
        });
        if operations().any(|one| one.complete.is_some()) {
            can["completions"] = json!({});
        }
        let can: ServerCapabilities = serde_json::from_value(can).unwrap_or_default();
        let about = &self.hub.about;
        let me = Implementation::new(&about.name, &about.version).with_title(&about.title);
        ServerConfig::new(can)
            .with_server_info(me)
            .with_instructions(&about.instructions)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let viewer = self.turn(&context).caller.viewer;
        let allowed = |scope: Option<_>| scope.is_none_or(|scope| viewer.require(scope).is_ok());
        let toolbox = self.hub.toolbox();
        let tools = toolbox.entries.iter().filter_map(|one| one.tool.as_ref());
        let tools = tools.filter(|(spec, _)| allowed(spec.scope));
        let tools = tools.map(|(_, model)| model.clone()).collect();
        // Private: the list depends on the caller's scopes.
        Ok(ListToolsResult::with_all_items(tools)
            .with_ttl_ms(LISTS_FRESH_MS)
            .with_cache_scope(CacheScope::Private))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        let toolbox = self.hub.toolbox();
        toolbox.tool(name).map(|(_, _, model)| model.clone())
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        call::call(&self.turn(&context), request).await
    }

    async fn list_resources(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let list = resource::list(&self.hub.toolbox());
        Ok(ListResourcesResult::with_all_items(list)
            .with_ttl_ms(LISTS_FRESH_MS)
            .with_cache_scope(CacheScope::Private))
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let list = resource::templates(&self.hub.toolbox());
        Ok(ListResourceTemplatesResult::with_all_items(list)
            .with_ttl_ms(LISTS_FRESH_MS)
            .with_cache_scope(CacheScope::Private))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let read = resource::read(&self.turn(&context), &request.uri).await?;
        Ok(read.into())
    }

    async fn list_prompts(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        let list = prompt::list(&self.hub.toolbox());
        Ok(ListPromptsResult::with_all_items(list)
            .with_ttl_ms(LISTS_FRESH_MS)
            .with_cache_scope(CacheScope::Private))
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        prompt::get(&self.turn(&context), request).await
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        let found = prompt::complete(&self.turn(&context), request).await?;
        Ok(CompleteResult::new(found))
    }

    async fn set_level(
        &self,
        request: SetLevelRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        let wanted = tells(request.level);
        self.talkative.store(wanted, Ordering::Relaxed);
        Ok(())
    }

    async fn subscribe(
        &self,
        request: SubscribeRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        self.watched.begin(&self.turn(&context), request.uri).await
    }

    async fn unsubscribe(
        &self,
        request: UnsubscribeRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        self.watched.end(&request.uri);
        Ok(())
    }

    fn accepted_subscription_filter(
        &self,
        requested: &SubscriptionFilter,
    ) -> Option<SubscriptionFilter> {
        Some(requested.clone())
    }

    async fn listen(&self, context: SubscriptionContext) -> Result<(), ErrorData> {
        watch::listen(&self.turn(context.request_context()), &context).await;
        Ok(())
    }

    /// What is no request of the protocol's. Where it has the name of one, `rmcp` could not read its
    /// params.
    async fn on_custom_request(
        &self,
        request: CustomRequest,
        context: RequestContext<RoleServer>,
    ) -> Result<CustomResult, ErrorData> {
        let method = request.method;
        let version = context.protocol_version();
        let sessions = version.is_none_or(|version| version.has_initialize());
        let era = if sessions { WITH_SESSIONS } else { WITHOUT };
        let mut methods = METHODS.split(' ').chain(era.split(' '));
        if methods.any(|known| known == method) {
            let text = format!("the params of {method} are not as the protocol has them");
            return Err(ErrorData::invalid_params(text, None));
        }
        Err(ErrorData::new(ErrorCode::METHOD_NOT_FOUND, method, None))
    }

    async fn on_initialized(&self, context: NotificationContext<RoleServer>) {
        if self.hub.live.follows() {
            tokio::spawn(watch::tell_of_changes(context.peer, self.hub.live.clone()));
        }
    }
}
