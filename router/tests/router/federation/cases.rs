//! Runs the cases of every fixture.

use super::{
    fixture::{Case, Fixture, root},
    mock::Asked,
};
use crate::router::graphs::{errors, json, request};
use async_graphql::Variables;
use djinn_router::{GraphRequest, Limits};
use djinn_subgraph_kit::RequestId;
use futures_util::StreamExt;
use serde_json::Value;
use std::{collections::BTreeMap, fs};

/// Declares a test for each fixture, and one that no fixture is forgotten.
macro_rules! fixtures {
    ($($test:ident: $folder:literal,)*) => {
        $(
            #[tokio::test]
            async fn $test() {
                run($folder).await;
            }
        )*

        #[test]
        fn every_fixture_is_run() {
            let mut run = vec![$($folder.to_owned()),*];
            run.sort();
            let mut found: Vec<_> = fs::read_dir(root())
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            found.sort();
            assert_eq!(run, found);
        }
    };
}

fixtures! {
    entities_are_fetched_in_parallel_in_sequence_and_each_once: "entities",
    entities_are_found_by_any_of_their_keys: "keys",
    a_field_gets_what_it_requires: "requires",
    a_field_gets_what_it_requires_inside_its_own_subgraph: "requires_from_within",
    provided_fields_are_not_fetched_again: "provides",
    shared_fields_come_from_where_they_are_at_hand: "shareable",
    an_overridden_field_comes_from_its_new_subgraph: "override",
    nothing_inaccessible_goes_in_or_out: "inaccessible",
    an_interface_object_adds_fields_to_types_it_does_not_know: "interface_object",
    unions_and_interfaces_span_subgraphs: "abstract_types",
    subgraphs_of_the_first_federation_still_work: "first_federation",
    skip_and_include_decide_what_is_fetched: "conditions",
    variables_arrive_as_their_types_say: "inputs",
    mutations_run_in_series_across_subgraphs: "mutations",
    nulls_and_errors_stand_where_they_belong: "faults",
    events_are_enriched_by_other_subgraphs: "subscriptions",
}

async fn run(folder: &str) {
    let fixture = Fixture::new(folder);
    let cases: Vec<Case> = fixture.json("cases.json");
    assert!(!cases.is_empty());
    let mut wrong = Vec::new();
    for case in cases {
        let name = case.name.clone();
        if let Err(difference) = check(&fixture, case).await {
            wrong.push(format!("{name}\n{difference}"));
        }
    }
    assert!(wrong.is_empty(), "{folder}:\n{}", wrong.join("\n\n"));
}

fn same<T: PartialEq + serde::Serialize>(what: &str, wanted: &T, found: &T) -> Result<(), String> {
    if wanted == found {
        return Ok(());
    }
    let text = |value: &T| serde_json::to_string(value).unwrap();
    Err(format!(
        "  {what}\n    wanted {}\n    found  {}",
        text(wanted),
        text(found)
    ))
}

async fn check(fixture: &Fixture, case: Case) -> Result<(), String> {
    let (router, log) = fixture.router(&case.labels, Limits::default());
    let mut asked: GraphRequest =
        request(&case.query).variables(Variables::from_json(Value::Object(case.variables.clone())));
    if let Some(id) = &case.request {
        asked.request_id = RequestId(id.as_str().into());
    }
    if let Some(wanted) = &case.events {
        let stream = router
            .subscribe(asked)
            .await
            .map_err(|refused| format!("  refused: {}", json(&refused)))?;
        let found: Vec<Value> = stream.map(|event| json(&event)).collect().await;
        // What an error says is not the subject here.
        let found: Vec<Value> = found.into_iter().map(bare).collect();
        same("events", wanted, &found)?;
    } else {
        let answer = router.execute(asked).await;
        let whole = json(&answer);
        same("data", &case.data.as_ref(), &whole.get("data")).map_err(|difference| {
            let log = log.lock().unwrap();
            with_log(
                format!("{difference}\n    errors {}", whole["errors"]),
                &log,
            )
        })?;
        let mut wanted = case.errors.clone();
        wanted.sort();
        same("errors", &wanted, &errors(&answer))?;
    }
    let log = log.lock().unwrap();
    if let Some(wanted) = &case.asked {
        let mut found: BTreeMap<String, usize> = BTreeMap::new();
        for one in log.iter() {
            *found.entry(one.subgraph.clone()).or_default() += 1;
        }
        same("asked", wanted, &found).map_err(|difference| with_log(difference, &log))?;
    }
    if let Some(wanted) = &case.representations {
        let mut found: BTreeMap<String, usize> = BTreeMap::new();
        for one in log.iter() {
            let count = one.representations().len();
            if count > 0 {
                *found.entry(one.subgraph.clone()).or_default() += count;
            }
        }
        same("representations", wanted, &found).map_err(|difference| with_log(difference, &log))?;
    }
    if let Some(wanted) = &case.order {
        let found = log.iter().map(|one| one.subgraph.clone()).collect();
        same("order", wanted, &found).map_err(|difference| with_log(difference, &log))?;
    }
    for (subgraph, wanted) in case.variables_sent.iter().flatten() {
        let found = log.iter().find(|one| one.subgraph == *subgraph);
        let found = found.map_or(Value::Null, |one| Value::Object(one.variables.clone()));
        same("variables sent", wanted, &found)?;
    }
    Ok(())
}

fn with_log(difference: String, log: &[Asked]) -> String {
    let calls = log.iter().map(|one| {
        let variables = Value::Object(one.variables.clone());
        format!("    {}: {} {variables}", one.subgraph, one.query)
    });
    format!("{difference}\n{}", calls.collect::<Vec<_>>().join("\n"))
}

/// An event without the words of its errors: their paths only.
fn bare(mut event: Value) -> Value {
    for error in event["errors"].as_array_mut().into_iter().flatten() {
        *error = error["path"].clone();
    }
    if event["errors"].is_null()
        && let Some(event) = event.as_object_mut()
    {
        event.remove("errors");
    }
    event
}
