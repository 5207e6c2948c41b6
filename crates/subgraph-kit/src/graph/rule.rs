//! Who may ask for a field: said once, in the schema, and enforced from there.
//!
//! A field carries one of four directives, and [`Rules`] checks it before the resolver runs. The
//! SDL shows the same directives, so what a gateway reads and what is enforced cannot differ:
//!
//! | in the code | in the SDL | who may |
//! |---|---|---|
//! | `directive = Needs::apply(Scope::ReadPlay)` | `@requiresScopes(scopes: [["read:play"]])` | a credential with the scope |
//! | `directive = SignedIn::apply()` | `@authenticated` | whoever is signed in |
//! | `directive = Anyone::apply()` | `@tag(name: "anyone")` | everybody |
//! | `directive = TheHub::apply()` | `@tag(name: "hub")` | the hub's own doors |
//!
//! A field of a root type without any of them is refused to everybody: forgetting the rule shows
//! at the first try. Other fields without one are as open as the fields that lead to them.
//! `async-graphql` has an attribute of its own for scopes, but not for subscriptions, and enforces
//! none; it is read here all the same.

use async_graphql::{
    TypeDirective, Value,
    indexmap::IndexMap,
    registry::{
        MetaDirectiveInvocation, MetaType, Registry, location_traits::Directive_At_FIELD_DEFINITION,
    },
};
use djinn_kernel::{Scope, Viewer, viewer::Denied};
use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
};

const SCOPES: &str = "requiresScopes";
const AUTHENTICATED: &str = "authenticated";
const TAG: &str = "tag";
const ANYONE: &str = "anyone";
const HUB: &str = "hub";

/// Who may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// Everybody.
    Anyone,
    /// Whoever is signed in, whatever their scopes.
    SignedIn,
    /// A credential with all scopes of any one of these lists.
    Scopes(Vec<Vec<Scope>>),
    /// The hub's own doors.
    Hub,
    /// Nobody: a root field without a rule, or one with a scope that does not exist.
    Nobody,
}

impl Rule {
    /// A credential with this scope.
    pub fn scope(scope: Scope) -> Self {
        Self::Scopes(vec![vec![scope]])
    }

    /// A credential with any one of these scopes.
    pub fn any_of(scopes: &[Scope]) -> Self {
        Self::Scopes(scopes.iter().map(|scope| vec![*scope]).collect())
    }

    /// Whether `viewer` may ask.
    pub fn check(&self, viewer: &Viewer) -> Result<(), Denied> {
        match self {
            Self::Anyone => Ok(()),
            Self::SignedIn => match viewer {
                Viewer::Known(_) => Ok(()),
                Viewer::Anonymous | Viewer::Hub => Err(Denied::Unauthenticated),
            },
            Self::Scopes(alternatives) => {
                // The first list names what is missing: it is the usual one.
                let mut first = Ok(());
                for (at, list) in alternatives.iter().enumerate() {
                    let missing = list
                        .iter()
                        .try_for_each(|scope| viewer.require(*scope).map(|_| ()));
                    match missing {
                        Ok(()) => return Ok(()),
                        Err(denied) if at == 0 => first = Err(denied),
                        Err(_) => {}
                    }
                }
                first
            }
            Self::Hub => match viewer {
                Viewer::Hub => Ok(()),
                Viewer::Anonymous | Viewer::Known(_) => Err(Denied::HubOnly),
            },
            Self::Nobody => Err(Denied::HubOnly),
        }
    }

    fn read(directive: &MetaDirectiveInvocation) -> Option<Self> {
        match directive.name.as_str() {
            AUTHENTICATED => Some(Self::SignedIn),
            SCOPES => Some(match directive.args.get("scopes") {
                Some(Value::List(lists)) => Self::lists(lists.iter().map(|list| {
                    match list {
                        Value::List(scopes) => scopes
                            .iter()
                            .map(|scope| match scope {
                                Value::String(text) => Scope::parse(text),
                                _ => None,
                            })
                            .collect(),
                        _ => None,
                    }
                })),
                _ => Self::Nobody,
            }),
            TAG => match directive.args.get("name") {
                Some(Value::String(name)) if name == ANYONE => Some(Self::Anyone),
                Some(Value::String(name)) if name == HUB => Some(Self::Hub),
                _ => None,
            },
            _ => None,
        }
    }

    /// One word that is no scope, and the field is nobody's.
    fn lists(lists: impl Iterator<Item = Option<Vec<Scope>>>) -> Self {
        match lists.collect::<Option<Vec<_>>>() {
            Some(lists) if !lists.is_empty() => Self::Scopes(lists),
            _ => Self::Nobody,
        }
    }
}

/// The rules of a schema, by type and field.
#[derive(Debug, Default)]
pub struct Table {
    types: HashMap<String, Fields>,
    subscription: Option<String>,
}

#[derive(Debug, Default)]
struct Fields {
    /// What holds for every field of the type.
    all: Vec<Rule>,
    each: BTreeMap<String, Vec<Rule>>,
    /// Whether a field without a rule is nobody's.
    root: bool,
}

impl Table {
    /// Reads the directives of a schema.
    pub fn read(registry: &Registry) -> Self {
        let roots = [
            Some(&registry.query_type),
            registry.mutation_type.as_ref(),
            registry.subscription_type.as_ref(),
        ];
        let mut types = HashMap::new();
        for (name, kind) in &registry.types {
            let MetaType::Object {
                fields,
                directive_invocations,
                requires_scopes,
                ..
            } = kind
            else {
                continue;
            };
            let each: BTreeMap<_, _> = fields
                .values()
                .map(|field| {
                    let rules = rules(&field.directive_invocations, &field.requires_scopes);
                    (field.name.clone(), rules)
                })
                .filter(|(_, rules)| !rules.is_empty())
                .collect();
            let all = rules(directive_invocations, requires_scopes);
            let root = roots.contains(&Some(name));
            if root || !all.is_empty() || !each.is_empty() {
                types.insert(name.clone(), Fields { all, each, root });
            }
        }
        Self {
            types,
            subscription: registry.subscription_type.clone(),
        }
    }

    /// Whether `viewer` may ask for this field.
    pub fn check(&self, parent: &str, field: &str, viewer: &Viewer) -> Result<(), Denied> {
        let Some(fields) = self.types.get(parent) else {
            return Ok(());
        };
        let each = fields.each.get(field).map_or(&[][..], Vec::as_slice);
        // Fields with an underscore are the engine's own: introspection, `_entities`, `_service`.
        // Entity resolvers say their rule themselves, because the engine asks them by their type.
        if fields.root && each.is_empty() && fields.all.is_empty() && !field.starts_with('_') {
            tracing::error!(
                parent,
                field,
                "this field has no rule, so nobody may ask for it"
            );
            return Rule::Nobody.check(viewer);
        }
        fields
            .all
            .iter()
            .chain(each)
            .try_for_each(|rule| rule.check(viewer))
    }

    /// The type of subscriptions, whose fields are not resolved like others.
    pub fn subscription(&self) -> Option<&str> {
        self.subscription.as_deref()
    }
}

fn rules(directives: &[MetaDirectiveInvocation], native: &[String]) -> Vec<Rule> {
    let mut rules: Vec<Rule> = directives.iter().filter_map(Rule::read).collect();
    if !native.is_empty() {
        // The engine's own notation: each text is one list, its scopes set apart by spaces.
        let lists = native
            .iter()
            .map(|list| list.split_whitespace().map(Scope::parse).collect());
        rules.push(Rule::lists(lists));
    }
    rules
}

/// Makes `$name` usable as `#[graphql(directive = $name::apply(…))]` on a field.
macro_rules! directive {
    ($name:ident, $text:expr) => {
        impl TypeDirective for $name {
            fn name(&self) -> Cow<'static, str> {
                Cow::Borrowed($text)
            }

            // Federation defines it; a definition of our own would only stand beside it.
            fn register(&self, _: &mut Registry) {}
        }

        impl Directive_At_FIELD_DEFINITION for $name {
            fn check() {}
        }
    };
}

/// A credential with one scope: `#[graphql(directive = Needs::apply(Scope::ReadLibrary))]`.
#[derive(Debug, Clone, Copy)]
pub struct Needs;
directive!(Needs, SCOPES);

impl Needs {
    /// The directive.
    pub fn apply(scope: Scope) -> MetaDirectiveInvocation {
        let scopes = Value::List(vec![Value::List(vec![Value::from(scope.as_str())])]);
        invocation(SCOPES, [("scopes", scopes)])
    }
}

/// Whoever is signed in: `#[graphql(directive = SignedIn::apply())]`.
#[derive(Debug, Clone, Copy)]
pub struct SignedIn;
directive!(SignedIn, AUTHENTICATED);

impl SignedIn {
    /// The directive.
    pub fn apply() -> MetaDirectiveInvocation {
        invocation(AUTHENTICATED, [])
    }
}

/// Everybody: `#[graphql(directive = Anyone::apply())]`. The resolver answers somebody who is not
/// signed in on purpose.
#[derive(Debug, Clone, Copy)]
pub struct Anyone;
directive!(Anyone, TAG);

impl Anyone {
    /// The directive.
    pub fn apply() -> MetaDirectiveInvocation {
        invocation(TAG, [("name", Value::from(ANYONE))])
    }
}

/// The hub's own doors: `#[graphql(inaccessible, directive = TheHub::apply())]`.
#[derive(Debug, Clone, Copy)]
pub struct TheHub;
directive!(TheHub, TAG);

impl TheHub {
    /// The directive.
    pub fn apply() -> MetaDirectiveInvocation {
        invocation(TAG, [("name", Value::from(HUB))])
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
