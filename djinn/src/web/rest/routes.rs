//! Which endpoint a path and a method mean.

use super::RESERVED;
use crate::web::problem::{Fault, Problem};
use axum::http::Method;
use djinn_kernel::Code;
use djinn_operations::{Catalogue, Operation, Route, Segment};
use jsonschema::{Validator, error::ValidationErrorKind};
use serde_json::{Map, Value};

/// One endpoint.
pub struct Endpoint {
    /// How it is asked.
    pub route: Route,
    /// What is run.
    pub operation: Operation,
    validator: Option<Validator>,
}

/// All of them.
pub struct Routes(Vec<Endpoint>);

/// The endpoints of one path, the most particular first.
pub struct Found<'r>(Vec<Match<'r>>);

/// An endpoint, and what stands in its path's braces.
pub struct Match<'r> {
    /// The endpoint.
    pub endpoint: &'r Endpoint,
    /// Name and text of each.
    pub braces: Vec<(&'r str, String)>,
}

impl Routes {
    /// Those of a catalogue.
    pub fn new(catalogue: &Catalogue) -> Self {
        let mut endpoints = Vec::new();
        for operation in &catalogue.operations {
            for route in &operation.routes {
                if is_reserved(route) {
                    tracing::error!(
                        file = operation.file,
                        path = route.path,
                        "this path is the hub's own; no endpoint is there"
                    );
                    continue;
                }
                let validator = jsonschema::validator_for(&operation.input_schema)
                    .inspect_err(|error| tracing::error!(%error, file = operation.file, "an input schema is bad"))
                    .ok();
                endpoints.push(Endpoint {
                    route: route.clone(),
                    operation: operation.clone(),
                    validator,
                });
            }
        }
        Self(endpoints)
    }

    /// The endpoints of a path.
    pub fn find(&self, path: &str) -> Found<'_> {
        let path = path.strip_prefix('/').unwrap_or(path);
        let parts: Vec<&str> = path.strip_suffix('/').unwrap_or(path).split('/').collect();
        let mut found: Vec<Match<'_>> = self
            .0
            .iter()
            .filter_map(|endpoint| {
                let braces = braces(&endpoint.route.segments, &parts)?;
                Some(Match { endpoint, braces })
            })
            .collect();
        found.sort_by_key(|found| {
            let segments = found.endpoint.route.segments.iter();
            segments
                .map(|segment| matches!(segment, Segment::Variable(_)))
                .collect::<Vec<bool>>()
        });
        Found(found)
    }
}

/// Whether a route lies where the hub itself answers.
pub fn is_reserved(route: &Route) -> bool {
    match route.segments.first() {
        Some(Segment::Fixed(first)) => RESERVED.contains(&first.as_str()),
        // It would take every page's place.
        Some(Segment::Variable(_)) | None => true,
    }
}

fn braces<'r>(segments: &'r [Segment], parts: &[&str]) -> Option<Vec<(&'r str, String)>> {
    if segments.len() != parts.len() {
        return None;
    }
    let mut braces = Vec::new();
    for (segment, part) in segments.iter().zip(parts) {
        match segment {
            Segment::Fixed(text) => {
                if text != part {
                    return None;
                }
            }
            Segment::Variable(name) => {
                let text = percent_encoding::percent_decode_str(part)
                    .decode_utf8()
                    .ok()?;
                if text.is_empty() {
                    return None;
                }
                braces.push((name.as_str(), text.into_owned()));
            }
        }
    }
    Some(braces)
}

impl<'r> Found<'r> {
    /// Whether the path is no endpoint's.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The one that is asked by this method.
    pub fn by_method(&self, method: &Method) -> Option<&Match<'r>> {
        let method = if *method == Method::HEAD {
            &Method::GET
        } else {
            method
        };
        self.0
            .iter()
            .find(|found| found.endpoint.route.method.as_str() == method.as_str())
    }

    /// Every method the path can be asked by.
    pub fn methods(&self) -> String {
        let mut methods: Vec<&str> = Vec::new();
        for found in &self.0 {
            let method = found.endpoint.route.method.as_str();
            if !methods.contains(&method) {
                methods.push(method);
            }
        }
        if methods.contains(&"GET") {
            methods.push("HEAD");
        }
        methods.push("OPTIONS");
        methods.join(", ")
    }
}

impl Endpoint {
    /// Checks variables by the schema that MCP and the description show. Null stands for absent,
    /// as GraphQL takes it.
    pub fn check(&self, variables: &Map<String, Value>) -> Result<(), Problem> {
        let Some(validator) = &self.validator else {
            return Err(Problem::new(Code::Internal, Code::Internal.meaning()));
        };
        let given: Map<String, Value> = variables
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let faults: Vec<Fault> = validator
            .iter_errors(&Value::Object(given))
            .take(5)
            .map(|error| {
                let mut field = error.instance_path().to_string().replace('/', ".");
                // These are said of the object around the field.
                match error.kind() {
                    ValidationErrorKind::Required { property } => {
                        field = format!("{field}.{}", property.as_str().unwrap_or_default());
                    }
                    ValidationErrorKind::AdditionalProperties { unexpected } => {
                        field = format!("{field}.{}", unexpected.join(", "));
                    }
                    _ => {}
                }
                let field = field.trim_start_matches('.').to_owned();
                Fault {
                    code: Code::InvalidInput.as_str().to_owned(),
                    field: (!field.is_empty()).then_some(field),
                    // Masked: it may have been a password.
                    message: error.masked().to_string(),
                }
            })
            .collect();
        if faults.is_empty() {
            Ok(())
        } else {
            Err(Problem::of(Code::InvalidInput, faults))
        }
    }
}
