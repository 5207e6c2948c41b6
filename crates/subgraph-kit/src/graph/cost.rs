//! What a field costs: `@cost` and `@listSize` of the IBM cost specification, as Federation 2.9
//! has them. The router refuses an operation that could cost more than its limit
//! (docs/adr/0012-cost.md).
//!
//! | in the code | in the SDL | for |
//! |---|---|---|
//! | `directive = cost::Weight::apply(0)` | `@cost(weight: 0)` | an object that comes with its parent; a field or argument that means work |
//! | `directive = cost::Page::apply("nodes")` | `@listSize(slicingArguments: ["first"], sizedFields: ["nodes"], …)` | a page with a cursor |
//! | `directive = cost::Slice::apply("first")` | `@listSize(slicingArguments: ["first"], …)` | a list with a size |
//! | `directive = cost::Usual::apply(5)` | `@listSize(assumedSize: 5)` | a list without one: how long it usually is |
//!
//! What says nothing weighs 1 an object, 0 a value, and a list of unknown length is taken for five.

use async_graphql::{
    TypeDirective, Value,
    indexmap::IndexMap,
    registry::{
        MetaDirectiveInvocation, Registry,
        location_traits::{
            Directive_At_ARGUMENT_DEFINITION, Directive_At_FIELD_DEFINITION, Directive_At_OBJECT,
        },
    },
};
use djinn_kernel::page::DEFAULT_PAGE;
use std::borrow::Cow;

const COST: &str = "cost";
const LIST_SIZE: &str = "listSize";

/// Makes `$name` usable as `#[graphql(directive = $name::apply(…))]`.
macro_rules! directive {
    ($name:ident, $text:expr, $($place:ident),+) => {
        impl TypeDirective for $name {
            fn name(&self) -> Cow<'static, str> {
                Cow::Borrowed($text)
            }

            // Federation defines it; a definition of our own would only stand beside it.
            fn register(&self, _: &mut Registry) {}
        }

        $(impl $place for $name {
            fn check() {}
        })+
    };
}

/// What a type, field or argument weighs instead of what is usual. Of a field that is a list it is
/// the weight of each item; what is done once for the whole list belongs on its argument.
#[derive(Debug, Clone, Copy)]
pub struct Weight;
directive!(
    Weight,
    COST,
    Directive_At_OBJECT,
    Directive_At_FIELD_DEFINITION,
    Directive_At_ARGUMENT_DEFINITION
);

impl Weight {
    /// The directive.
    pub fn apply(weight: u32) -> MetaDirectiveInvocation {
        invocation(COST, [("weight", Value::from(weight))])
    }
}

/// A page: `first` says how long the list in the field named is.
#[derive(Debug, Clone, Copy)]
pub struct Page;
directive!(Page, LIST_SIZE, Directive_At_FIELD_DEFINITION);

impl Page {
    /// The directive.
    pub fn apply(nodes: &str) -> MetaDirectiveInvocation {
        let mut page = Slice::apply("first");
        let fields = Value::List(vec![Value::from(nodes)]);
        page.args.insert("sizedFields".to_owned(), fields);
        page
    }
}

/// A list whose length an argument says.
#[derive(Debug, Clone, Copy)]
pub struct Slice;
directive!(Slice, LIST_SIZE, Directive_At_FIELD_DEFINITION);

impl Slice {
    /// The directive. Without the argument a list is as long as a page.
    pub fn apply(argument: &str) -> MetaDirectiveInvocation {
        invocation(
            LIST_SIZE,
            [
                ("assumedSize", Value::from(DEFAULT_PAGE)),
                ("slicingArguments", Value::List(vec![Value::from(argument)])),
                ("requireOneSlicingArgument", Value::Boolean(false)),
            ],
        )
    }
}

/// A list that takes no size.
#[derive(Debug, Clone, Copy)]
pub struct Usual;
directive!(Usual, LIST_SIZE, Directive_At_FIELD_DEFINITION);

impl Usual {
    /// The directive.
    pub fn apply(size: u32) -> MetaDirectiveInvocation {
        invocation(LIST_SIZE, [("assumedSize", Value::from(size))])
    }
}

fn invocation<const N: usize>(name: &str, args: [(&str, Value); N]) -> MetaDirectiveInvocation {
    MetaDirectiveInvocation {
        name: name.to_owned(),
        args: args
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect::<IndexMap<_, _>>(),
    }
}
