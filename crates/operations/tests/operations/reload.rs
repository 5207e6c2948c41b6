use crate::API;
use djinn_operations::{Catalogue, Folder, Live, read_folder};
use std::{fs, time::Duration};
use tokio_util::sync::CancellationToken;

const GOOD: &str = "query Good @mcpTool(name: \"good\") { count }";

fn names(catalogue: &Catalogue) -> Vec<&str> {
    catalogue
        .operations
        .iter()
        .map(|operation| operation.name.as_str())
        .collect()
}

#[test]
fn a_folder_is_read_with_its_folders_and_other_files_are_not() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("q")).unwrap();
    fs::write(folder.path().join("q/good.graphql"), GOOD).unwrap();
    fs::write(folder.path().join("notes.txt"), "no").unwrap();
    let files = read_folder(folder.path()).unwrap();
    assert_eq!(files, [("q/good.graphql".to_owned(), GOOD.to_owned())]);
}

#[test]
fn what_is_built_in_stands_in_for_the_doors_a_folder_has_not() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("q")).unwrap();
    fs::write(folder.path().join("q/own.graphql"), GOOD).unwrap();
    let built_in = |path: &str| (path.to_owned(), "query Known { count }".to_owned());
    let folder = Folder {
        path: folder.path().to_owned(),
        otherwise: vec![built_in("q/known.graphql"), built_in("rest/known.graphql")],
        ..Folder::default()
    };
    let read = folder.read().unwrap();
    let paths: Vec<&str> = read.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["q/own.graphql", "rest/known.graphql"]);
}

#[test]
fn a_file_that_became_bad_keeps_its_last_good_operation() {
    let before = Catalogue::load(
        &[("a.graphql", GOOD), ("b.graphql", "query Gone { count }")],
        API,
    );
    let after = Catalogue::load(&[("a.graphql", "query Good {")], API).keeping(&before);
    assert_eq!(names(&after), ["Good"]);
    assert_eq!(after.problems[0].file, "a.graphql");
}

#[tokio::test]
async fn a_new_file_is_live_within_two_seconds_and_a_removed_one_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("good.graphql"), GOOD).unwrap();
    let live = Live::of_folder(folder.path(), API).unwrap();
    let mut changes = live.changes();
    let stop = CancellationToken::new();
    let follower = tokio::spawn({
        let (live, place, stop) = (live.clone(), folder.path().to_owned(), stop.clone());
        async move { live.follow(place, API.to_owned(), stop).await }
    });

    fs::write(folder.path().join("new.graphql"), "query New { count }").unwrap();
    tokio::time::timeout(Duration::from_secs(2), changes.changed())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(names(&live.now()), ["Good", "New"]);

    fs::remove_file(folder.path().join("good.graphql")).unwrap();
    tokio::time::timeout(Duration::from_secs(2), changes.changed())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(names(&live.now()), ["New"]);

    stop.cancel();
    follower.await.unwrap();
}
