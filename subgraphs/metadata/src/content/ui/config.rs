//! What the interface is made of, as it is stored, sent and shown.

use crate::content::preference::{Density, Motion};
use async_graphql::{InputObject, SimpleObject};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// One entry of the navigation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject)]
#[graphql(input_name = "UiPlaceInput")]
#[serde(rename_all = "camelCase")]
pub struct UiPlace {
    /// Its name for programs, unique in the navigation.
    pub id: String,
    /// The key of the text that names it.
    pub text: String,
    /// Where it leads: a path of this hub, for instance `/tonight`.
    pub path: String,
    /// The name of an icon, for instance `sparkles`; a client that does not know it shows none.
    #[serde(default)]
    pub icon: Option<String>,
    /// The feature flag it is shown with. Null: always.
    #[serde(default)]
    pub flag: Option<String>,
}

/// One block of a page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, SimpleObject, InputObject)]
#[graphql(input_name = "UiBlockInput")]
#[serde(rename_all = "camelCase")]
pub struct UiBlock {
    /// Its name for programs, unique on the page.
    pub id: String,
    /// What it shows, for instance `recently-played` or `quest-list`; a client that does not know
    /// it shows its options as a card.
    pub kind: String,
    /// The key of the text above it. Null: none.
    #[serde(default)]
    pub text: Option<String>,
    /// What its kind wants to be told: an object of at most 4 KiB.
    #[serde(default)]
    pub options: Option<Value>,
    /// The feature flag it is shown with. Null: always.
    #[serde(default)]
    pub flag: Option<String>,
}

/// A page made of blocks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, SimpleObject, InputObject)]
#[graphql(input_name = "UiPageInput")]
#[serde(rename_all = "camelCase")]
pub struct UiPage {
    /// Its name for programs, unique among the pages.
    pub id: String,
    /// The key of its heading's text.
    pub text: String,
    /// Its blocks, from top to bottom; at most 30.
    pub blocks: Vec<UiBlock>,
}

/// What the interface is made of. The graph's `UiConfig` shows it as it is for who looks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, InputObject)]
#[graphql(name = "UiConfigInput")]
#[serde(rename_all = "camelCase")]
pub struct UiConfig {
    /// The name of the hub, 1 to 60 characters.
    pub name: String,
    /// The name of the picture that is its logo. Null: the web app's own.
    #[serde(default)]
    pub logo: Option<String>,
    /// The id of the theme for bright devices.
    pub light_theme: String,
    /// The id of the theme for dark devices.
    pub dark_theme: String,
    /// The language of who has chosen none, for instance `en`.
    pub language: String,
    /// The languages to choose from, at most 50.
    pub languages: Vec<String>,
    /// How much room there is between things, for who has chosen nothing.
    pub density: Density,
    /// How much moves, for who has chosen nothing.
    pub motion: Motion,
    /// The id of the entry of the navigation to begin with.
    pub start_page: String,
    /// The navigation, in order; 1 to 20 entries.
    pub navigation: Vec<UiPlace>,
    /// Pages made of blocks, at most 50.
    #[serde(default)]
    pub pages: Vec<UiPage>,
}

impl UiConfig {
    /// The one that comes with the hub.
    pub fn built_in() -> Self {
        let place = |id: &str, path: &str, icon: &str| UiPlace {
            id: id.to_owned(),
            text: format!("nav.{id}"),
            path: path.to_owned(),
            icon: Some(icon.to_owned()),
            flag: None,
        };
        let block = |kind: &str, text: &str, options: Value| UiBlock {
            id: kind.to_owned(),
            kind: kind.to_owned(),
            text: Some(text.to_owned()),
            options: Some(options),
            flag: None,
        };
        Self {
            name: "Game Djinn".to_owned(),
            logo: None,
            light_theme: "light".to_owned(),
            dark_theme: "dark".to_owned(),
            language: "en".to_owned(),
            languages: vec!["en".to_owned(), "de".to_owned()],
            density: Density::Comfortable,
            motion: Motion::System,
            start_page: "library".to_owned(),
            navigation: vec![
                place("library", "/", "library"),
                place("tonight", "/tonight", "sparkles"),
                place("collections", "/collections", "layers"),
                place("insights", "/insights", "chart"),
                place("duplicates", "/duplicates", "copy"),
                place("platforms", "/platforms", "plug"),
                place("settings", "/settings", "settings"),
                place("status", "/status", "pulse"),
            ],
            pages: vec![UiPage {
                id: "insights".to_owned(),
                text: "nav.insights".to_owned(),
                blocks: vec![
                    block("hours-by-day", "insights.hours", json!({ "days": 90 })),
                    block("streaks", "insights.streak", json!({})),
                    block("backlog", "insights.backlog", json!({})),
                ],
            }],
        }
    }

    /// The keys of the texts it names.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let places = self.navigation.iter().map(|place| place.text.as_str());
        let pages = self.pages.iter().flat_map(|page| {
            let blocks = page.blocks.iter().filter_map(|block| block.text.as_deref());
            std::iter::once(page.text.as_str()).chain(blocks)
        });
        places.chain(pages)
    }

    /// The flags it names.
    pub fn flags(&self) -> impl Iterator<Item = &str> {
        let places = self
            .navigation
            .iter()
            .filter_map(|place| place.flag.as_deref());
        let blocks = self.pages.iter().flat_map(|page| &page.blocks);
        places.chain(blocks.filter_map(|block| block.flag.as_deref()))
    }
}
