//! What a rule can ask about, as the graph describes it: a form is built of this alone.

use super::{
    field::{Field, Operator, ValueType},
    options,
    rule::MAX_TEXT,
    table::{About, Shape},
};
use crate::{
    platform::Registry,
    search::{
        graphql::{Facet, shown},
        index::Index,
    },
};
use async_graphql::{Context, Object, Result, SimpleObject};
use djinn_kernel::{FamilyView, page::Page};
use djinn_subgraph_kit::graph::{OrRefuse, cost};
use std::sync::Arc;

/// A field that a condition can ask about.
#[derive(Debug)]
pub struct CollectionField {
    /// Its line in the table.
    pub about: &'static About,
    /// Where its options are counted.
    pub index: Arc<Index>,
    /// Under which ceiling.
    pub family: Option<FamilyView>,
}

/// A field that a condition can ask about.
#[Object(directive = cost::Weight::apply(0))]
impl CollectionField {
    /// What goes into a condition.
    async fn name(&self) -> Field {
        self.about.field
    }

    /// What a person reads, in English. Other languages have it among the `texts`, under `field.` and
    /// its name, `field.GENRE`.
    async fn label(&self) -> &str {
        self.about.label
    }

    /// How it can be asked about.
    #[graphql(directive = cost::Usual::apply(7))]
    async fn operators(&self) -> Vec<CollectionFieldOperator> {
        let operators = self.about.operators.iter();
        let known = operators.filter_map(|name| {
            Some(CollectionFieldOperator {
                name: *name,
                label: name.label(),
                value: self.about.value(*name)?,
            })
        });
        known.collect()
    }

    /// The least a number may be. Null for what is no number.
    async fn minimum(&self) -> Option<i32> {
        self.about.bounds().map(|(least, _)| least)
    }

    /// The most a number may be. Null for what is no number.
    async fn maximum(&self) -> Option<i32> {
        self.about.bounds().map(|(_, most)| most)
    }

    /// What a number counts, for instance `minutes`; other languages have it as `measure.minutes`.
    async fn unit(&self) -> Option<&str> {
        self.about.unit
    }

    /// Whether any name will do as an option, also one that no game has yet.
    async fn free_options(&self) -> bool {
        self.about.shape == Shape::Names
    }

    /// The options, with how many of your games have each: fixed lists in their own order, names
    /// with the most games first. Empty for texts, numbers, days and flags.
    #[graphql(directive = cost::Slice::apply("first"))]
    async fn options(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only options with this in them, at most 200 characters.")] query: Option<
            String,
        >,
        #[graphql(desc = "How many, 1 to 100; 50 when left out.")] first: Option<i32>,
    ) -> Result<Vec<Facet>> {
        let page = Page::<()>::parse(first, None).or_refuse()?;
        let query = query.map(|query| query.chars().take(MAX_TEXT).collect::<String>());
        Ok(shown(options::options(
            self.about.field,
            &self.index,
            ctx.data::<Registry>()?,
            self.family,
            query.as_deref(),
            page.first as usize,
        )))
    }
}

/// A way to ask about a field.
#[derive(Debug, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct CollectionFieldOperator {
    /// What goes into a condition.
    name: Operator,
    /// What a person reads between the field and the value, in English; other languages have it
    /// under `operator.` and its name.
    label: &'static str,
    /// Which member of a value it takes.
    value: ValueType,
}
