use crate::API;
use djinn_operations::{Catalogue, Folder, Live, read_folder};
use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio_util::sync::CancellationToken;
use tracing::span;

/// Two seconds is the promise; the rest is for a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(20);
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

/// A folder over two built-in files.
fn over(path: &Path) -> Folder {
    let built_in = |path: &str, name: &str| {
        let text = format!("query {name} {{ count }}");
        (path.to_owned(), text)
    };
    Folder {
        path: path.to_owned(),
        built_in: vec![
            built_in("mcp/first.graphql", "First"),
            built_in("mcp/second.graphql", "Second"),
        ],
        ..Folder::default()
    }
}

#[test]
fn a_file_stands_in_for_the_built_in_one_of_its_path_and_for_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let now = || Live::of_folder(over(folder.path()), API).unwrap().now();
    let mcp = folder.path().join("mcp");
    fs::create_dir(&mcp).unwrap();
    // An empty folder says nothing.
    assert_eq!(names(&now()), ["First", "Second"]);

    fs::write(mcp.join("own.graphql"), GOOD).unwrap();
    assert_eq!(names(&now()), ["First", "Good", "Second"]);

    fs::write(mcp.join("first.graphql"), "query Other { count }").unwrap();
    assert_eq!(names(&now()), ["Other", "Good", "Second"]);

    // An empty file is how one is taken away.
    fs::write(mcp.join("second.graphql"), "\n").unwrap();
    let taken = now();
    assert_eq!(names(&taken), ["Other", "Good"]);
    assert_eq!(taken.problems, []);
}

#[tokio::test]
async fn what_is_built_in_is_back_when_the_folder_over_it_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let mcp = folder.path().join("mcp");
    fs::create_dir(&mcp).unwrap();
    fs::write(mcp.join("first.graphql"), "query Other { count }").unwrap();
    fs::write(mcp.join("second.graphql"), "").unwrap();
    let live = Live::of_folder(over(folder.path()), API).unwrap();
    assert_eq!(names(&live.now()), ["Other"]);
    let mut changes = live.changes();
    let stop = CancellationToken::new();
    let follower = tokio::spawn({
        let (live, place, stop) = (live.clone(), over(folder.path()), stop.clone());
        async move { live.follow(place, API.to_owned(), stop).await }
    });

    fs::remove_dir_all(&mcp).unwrap();
    let back = changes.wait_for(|now| names(now) == ["First", "Second"]);
    let waited = tokio::time::timeout(PATIENCE, back).await;
    let came = waited.is_ok_and(|came| came.is_ok());
    assert!(came, "{:?}", names(&live.now()));

    stop.cancel();
    follower.await.unwrap();
}

#[tokio::test]
async fn a_bad_file_in_the_place_of_a_built_in_one_leaves_that_there_until_it_is_good() {
    let folder = tempfile::tempdir().unwrap();
    let first = folder.path().join("mcp/first.graphql");
    fs::create_dir(folder.path().join("mcp")).unwrap();
    fs::write(&first, "query Other {\n  nothing\n}").unwrap();
    fs::write(folder.path().join("mcp/own.graphql"), GOOD).unwrap();
    let live = Live::of_folder(over(folder.path()), API).unwrap();
    let now = live.now();
    assert_eq!(names(&now), ["First", "Good", "Second"]);
    let told: Vec<_> = now
        .problems
        .iter()
        .map(|one| (&*one.file, one.line))
        .collect();
    assert_eq!(told, [("mcp/first.graphql", 2)]);

    let mut changes = live.changes();
    let stop = CancellationToken::new();
    let follower = tokio::spawn({
        let (live, place, stop) = (live.clone(), over(folder.path()), stop.clone());
        async move { live.follow(place, API.to_owned(), stop).await }
    });
    fs::write(&first, "query Other { count }").unwrap();
    let mended = changes.wait_for(|now| names(now) == ["Other", "Good", "Second"]);
    let waited = tokio::time::timeout(PATIENCE, mended).await;
    let came = waited.is_ok_and(|came| came.is_ok());
    assert!(came, "{:?}", names(&live.now()));
    stop.cancel();
    follower.await.unwrap();
}

/// Counts what this crate warns of.
#[derive(Clone, Default)]
struct Warned(Arc<AtomicUsize>);

impl Warned {
    fn times(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

impl tracing::Subscriber for Warned {
    fn enabled(&self, about: &tracing::Metadata<'_>) -> bool {
        *about.level() == tracing::Level::WARN && about.target().starts_with("djinn_operations")
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, _: &tracing::Event<'_>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

#[tokio::test(start_paused = true)]
async fn a_folder_that_cannot_be_read_is_warned_of_once_until_that_changes() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("operations");
    let put = || {
        fs::create_dir(&place).unwrap();
        fs::write(place.join("good.graphql"), GOOD).unwrap();
    };
    put();
    let live = Live::of_folder(&*place, API).unwrap();
    let warned = Warned::default();
    let _hears = tracing::subscriber::set_default(warned.clone());
    let stop = CancellationToken::new();
    let follower = tokio::spawn({
        let (live, place, stop) = (live.clone(), place.clone(), stop.clone());
        async move { live.follow(place, API.to_owned(), stop).await }
    });
    // By the paused clock: dozens of looks, each of them done.
    let minute = || tokio::time::sleep(Duration::from_mins(1));
    minute().await;
    assert_eq!(warned.times(), 0);

    fs::remove_dir_all(&place).unwrap();
    minute().await;
    assert_eq!(warned.times(), 1);
    assert_eq!(names(&live.now()), ["Good"], "what was good goes on");

    // For another reason, and after it was well.
    fs::write(&place, "no folder").unwrap();
    minute().await;
    assert_eq!(warned.times(), 2);
    fs::remove_file(&place).unwrap();
    put();
    minute().await;
    assert_eq!(warned.times(), 2);
    fs::remove_dir_all(&place).unwrap();
    minute().await;
    assert_eq!(warned.times(), 3);

    stop.cancel();
    follower.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn files_that_cannot_be_read_are_left_out_by_themselves_and_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("good.graphql"), GOOD).unwrap();
    let live = Live::of_folder(folder.path(), API).unwrap();
    let warned = Warned::default();
    let _hears = tracing::subscriber::set_default(warned.clone());
    let stop = CancellationToken::new();
    let follower = tokio::spawn({
        let (live, place, stop) = (live.clone(), folder.path().to_owned(), stop.clone());
        async move { live.follow(place, API.to_owned(), stop).await }
    });
    // Between two looks, so that none sees a file half written.
    let minute = || tokio::time::sleep(Duration::from_millis(60_100));
    minute().await;

    // As editors leave them beside a file that is open.
    std::os::unix::fs::symlink("nowhere", at(".#good.graphql")).unwrap();
    fs::write(at("large.graphql"), "#".repeat(256 * 1024 + 1)).unwrap();
    fs::write(at("latin.graphql"), b"# \xe9\nquery Latin { count }").unwrap();
    fs::write(at("new.graphql"), "query New { count }").unwrap();
    minute().await;
    let now = live.now();
    assert_eq!(names(&now), ["Good", "New"]);
    let files: Vec<&str> = now.problems.iter().map(|one| &*one.file).collect();
    assert_eq!(files, [".#good.graphql", "large.graphql", "latin.graphql"]);
    assert_eq!(warned.times(), 3);

    // What was good and no longer reads goes on; the others are not told again.
    fs::write(at("good.graphql"), b"\xff").unwrap();
    fs::write(at("latin.graphql"), "query Latin { count }").unwrap();
    minute().await;
    assert_eq!(names(&live.now()), ["Good", "Latin", "New"]);
    assert_eq!(warned.times(), 4);

    // Written, and still bad.
    fs::write(at("good.graphql"), b"\xff\xff").unwrap();
    minute().await;
    assert_eq!(warned.times(), 5);

    stop.cancel();
    follower.await.unwrap();
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

#[test]
fn a_broken_edit_wakes_nobody_since_nothing_has_changed() {
    let before = Catalogue::load(&[("a.graphql", GOOD)], API);
    let live = Live::fed(before.clone());
    let changes = live.changes();
    live.replace(Catalogue::load(&[("a.graphql", "query Good {")], API).keeping(&before));
    assert!(!changes.has_changed().unwrap());
    assert_eq!(live.now().problems[0].file, "a.graphql");

    live.replace(Catalogue::default());
    assert!(changes.has_changed().unwrap());
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
    let both = changes.wait_for(|now| names(now) == ["Good", "New"]);
    let came = tokio::time::timeout(PATIENCE, both).await;
    assert!(
        came.is_ok_and(|came| came.is_ok()),
        "{:?}",
        names(&live.now())
    );

    fs::remove_file(folder.path().join("good.graphql")).unwrap();
    let one = changes.wait_for(|now| names(now) == ["New"]);
    let came = tokio::time::timeout(PATIENCE, one).await;
    assert!(
        came.is_ok_and(|came| came.is_ok()),
        "{:?}",
        names(&live.now())
    );

    stop.cancel();
    follower.await.unwrap();
}
