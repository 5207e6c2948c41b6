//! A session subgraph on frozen ports, and the few things every story does with it.

use async_graphql::Response;
use djinn_kernel::Viewer;
use djinn_session::{Config, Session};
use djinn_subgraph_kit::Subgraph;
use djinn_testkit::{
    ports::{self, TestPorts},
    viewers::call,
};
use futures_util::stream::BoxStream;
use serde_json::{Value, json};
use std::sync::Arc;

/// A password nobody tries first.
pub const PASSWORD: &str = "three unusual words";

pub struct Hub {
    pub world: TestPorts,
    pub subgraph: Arc<dyn Subgraph>,
    pub sdl: String,
}

impl Hub {
    pub async fn new() -> Self {
        Self::with(Config::default()).await
    }

    pub async fn with(config: Config) -> Self {
        let world = ports::frozen().await;
        let parts = Session::assemble(world.ports.clone(), config);
        Self {
            world,
            subgraph: parts.subgraph,
            sdl: parts.sdl,
        }
    }

    /// The whole answer, errors and all.
    pub async fn ask(&self, viewer: &Viewer, query: &str, variables: Value) -> Value {
        answer(
            self.subgraph
                .execute(call(viewer, query, variables))
                .await
                .unwrap(),
        )
    }

    /// The data of an answer without errors.
    pub async fn data(&self, viewer: &Viewer, query: &str, variables: Value) -> Value {
        let mut answer = self.ask(viewer, query, variables).await;
        assert!(answer.get("errors").is_none(), "{answer:#}");
        answer["data"].take()
    }

    /// The code of the only error of an answer.
    pub async fn error(&self, viewer: &Viewer, query: &str, variables: Value) -> String {
        let answer = self.ask(viewer, query, variables).await;
        let errors = answer["errors"]
            .as_array()
            .unwrap_or_else(|| panic!("no errors: {answer:#}"));
        assert_eq!(errors.len(), 1, "{answer:#}");
        errors[0]["extensions"]["code"].as_str().unwrap().to_owned()
    }

    pub async fn follow(
        &self,
        viewer: &Viewer,
        query: &str,
        variables: Value,
    ) -> BoxStream<'static, Response> {
        self.subgraph
            .subscribe(call(viewer, query, variables))
            .await
            .unwrap()
    }

    /// Sets the hub up; returns the admin's tokens.
    pub async fn set_up(&self) -> Value {
        let token = djinn_session::setup_link_token(&self.world.ports)
            .await
            .unwrap()
            .unwrap();
        let payload = self.complete_setup(&token, "Ann", PASSWORD).await;
        assert_eq!(payload["problems"], json!([]));
        payload["tokens"].clone()
    }

    pub async fn complete_setup(&self, token: &str, name: &str, password: &str) -> Value {
        const QUERY: &str = "mutation($input: CompleteSetupInput!) { completeSetup(input: $input) {
            tokens { accessToken refreshToken expiresAt player { id name role } } problems { code field message } } }";
        let input = json!({ "input": { "token": token, "name": name, "password": password, "device": "laptop" } });
        self.data(&Viewer::Anonymous, QUERY, input).await["completeSetup"].take()
    }

    pub async fn login(&self, name: &str, password: &str) -> Value {
        const QUERY: &str = "mutation($input: LoginInput!) { login(input: $input) {
            tokens { accessToken refreshToken player { id } } problems { code field message } } }";
        let input = json!({ "input": { "name": name, "password": password, "device": "phone" } });
        self.data(&Viewer::Anonymous, QUERY, input).await["login"].take()
    }

    pub async fn refresh(&self, token: &str) -> Value {
        const QUERY: &str = "mutation($token: String!) { refreshLogin(refreshToken: $token) {
            tokens { accessToken refreshToken } problems { code } } }";
        self.ask(&Viewer::Anonymous, QUERY, json!({ "token": token }))
            .await
    }

    /// Whom a credential belongs to, or the code of the refusal.
    pub async fn identify(&self, credential: &str) -> Result<Viewer, String> {
        const QUERY: &str =
            "query($credential: String!) { identify(credential: $credential) { viewer } }";
        let answer = self
            .ask(&Viewer::Hub, QUERY, json!({ "credential": credential }))
            .await;
        match answer["data"]["identify"]["viewer"].as_str() {
            Some(viewer) => Ok(serde_json::from_str(viewer).unwrap()),
            None => Err(answer["errors"][0]["extensions"]["code"]
                .as_str()
                .unwrap()
                .to_owned()),
        }
    }

    /// The viewer behind tokens.
    pub async fn viewer(&self, tokens: &Value) -> Viewer {
        self.identify(tokens["accessToken"].as_str().unwrap())
            .await
            .unwrap()
    }

    /// A hub that is set up, and its admin.
    pub async fn admin(&self) -> Viewer {
        let tokens = self.set_up().await;
        self.viewer(&tokens).await
    }

    /// Makes a child profile; returns its id.
    pub async fn profile(&self, guardian: &Viewer, name: &str) -> String {
        const QUERY: &str = "mutation($input: CreateProfileInput!) { createProfile(input: $input) {
            profile { id } problems { code } } }";
        let input = json!({ "input": { "name": name, "ceiling": "TEEN" } });
        let payload = self.data(guardian, QUERY, input).await;
        payload["createProfile"]["profile"]["id"]
            .as_str()
            .unwrap_or_else(|| panic!("{payload}"))
            .to_owned()
    }

    /// The tokens of a login that acts as a profile.
    pub async fn use_profile(&self, guardian: &Viewer, id: &str) -> Value {
        const QUERY: &str = "mutation($id: ID!) { useProfile(profileId: $id) {
            tokens { accessToken refreshToken player { id name family { ceiling unrated } } } problems { code } } }";
        let mut payload = self.data(guardian, QUERY, json!({ "id": id })).await;
        assert_eq!(payload["useProfile"]["problems"], json!([]));
        payload["useProfile"]["tokens"].take()
    }

    /// A new child of the guardian, signed in.
    pub async fn child(&self, guardian: &Viewer, name: &str) -> Viewer {
        let id = self.profile(guardian, name).await;
        let tokens = self.use_profile(guardian, &id).await;
        self.viewer(&tokens).await
    }
}

/// An answer as JSON.
pub fn answer(response: Response) -> Value {
    serde_json::to_value(response).unwrap()
}

/// The codes of a payload's problems.
pub fn codes(payload: &Value) -> Vec<&str> {
    payload["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| problem["code"].as_str().unwrap())
        .collect()
}
