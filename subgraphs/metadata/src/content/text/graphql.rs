//! Texts in the graph.

use super::{Found, language, service::Draft};
use crate::content::{
    Catalogue, Content, Wrong, graphql::ContentPayload, key::MAX_KEY, preference,
};
use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use djinn_kernel::{
    Scope,
    page::{Page, Slice, encode_cursor},
};
use djinn_subgraph_kit::graph::{
    Anyone, Coded, Needs, OrRefuse, PageInfo, ViewerExt, cost, refuse,
};
use std::{collections::BTreeMap, ops::Bound, sync::Arc};

/// The texts of the interface in one language; what it lacks, in the next of its chain.
pub struct TextCatalogue {
    content: Arc<Catalogue>,
    language: String,
    chain: Vec<String>,
    prefix: String,
}

impl TextCatalogue {
    fn texts(&self) -> BTreeMap<&str, (&Arc<str>, &str)> {
        let mut all = self.content.texts.along(&self.chain);
        all.retain(|key, _| key.starts_with(&self.prefix));
        all
    }
}

/// The texts of the interface in one language; what it lacks, in the next of its chain.
#[Object(directive = cost::Weight::apply(0))]
impl TextCatalogue {
    /// The language, in its usual spelling, for instance `de-AT`.
    async fn language(&self) -> &str {
        &self.language
    }
    /// Where a text is looked for, in this order, for instance `["de-AT", "de", "en"]`.
    #[graphql(directive = cost::Usual::apply(4))]
    async fn chain(&self) -> &[String] {
        &self.chain
    }
    /// Grows with every change of content.
    async fn rev(&self) -> i32 {
        self.content.rev as i32
    }
    /// Every text by its key, as one object. What a text leaves open stands in braces, for
    /// instance `"{count} games"`; a doubled brace is one brace. Forms of plural are texts of their
    /// own, with keys like `games.count.one` and `games.count.other`.
    async fn values(&self) -> serde_json::Value {
        let all = self.texts();
        let all: BTreeMap<&str, &str> = all
            .iter()
            .map(|(key, (text, _))| (*key, &***text))
            .collect();
        serde_json::json!(all)
    }
    /// The texts one by one, by key, with the language each was found in.
    #[graphql(directive = cost::Page::apply("nodes"))]
    async fn entries(
        &self,
        #[graphql(desc = "How many, 1 to 100; 50 when left out.")] first: Option<i32>,
        #[graphql(desc = "The end cursor of the page before.")] after: Option<String>,
    ) -> Result<UiTextConnection> {
        let page = Page::<String>::parse(first, after.as_deref()).or_refuse()?;
        let all = self.texts();
        let from = page
            .after
            .as_deref()
            .map_or(Bound::Unbounded, Bound::Excluded);
        let rest = all.range::<str, _>((from, Bound::Unbounded));
        let rest = rest.take(page.first as usize + 1);
        let rest = rest.map(|(key, (text, language))| Found {
            key: (*key).to_owned(),
            text: Arc::clone(text),
            language: (*language).to_owned(),
        });
        let slice = Slice::cut(rest.collect(), page.first);
        Ok(UiTextConnection {
            page_info: PageInfo {
                has_next_page: slice.has_next,
                end_cursor: slice.items.last().map(|found| encode_cursor(&found.key)),
            },
            nodes: slice.items.into_iter().map(UiText::from).collect(),
            total_count: all.len() as i32,
        })
    }
}

/// One text of the interface.
#[derive(Debug, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct UiText {
    /// Its key, for instance `library.empty`.
    key: String,
    /// The text. What it leaves open stands in braces.
    text: String,
    /// The language it was found in.
    language: String,
}

impl From<Found> for UiText {
    fn from(found: Found) -> Self {
        Self {
            key: found.key,
            text: found.text.to_string(),
            language: found.language,
        }
    }
}

/// A page of texts.
#[derive(Debug, SimpleObject)]
pub struct UiTextConnection {
    /// The texts of this page, by key.
    nodes: Vec<UiText>,
    /// Where the page ends.
    page_info: PageInfo,
    /// How many there are on all pages.
    total_count: i32,
}

/// A text to write, or to take back.
#[derive(Debug, InputObject)]
pub struct UiTextInput {
    /// The language, for instance `de` or `de-AT`.
    pub language: String,
    /// The key: 1 to 120 letters, digits, `-`, `_` or `.`, beginning with a letter.
    pub key: String,
    /// The text, at most 2,000 characters. It leaves open what the same text leaves open in other
    /// languages. Null, or left out, takes back what was written here; a text that comes with the
    /// hub is as it was then.
    pub text: Option<String>,
}

/// Texts to write.
#[derive(Debug, InputObject)]
pub struct UiTextsInput {
    /// The texts, at most 500, of any languages.
    pub texts: Vec<UiTextInput>,
}

/// Reading.
#[derive(Debug, Default)]
pub struct TextQuery;

#[Object]
impl TextQuery {
    /// The texts of the interface.
    #[graphql(directive = Anyone::apply())]
    async fn texts(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The language, for instance `de-AT`. Left out: the one you prefer, or the \
                          interface's own."
        )]
        language: Option<String>,
        #[graphql(desc = "Only texts whose key begins like this.")] prefix: Option<String>,
    ) -> Result<Option<TextCatalogue>> {
        let content = ctx.data_unchecked::<Content>();
        let catalogue = content.catalogue().await.or_refuse()?;
        let prefix = prefix.unwrap_or_default();
        let own = catalogue.ui.config.language.clone();
        let tag = match language {
            Some(text) => match language::parse(&text) {
                Some(tag) => tag,
                None => {
                    let wrong = Wrong::Language {
                        at: "language".to_owned(),
                    };
                    return Err(refuse(wrong.code(), wrong.to_string()));
                }
            },
            None => match ctx.viewer().identity() {
                Some(identity) => {
                    let row = preference::store::of(content.ports().db.read(), identity.player.0);
                    let row = row.await.or_refuse()?;
                    row.and_then(|row| row.language)
                        .unwrap_or_else(|| own.clone())
                }
                None => own.clone(),
            },
        };
        Ok(Some(TextCatalogue {
            chain: language::chain(&tag, &own),
            language: tag,
            // No key is longer.
            prefix: prefix.chars().take(MAX_KEY + 1).collect(),
            content: catalogue,
        }))
    }
}

/// Changing.
#[derive(Debug, Default)]
pub struct TextMutation;

#[Object]
impl TextMutation {
    /// Writes texts of the interface, all of them or none.
    #[graphql(directive = Needs::apply(Scope::Admin))]
    async fn save_texts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The texts.")] input: UiTextsInput,
    ) -> Result<ContentPayload> {
        let drafts = input.texts.into_iter().map(|text| Draft {
            language: text.language,
            key: text.key,
            text: text.text,
        });
        let saved = ctx
            .data_unchecked::<Content>()
            .save_texts(drafts.collect())
            .await;
        ContentPayload::of(saved)
    }
}
