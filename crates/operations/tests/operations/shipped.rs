//! The documents that ship, against the schema that ships.

use djinn_operations::{Catalogue, Kind, read_folder};
use std::{fs, path::Path};

fn shipped() -> Catalogue {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schema");
    let sdl = fs::read_to_string(root.join("api.graphql")).unwrap();
    Catalogue::load(&read_folder(&root.join("operations")).unwrap(), &sdl)
}

#[test]
fn every_shipped_document_fits_the_schema() {
    let problems: Vec<String> = shipped().problems.iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn every_shipped_operation_says_what_it_is_for_and_its_name_is_its_files() {
    for operation in shipped().operations {
        assert!(!operation.description.is_empty(), "{}", operation.file);
        if let Some(tool) = operation.tool {
            assert_eq!(tool.name, operation.slug, "{}", operation.file);
            assert!(tool.scope.is_some(), "{} names no scope", operation.file);
        }
    }
}

#[test]
fn every_file_for_mcp_is_something_to_a_client() {
    let shipped = shipped();
    let idle: Vec<&str> = shipped.idle("mcp").map(|one| &*one.file).collect();
    assert!(idle.is_empty(), "{idle:?}");
}

#[test]
fn a_trusted_get_only_reads() {
    for operation in shipped()
        .operations
        .iter()
        .filter(|operation| operation.folder == "q")
    {
        assert_eq!(operation.kind, Kind::Query, "{}", operation.file);
    }
}

#[test]
fn every_rest_file_has_a_route_and_a_variable_it_describes() {
    for operation in shipped().operations {
        assert_eq!(
            operation.folder == "rest",
            !operation.routes.is_empty(),
            "{}",
            operation.file
        );
        for variable in &operation.variables {
            let obvious = variable.name == "id";
            assert!(
                obvious || !variable.description.is_empty() || operation.folder != "rest",
                "{}: ${}",
                operation.file,
                variable.name
            );
        }
    }
}
