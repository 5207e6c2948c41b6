//! The MCP server: every request of a client, handed to what answers it.

use crate::{
    answer, call, prompt, resource,
    toolbox::Toolbox,
    watch::{self, Watched},
};
use djinn_operations::{Caller, Catalogue, Graph, GraphAnswer, Live, Operation};
use rmcp::{
    ErrorData, RoleServer, ServerHandler,
    model::{
        CacheScope, CallToolRequestParams, CallToolResponse, CompleteRequestParams, CompleteResult,
        Extensions, GetPromptRequestParams, GetPromptResponse, Implementation, ListPromptsResult,
        ListResourceTemplatesResult, ListResourcesResult, ListToolsResult, PaginatedRequestParams,
        PromptsCapability, ReadResourceRequestParams, ReadResourceResponse, ResourcesCapability,
        ServerCapabilities, ServerConfig, SubscribeRequestParams, SubscriptionFilter, Tool,
        ToolsCapability, UnsubscribeRequestParams,
    },
    service::{NotificationContext, RequestContext, SubscriptionContext},
};
use serde_json::{Map, Value};
use std::sync::{Arc, Mutex, PoisonError};

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
/// What all sessions share.
pub(crate) struct Hub {
    pub(crate) graph: Arc<dyn Graph>,
    pub(crate) live: Live,
    about: About,
    made: Mutex<(Arc<Catalogue>, Arc<Toolbox>)>,
}

impl Hub {
    pub(crate) fn new(live: Live, graph: Arc<dyn Graph>, about: About) -> Arc<Self> {
        let catalogue = live.now();
        let toolbox = Arc::new(Toolbox::new(&catalogue));
        Arc::new(Self {
            graph,
            live,
            about,
            made: Mutex::new((catalogue, toolbox)),
        })
    }

    /// Runs a query or mutation. The error is for a person.
    pub(crate) async fn run(
        &self,
        document: &str,
        name: &str,
        variables: Map<String, Value>,
        caller: &Caller,
    ) -> Result<GraphAnswer, String> {
        let run = self.graph.execute(document, Some(name), variables, caller);
        run.await.map_err(|error| answer::down(&error))
    }

    /// Runs a query where an error is one of the protocol.
    pub(crate) async fn data(
        &self,
        query: &Operation,
        variables: Map<String, Value>,
        caller: &Caller,
    ) -> Result<Value, ErrorData> {
        let text = match self
            .run(&query.document, &query.name, variables, caller)
            .await
        {
            Ok(given) if given.errors.is_empty() => return Ok(given.data),
            Ok(given) => answer::errors(&given.errors),
            Err(text) => text,
        };
        Err(ErrorData::internal_error(text, None))
    }

    /// The toolbox of the catalogue as it is now; made anew only when that has changed.
    pub(crate) fn toolbox(&self) -> Arc<Toolbox> {
        let catalogue = self.live.now();
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if !Arc::ptr_eq(&made.0, &catalogue) {
            let toolbox = Arc::new(Toolbox::new(&catalogue));
            *made = (catalogue, toolbox);
        }
        Arc::clone(&made.1)
    }
}

/// One client's server.
#[derive(Clone)]
pub(crate) struct Server {
    hub: Arc<Hub>,
    /// Who every call runs as; over HTTP each request brings its own.
    fixed: Option<Caller>,
    watched: Watched,
}

impl Server {
    pub(crate) fn new(hub: Arc<Hub>, fixed: Option<Caller>) -> Self {
        Self {
            hub,
            fixed,
            watched: Watched::default(),
        }
    }

    fn caller(&self, extensions: &Extensions) -> Caller {
        let brought = || {
            extensions
                .get::<http::request::Parts>()?
                .extensions
                .get::<Caller>()
                .cloned()
        };
        self.fixed.clone().or_else(brought).unwrap_or_default()
    }
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let toolbox = self.hub.toolbox();
        let changes = Some(self.hub.live.follows());
        let operations = || toolbox.entries.iter().map(|entry| &entry.operation);
        let mut can = ServerCapabilities::default();
        let mut tools = ToolsCapability::default();
        tools.list_changed = changes;
        can.tools = Some(tools);
        let mut resources = ResourcesCapability::default();
        resources.list_changed = changes;
        resources.subscribe = Some(
            operations()
                .filter_map(|one| one.resource.as_ref())
                .any(|resource| resource.watch.is_some()),
        );
        can.resources = Some(resources);
        let mut prompts = PromptsCapability::default();
        prompts.list_changed = changes;
        can.prompts = Some(prompts);
        if operations().any(|one| one.complete.is_some()) {
            can.completions = Some(Map::new());
        }
        let about = &self.hub.about;
        ServerConfig::new(can)
            .with_server_info(
                Implementation::new(&about.name, &about.version).with_title(&about.title),
            )
            .with_instructions(&about.instructions)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let caller = self.caller(&context.extensions);
        let allowed =
            |scope: Option<_>| scope.is_none_or(|scope| caller.viewer.require(scope).is_ok());
        let toolbox = self.hub.toolbox();
        let tools = toolbox
            .entries
            .iter()
            .filter_map(|entry| entry.tool.as_ref());
        let tools = tools
            .filter(|(spec, _)| allowed(spec.scope))
            .map(|(_, model)| model.clone())
            .collect();
        // Private: the list depends on the caller's scopes.
        Ok(ListToolsResult::with_all_items(tools)
            .with_ttl_ms(LISTS_FRESH_MS)
            .with_cache_scope(CacheScope::Private))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.hub
            .toolbox()
            .tool(name)
            .map(|(_, _, model)| model.clone())
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let caller = self.caller(&context.extensions);
        call::call(&self.hub, &caller, request, &context).await
    }

    async fn list_resources(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        Ok(
            ListResourcesResult::with_all_items(resource::list(&self.hub.toolbox()))
                .with_ttl_ms(LISTS_FRESH_MS)
                .with_cache_scope(CacheScope::Private),
        )
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        Ok(
            ListResourceTemplatesResult::with_all_items(resource::templates(&self.hub.toolbox()))
                .with_ttl_ms(LISTS_FRESH_MS)
                .with_cache_scope(CacheScope::Private),
        )
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let caller = self.caller(&context.extensions);
        resource::read(&self.hub, &caller, &request.uri)
            .await
            .map(Into::into)
    }

    async fn list_prompts(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        Ok(
            ListPromptsResult::with_all_items(prompt::list(&self.hub.toolbox()))
                .with_ttl_ms(LISTS_FRESH_MS)
                .with_cache_scope(CacheScope::Private),
        )
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        let caller = self.caller(&context.extensions);
        prompt::get(&self.hub, &caller, &request.name, request.arguments)
            .await
            .map(Into::into)
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        let caller = self.caller(&context.extensions);
        prompt::complete(&self.hub, &caller, request)
            .await
            .map(CompleteResult::new)
    }

    async fn subscribe(
        &self,
        request: SubscribeRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        let caller = self.caller(&context.extensions);
        self.watched
            .begin(&self.hub, &caller, request.uri, context.peer)
            .await
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
        let caller = self.caller(&context.request_context().extensions);
        watch::listen(&self.hub, &caller, &context).await;
        Ok(())
    }

    async fn on_initialized(&self, context: NotificationContext<RoleServer>) {
        if self.hub.live.follows() {
            tokio::spawn(watch::tell_of_changes(context.peer, self.hub.live.clone()));
        }
    }
}
