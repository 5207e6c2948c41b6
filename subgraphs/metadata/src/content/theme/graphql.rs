//! Themes in the graph.

use super::{
    Scheme, TOKENS, Theme as Row,
    contrast::{self, Pair},
    service::Draft,
};
use crate::content::{Content, graphql::ContentPayload, wrong::outcome};
use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use djinn_kernel::Scope;
use djinn_subgraph_kit::graph::{Anyone, Needs, OrRefuse, Problem, cost};
use std::{collections::BTreeMap, sync::Arc};

/// The colours of the interface.
#[derive(Debug, Clone)]
pub struct Theme(pub Arc<Row>);

/// The colours of the interface.
#[Object(directive = cost::Weight::apply(0))]
impl Theme {
    /// Its name for programs.
    async fn id(&self) -> &str {
        &self.0.id
    }
    /// Its name for people.
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// Whether it is bright or dark.
    async fn scheme(&self) -> Scheme {
        self.0.scheme
    }
    /// Whether it comes with the hub, and cannot be changed.
    async fn built_in(&self) -> bool {
        self.0.built_in()
    }
    /// Every colour, with what it is for.
    #[graphql(directive = cost::Usual::apply(20))]
    async fn colours(&self) -> Vec<ThemeColour> {
        let all = TOKENS.iter().zip(&self.0.colours);
        all.map(|((token, purpose), colour)| ThemeColour {
            token: (*token).to_owned(),
            value: colour.to_string(),
            purpose: (*purpose).to_owned(),
        })
        .collect()
    }
    /// The same as one object, for instance `{"bg": "#eff6f7"}`: what a client makes style
    /// variables of.
    async fn variables(&self) -> serde_json::Value {
        let all = TOKENS.iter().zip(&self.0.colours);
        let all: BTreeMap<_, _> = all
            .map(|((token, _), colour)| (*token, colour.to_string()))
            .collect();
        serde_json::json!(all)
    }
    /// The contrast of every two colours that stand on one another. All have what they need: a
    /// theme that lacks it is not saved.
    #[graphql(directive = cost::Usual::apply(36))]
    async fn contrast(&self) -> Vec<ContrastPair> {
        contrast::pairs(&self.0.colours)
            .map(ContrastPair::from)
            .collect()
    }
    /// When it was saved. Null for one that comes with the hub.
    async fn updated_at(&self) -> Option<DateTime<Utc>> {
        self.0.updated_at
    }
}

/// One colour of a theme.
#[derive(Debug, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct ThemeColour {
    /// Its name, for instance `surface` or `lamp-text`.
    token: String,
    /// The colour, as `#rrggbb`; shadows may be `#rrggbbaa`.
    value: String,
    /// What it is for.
    purpose: String,
}

/// Two colours that stand on one another.
#[derive(Debug, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct ContrastPair {
    /// What is read or seen, for instance `ink`.
    foreground: String,
    /// What it stands on, for instance `surface`.
    background: String,
    /// Their contrast by WCAG 2.2, 1 to 21, rounded down to two digits.
    ratio: f64,
    /// The contrast they need: 4.5 for text, 3 for the edges of controls.
    least: f64,
}

impl From<Pair> for ContrastPair {
    fn from(pair: Pair) -> Self {
        Self {
            foreground: pair.foreground.to_owned(),
            background: pair.background.to_owned(),
            ratio: (pair.ratio * 100.0).floor() / 100.0,
            least: pair.least,
        }
    }
}

/// A colour to set.
#[derive(Debug, InputObject)]
pub struct ThemeColourInput {
    /// Its name, as `Theme.colours` has it.
    pub token: String,
    /// The colour, as `#rrggbb`; only `shade` may be `#rrggbbaa`.
    pub value: String,
}

/// A theme to make or to change. What is left out stays as it is.
#[derive(Debug, InputObject)]
pub struct ThemeInput {
    /// Its name for programs: 1 to 64 small letters, digits, `-`, `_` or `.`. Not that of a theme
    /// that comes with the hub.
    pub id: String,
    /// Its name for people, 1 to 60 characters; its id when left out of a new one.
    pub name: Option<String>,
    /// Whether it is bright or dark; as the theme it is based on when left out. It has to be what
    /// the colours are: dark where text is brighter than the page.
    pub scheme: Option<Scheme>,
    /// The theme that the other colours come from; itself when left out.
    pub based_on: Option<String>,
    /// Colours, each at most once.
    #[graphql(default)]
    pub colours: Vec<ThemeColourInput>,
}

/// The theme as it is now, or why nothing was changed.
#[derive(Debug, SimpleObject)]
pub struct ThemePayload {
    /// The theme, null when there are problems.
    theme: Option<Theme>,
    /// Why nothing was changed. `LOW_CONTRAST` comes once for each pair in `lowContrast`.
    problems: Vec<Problem>,
    /// The colours that are too alike to be read, with the ratio they have and the one they need.
    low_contrast: Vec<ContrastPair>,
}

/// Reading.
#[derive(Debug, Default)]
pub struct ThemeQuery;

#[Object]
impl ThemeQuery {
    /// Every theme: those that come with the hub first, then the others by name; at most 53.
    #[graphql(directive = Anyone::apply(), directive = cost::Usual::apply(5))]
    async fn themes(&self, ctx: &Context<'_>) -> Result<Option<Vec<Theme>>> {
        let content = ctx.data_unchecked::<Content>().catalogue().await;
        let content = content.or_refuse()?;
        Ok(Some(content.themes.iter().cloned().map(Theme).collect()))
    }
}

/// Changing.
#[derive(Debug, Default)]
pub struct ThemeMutation;

#[Object]
impl ThemeMutation {
    /// Makes a theme, or changes one, if all its text can be read.
    #[graphql(directive = Needs::apply(Scope::Admin))]
    async fn save_theme(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The theme.")] input: ThemeInput,
    ) -> Result<ThemePayload> {
        let draft = Draft {
            id: input.id,
            name: input.name,
            scheme: input.scheme,
            based_on: input.based_on,
            colours: input
                .colours
                .into_iter()
                .map(|colour| (colour.token, colour.value))
                .collect(),
        };
        let saved = ctx.data_unchecked::<Content>().save_theme(draft).await;
        let (saved, short) = match saved {
            Ok(theme) => (Ok(theme), Vec::new()),
            Err((refused, short)) => (Err(refused), short),
        };
        let (theme, problems) = outcome(saved)?;
        Ok(ThemePayload {
            theme: theme.map(Theme),
            problems,
            low_contrast: short.into_iter().map(|short| short.0.into()).collect(),
        })
    }

    /// Removes a theme. Players who had chosen it get the interface's own.
    #[graphql(directive = Needs::apply(Scope::Admin))]
    async fn delete_theme(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which theme.")] id: String,
    ) -> Result<ContentPayload> {
        ContentPayload::of(ctx.data_unchecked::<Content>().delete_theme(&id).await)
    }
}
