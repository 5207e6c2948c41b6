//! A second way to plan, for questions on which the planner loses its way.
//!
//! A field that requires another is asked of its subgraph by a fetch of its own. Where the planner
//! comes to such a field inside that very subgraph, it has to leave it and come back, and of some
//! places it cannot tell where it left: below an entity of the same type, or after a fetch with two
//! parents. From any other subgraph it finds the way. So the supergraph it is asked again has two of
//! each such subgraph: one without the fields that require something, and a second that has little
//! else, and that no question begins at. Both are the same service.
//!
//! Only where the first way fails: two of a subgraph are asked apart what one could be asked at once.

use graphql_tools::{
    parser::Pos,
    static_graphql::{
        query::Value,
        schema::{Definition, Directive, Document, EnumType, Field, TypeDefinition},
    },
};
use std::collections::HashSet;

/// What the name of the second has behind that of the first.
const MARK: &str = "~";

/// A subgraph's own name, of either of two.
pub fn own(name: &str) -> &str {
    name.strip_suffix(MARK).unwrap_or(name)
}

/// The supergraph with two of each subgraph that has fields with requirements; `None` where there
/// is no such subgraph, or where a name has our mark already.
pub fn supergraph(document: &Document) -> Option<Document> {
    let mut document = document.clone();
    let mut requiring = HashSet::new();
    for definition in &document.definitions {
        for field in fields(definition) {
            let joins = field.directives.iter().filter(|join| requires(join));
            requiring.extend(joins.filter_map(graph).map(str::to_owned));
        }
    }
    if requiring.is_empty() || !double(graphs(&mut document)?, &requiring) {
        return None;
    }
    let roots = roots(&document);
    for definition in &mut document.definitions {
        match definition {
            Definition::TypeDefinition(TypeDefinition::Object(found))
                if roots.contains(&found.name) => {}
            Definition::TypeDefinition(found) => join(found, &requiring),
            _ => {}
        }
    }
    Some(document)
}

/// Lists the second subgraphs; not when that would be two of one name.
fn double(graphs: &mut EnumType, requiring: &HashSet<String>) -> bool {
    let mut seconds = Vec::new();
    for first in &graphs.values {
        let mut second = first.clone();
        second.name = again(&first.name);
        for (name, value) in second
            .directives
            .iter_mut()
            .flat_map(|join| &mut join.arguments)
        {
            if let Value::String(text) = value
                && name == "name"
            {
                if text.ends_with(MARK) {
                    return false;
                }
                text.push_str(MARK);
            }
        }
        if requiring.contains(&first.name) {
            seconds.push(second);
        }
    }
    graphs.values.extend(seconds);
    true
}

fn again(graph: &str) -> String {
    format!("{graph}__AGAIN")
}

/// Says of everything in a type that it is in the second subgraphs too, and of what requires
/// something that it is only there.
fn join(definition: &mut TypeDefinition, requiring: &HashSet<String>) {
    match definition {
        TypeDefinition::Scalar(found) => copy(&mut found.directives, requiring),
        TypeDefinition::Union(found) => copy(&mut found.directives, requiring),
        TypeDefinition::Enum(found) => {
            copy(&mut found.directives, requiring);
            for value in &mut found.values {
                copy(&mut value.directives, requiring);
            }
        }
        TypeDefinition::InputObject(found) => {
            copy(&mut found.directives, requiring);
            for field in &mut found.fields {
                copy(&mut field.directives, requiring);
            }
        }
        TypeDefinition::Object(found) => {
            parts(&found.directives, &mut found.fields, requiring);
            copy(&mut found.directives, requiring);
        }
        TypeDefinition::Interface(found) => {
            parts(&found.directives, &mut found.fields, requiring);
            copy(&mut found.directives, requiring);
        }
    }
}

/// An entity has in a second subgraph what it is found by, what requires something, and what is
/// required; for all else one goes back to the first. What is no entity is there as a whole.
fn parts(joins: &[Directive], fields: &mut [Field], requiring: &HashSet<String>) {
    let everywhere: Vec<&str> = joins
        .iter()
        .filter(|join| join.name == "join__type")
        .filter_map(graph)
        .collect();
    for field in fields {
        let apart = |graph: &str| {
            let mut keys = joins
                .iter()
                .filter(|join| join.name == "join__type" && self::graph(join) == Some(graph))
                .filter_map(|join| text(join, "key"))
                .peekable();
            keys.peek().is_some() && !keys.any(|key| is_in_key(&field.name, key))
        };
        if !field
            .directives
            .iter()
            .any(|join| join.name == "join__field")
        {
            if !everywhere
                .iter()
                .any(|graph| requiring.contains(*graph) && apart(graph))
            {
                continue;
            }
            // Said of no subgraph it is said of all, the second ones too.
            field
                .directives
                .extend(everywhere.iter().map(|graph| said_of(graph)));
        }
        let stays = |join: &Directive| {
            graph(join)
                .is_some_and(|graph| apart(graph) && !requires(join) && !is(join, "external"))
        };
        let (first, mut both): (Vec<_>, Vec<_>) = std::mem::take(&mut field.directives)
            .into_iter()
            .partition(stays);
        copy(&mut both, requiring);
        // The copies of these are what is left.
        both.retain(|join| {
            !(requires(join) && graph(join).is_some_and(|graph| requiring.contains(graph)))
        });
        field.directives = first;
        field.directives.extend(both);
    }
}

/// Whether a key names a field; one inside another field will do, it is only one more to ask for.
fn is_in_key(field: &str, key: &str) -> bool {
    key.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'))
        .any(|name| name == field)
}

fn said_of(graph: &str) -> Directive {
    Directive {
        position: Pos::default(),
        name: "join__field".to_owned(),
        arguments: vec![("graph".to_owned(), Value::Enum(graph.to_owned()))],
    }
}

fn text<'d>(join: &'d Directive, argument: &str) -> Option<&'d str> {
    join.arguments.iter().find_map(|(name, value)| match value {
        Value::String(text) if name == argument => Some(text.as_str()),
        _ => None,
    })
}

fn is(join: &Directive, argument: &str) -> bool {
    join.arguments
        .iter()
        .any(|(name, value)| name == argument && *value == Value::Boolean(true))
}

/// Adds to what is said of the first subgraphs the same of the second.
fn copy(directives: &mut Vec<Directive>, requiring: &HashSet<String>) {
    let seconds = directives.iter().filter_map(|join| {
        let first = graph(join).filter(|graph| requiring.contains(*graph))?;
        let (first, mut second) = (first.to_owned(), join.clone());
        // What was overridden once is not overridden again.
        second
            .arguments
            .retain(|(name, _)| !name.starts_with("override"));
        for (name, value) in &mut second.arguments {
            if name == "graph" {
                *value = Value::Enum(again(&first));
            }
        }
        Some(second)
    });
    let seconds: Vec<_> = seconds.collect();
    directives.extend(seconds);
}

fn requires(join: &Directive) -> bool {
    join.name == "join__field" && join.arguments.iter().any(|(name, _)| name == "requires")
}

/// The subgraph that a directive of the family `join` is about.
fn graph(join: &Directive) -> Option<&str> {
    let mut arguments = join.arguments.iter();
    arguments.find_map(|(name, value)| match value {
        Value::Enum(graph) if name == "graph" && join.name.starts_with("join__") => {
            Some(graph.as_str())
        }
        _ => None,
    })
}

fn fields<'d>(definition: &'d Definition<'static, String>) -> &'d [Field] {
    match definition {
        Definition::TypeDefinition(TypeDefinition::Object(found)) => &found.fields,
        Definition::TypeDefinition(TypeDefinition::Interface(found)) => &found.fields,
        _ => &[],
    }
}

fn graphs(document: &mut Document) -> Option<&mut EnumType> {
    let mut definitions = document.definitions.iter_mut();
    definitions.find_map(|definition| match definition {
        Definition::TypeDefinition(TypeDefinition::Enum(found)) if found.name == "join__Graph" => {
            Some(found)
        }
        _ => None,
    })
}

fn roots(document: &Document) -> HashSet<String> {
    let said = document
        .definitions
        .iter()
        .find_map(|definition| match definition {
            Definition::SchemaDefinition(found) => Some(found),
            _ => None,
        });
    let said = said.map(|said| [&said.query, &said.mutation, &said.subscription]);
    let name = |at: usize, otherwise: &str| {
        let said = said.as_ref().and_then(|said| said[at].clone());
        said.unwrap_or_else(|| otherwise.to_owned())
    };
    HashSet::from([
        name(0, "Query"),
        name(1, "Mutation"),
        name(2, "Subscription"),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(sdl: &str) -> Document {
        graphql_tools::parser::parse_schema::<String>(sdl)
            .expect("a schema")
            .into_static()
    }

    const SHOP: &str = r#"
        enum join__Graph { A @join__graph(name: "a", url: "http://a") B @join__graph(name: "b", url: "http://b") }
        type Query @join__type(graph: A) @join__type(graph: B) { game: Game @join__field(graph: B) }
        type Game @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
          id: ID!
          price: Int @join__field(graph: A) @join__field(graph: B, external: true)
          cost: Int @join__field(graph: B, requires: "price")
        }"#;

    #[test]
    fn what_requires_something_is_in_a_second_subgraph_of_the_same_service() {
        let text = supergraph(&parsed(SHOP)).expect("two").to_string();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for part in [
            r#"B__AGAIN @join__graph(name: "b~", url: "http://b")"#,
            "game: Game @join__field(graph: B) }",
            r#"@join__type(graph: B__AGAIN, key: "id")"#,
            "@join__field(graph: B__AGAIN, external: true)",
            r#"cost: Int @join__field(graph: B__AGAIN, requires: "price")"#,
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert_eq!((own("b~"), own("b")), ("b", "b"));
    }

    #[test]
    fn there_is_no_second_way_where_nothing_is_required_or_the_mark_is_taken() {
        assert!(supergraph(&parsed(&SHOP.replace("requires", "provides"))).is_none());
        assert!(supergraph(&parsed(&SHOP.replace("\"b\"", "\"b~\""))).is_none());
    }
}
