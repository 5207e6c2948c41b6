//! The generated files under `schema/`.

use crate::{assemble, cli, config::Config, documents, start::StartError, web};
use djinn_kernel::{Code, Doing};
use djinn_subgraph_kit::Ports;
use std::{fmt::Write, path::Path};

/// The supergraph and the API it offers, as composed by `make schema`; the binary embeds both,
/// so nothing is composed at start-up.
pub const SUPERGRAPH: &str = include_str!("../../schema/supergraph.graphql");
/// The public schema.
pub const API: &str = include_str!("../../schema/api.graphql");

/// `djinn schema`.
pub fn run(
    arguments: &cli::Schema,
    ports: impl FnOnce() -> Result<Ports, StartError>,
) -> Result<bool, StartError> {
    if let Some(folder) = &arguments.write {
        write(folder, ports()?)?;
    }
    if let Some(folder) = &arguments.check_operations {
        return Ok(check_operations(folder));
    }
    Ok(true)
}

fn write(folder: &Path, ports: Ports) -> Result<(), StartError> {
    let config = Config::default();
    std::fs::create_dir_all(folder)
        .doing("making the schema folder")
        .map_err(StartError::Fault)?;
    for name in assemble::NAMES {
        let sdl = assemble::local(name, &config, ports.clone())?.sdl;
        put(&folder.join(format!("{name}.graphql")), &sdl)?;
    }
    let schema = serde_json::to_string_pretty(&schemars::schema_for!(Config)).unwrap_or_default();
    put(&folder.join("config.schema.json"), &schema)?;
    let openapi = web::openapi::describe(&documents::embedded(""));
    let openapi = serde_json::to_string_pretty(&openapi).unwrap_or_default();
    put(&folder.join("openapi.json"), &openapi)?;
    put(
        &folder.join("metrics.md"),
        &djinn_platform::telemetry::metrics_page(),
    )?;
    let tools = crate::mcp::page::of(&documents::embedded("mcp"));
    put(&folder.join("mcp-tools.md"), &tools)?;
    put(&folder.join("errors.md"), &errors_page())
}

/// The table of error codes as a page of the documentation.
fn errors_page() -> String {
    let mut page = String::from(
        "# Error codes\n\nEvery refusal carries one of these in `extensions.code`, or in `problems[].code` of a \
         mutation's payload. Codes never change once released. Generated from `crates/kernel/src/code.rs`.\n\n\
         | Code | HTTP | Meaning |\n|---|---|---|\n",
    );
    for code in Code::ALL {
        // Writing to a string cannot fail.
        let _ = writeln!(
            page,
            "| `{}` | {} | {} |",
            code.as_str(),
            code.status(),
            code.meaning()
        );
    }
    page
}

fn put(file: &Path, text: &str) -> Result<(), StartError> {
    let text = format!("{}\n", text.trim_end());
    std::fs::write(file, text)
        .doing("writing a schema file")
        .map_err(StartError::Fault)
}

fn check_operations(folder: &Path) -> bool {
    let files = match djinn_operations::read_folder(folder) {
        Ok(files) => files,
        Err(error) => {
            eprintln!("{}: {error}", folder.display());
            return false;
        }
    };
    let catalogue = djinn_operations::Catalogue::load(&files, API);
    let mut good = catalogue.problems.is_empty();
    for problem in catalogue.problems {
        eprintln!("{}/{problem}", folder.display());
    }
    for operation in catalogue.operations {
        let place = format!("{}/{}:{}", folder.display(), operation.file, operation.line);
        if !documents::DOORS.contains(&operation.folder.as_str()) {
            eprintln!("{place}: no door reads the folder `{}`", operation.folder);
            good = false;
        }
        if let Some(route) = operation
            .routes
            .iter()
            .find(|route| web::is_reserved(route))
        {
            eprintln!("{place}: `{}` is a path of the hub itself", route.path);
            good = false;
        }
    }
    good
}
