//! Files that can be made again, in a folder that never grows beyond its bound.

use async_trait::async_trait;
use bytes::Bytes;
use djinn_kernel::{Clock, Doing, Fault};
use djinn_subgraph_kit::Shelf;
use std::{
    collections::{BTreeMap, HashMap},
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

/// A file larger than this part of the whole is not kept: it would push out too many others.
const LARGEST_PART: u64 = 8;
/// The longest name. Names are letters, digits, dots and dashes, so that none leads elsewhere.
const LONGEST_NAME: usize = 100;

/// A folder of files, the ones not asked for the longest thrown out first.
pub struct Folder(Arc<Inner>);

struct Inner {
    root: PathBuf,
    most: u64,
    clock: Arc<dyn Clock>,
    index: Mutex<Index>,
}

/// What is there, and in which order it was asked for.
#[derive(Default)]
struct Index {
    files: HashMap<String, Entry>,
    by_turn: BTreeMap<u64, String>,
    bytes: u64,
    turn: u64,
}

#[derive(Clone, Copy)]
struct Entry {
    bytes: u64,
    turn: u64,
}

impl Index {
    /// It was asked for now.
    fn touch(&mut self, name: &str) -> bool {
        let turn = self.turn + 1;
        let Some(entry) = self.files.get_mut(name) else {
            return false;
        };
        self.turn = turn;
        self.by_turn.remove(&entry.turn);
        entry.turn = turn;
        self.by_turn.insert(turn, name.to_owned());
        true
    }

    fn remove(&mut self, name: &str) {
        if let Some(entry) = self.files.remove(name) {
            self.by_turn.remove(&entry.turn);
            self.bytes -= entry.bytes;
        }
    }

    fn insert(&mut self, name: &str, bytes: u64) {
        self.remove(name);
        self.turn += 1;
        let turn = self.turn;
        self.files.insert(name.to_owned(), Entry { bytes, turn });
        self.by_turn.insert(turn, name.to_owned());
        self.bytes += bytes;
    }

    /// The names of what has to go so that no more than `most` bytes are left.
    fn shrink(&mut self, most: u64) -> Vec<String> {
        let mut gone = Vec::new();
        while self.bytes > most {
            let Some((_, name)) = self.by_turn.pop_first() else {
                break;
            };
            if let Some(entry) = self.files.remove(&name) {
                self.bytes -= entry.bytes;
            }
            gone.push(name);
        }
        gone
    }
}

impl Folder {
    /// Opens a folder, and makes it where there is none. What it holds from before is kept, as far
    /// as there is room.
    pub fn open(root: &Path, most: u64, clock: Arc<dyn Clock>) -> Result<Self, Fault> {
        fs::create_dir_all(root).doing("making the folder of pictures")?;
        let mut files: Vec<(SystemTime, String, u64)> = Vec::new();
        for entry in fs::read_dir(root).doing("reading the folder of pictures")? {
            let entry = entry.doing("reading the folder of pictures")?;
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let Ok(known) = entry.metadata() else {
                continue;
            };
            if known.is_file() && is_name(&name) {
                let used = known.modified().unwrap_or(SystemTime::UNIX_EPOCH);
                files.push((used, name, known.len()));
            } else if known.is_file() && name.starts_with('.') {
                // Half a file of a process that was killed.
                drop(fs::remove_file(entry.path()));
            }
        }
        files.sort();
        let mut index = Index::default();
        for (_, name, bytes) in files {
            index.insert(&name, bytes);
        }
        let inner = Inner {
            root: root.to_owned(),
            most,
            clock,
            index: Mutex::new(index),
        };
        inner.make_room();
        Ok(Self(Arc::new(inner)))
    }
}

fn is_name(name: &str) -> bool {
    (1..=LONGEST_NAME).contains(&name.len())
        && !name.starts_with('.')
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
}

impl Inner {
    fn index(&self) -> std::sync::MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn make_room(&self) {
        let gone = self.index().shrink(self.most);
        for name in gone {
            drop(fs::remove_file(self.root.join(name)));
        }
    }

    fn read(&self, name: &str) -> Option<Bytes> {
        if !self.index().touch(name) {
            return None;
        }
        let path = self.root.join(name);
        let Ok(file) = fs::read(&path) else {
            // Somebody tidied up.
            self.index().remove(name);
            return None;
        };
        self.mark(&path);
        Some(file.into())
    }

    /// Notes on the file that it was asked for now, so that the order outlives the process. By our
    /// clock, written or read: the file system's may be milliseconds behind it.
    fn mark(&self, path: &Path) {
        if let Ok(open) = fs::File::options().append(true).open(path) {
            drop(open.set_modified(self.clock.now().into()));
        }
    }

    fn write(&self, name: &str, file: &[u8]) -> io::Result<()> {
        // Under a name of its own first: nobody ever reads half a file.
        let half = self.root.join(format!(".{name}"));
        fs::write(&half, file)?;
        self.mark(&half);
        fs::rename(&half, self.root.join(name)).inspect_err(|_| drop(fs::remove_file(&half)))?;
        self.index().insert(name, file.len() as u64);
        self.make_room();
        Ok(())
    }
}

#[async_trait]
impl Shelf for Folder {
    async fn get(&self, name: &str) -> Option<Bytes> {
        if !is_name(name) {
            return None;
        }
        let (inner, name) = (Arc::clone(&self.0), name.to_owned());
        let read = tokio::task::spawn_blocking(move || inner.read(&name));
        read.await.ok().flatten()
    }

    async fn put(&self, name: &str, file: Bytes) {
        if !is_name(name) || file.len() as u64 > self.0.most / LARGEST_PART {
            return;
        }
        let (inner, name) = (Arc::clone(&self.0), name.to_owned());
        let written = tokio::task::spawn_blocking(move || inner.write(&name, &file)).await;
        if let Ok(Err(error)) = written {
            tracing::warn!(%error, "a picture cannot be kept");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemClock;

    fn open(root: &Path, most: u64) -> Folder {
        Folder::open(root, most, Arc::new(SystemClock)).expect("a folder")
    }

    async fn put(folder: &Folder, name: &str, bytes: usize) {
        folder.put(name, vec![7; bytes].into()).await;
    }

    #[tokio::test]
    async fn what_was_not_asked_for_the_longest_goes_first() {
        let root = tempfile::tempdir().unwrap();
        let folder = open(root.path(), 1000);
        for n in 0..10 {
            put(&folder, &format!("p{n}.jpg"), 100).await;
        }
        assert!(folder.get("p0.jpg").await.is_some());
        put(&folder, "new.jpg", 100).await;
        assert!(folder.get("p0.jpg").await.is_some(), "it was asked for");
        assert!(folder.get("p1.jpg").await.is_none());
        let on_disk: u64 = fs::read_dir(root.path())
            .unwrap()
            .map(|entry| entry.unwrap().metadata().unwrap().len())
            .sum();
        assert_eq!(on_disk, 1000);

        // Smaller after a restart, and still the right ones.
        drop(folder);
        let folder = open(root.path(), 300);
        let left = fs::read_dir(root.path()).unwrap().count();
        assert_eq!(left, 3);
        assert!(folder.get("new.jpg").await.is_some());
    }

    #[tokio::test]
    async fn a_file_is_there_whole_or_not_at_all() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join(".half.jpg"), b"half").unwrap();
        let folder = open(root.path(), 10_000);
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
        put(&folder, "a.jpg", 10).await;
        put(&folder, "a.jpg", 20).await;
        assert_eq!(folder.get("a.jpg").await.unwrap().len(), 20);
        fs::remove_file(root.path().join("a.jpg")).unwrap();
        assert!(folder.get("a.jpg").await.is_none());
        put(&folder, "large.jpg", 2000).await;
        assert!(folder.get("large.jpg").await.is_none(), "too large to keep");
    }

    #[tokio::test]
    async fn no_name_leads_elsewhere() {
        let root = tempfile::tempdir().unwrap();
        let inside = root.path().join("in");
        let folder = open(&inside, 10_000);
        for name in [
            "../out.jpg",
            "/etc/passwd",
            "a/b",
            "",
            ".hidden",
            "ü",
            "a\0b",
        ] {
            put(&folder, name, 10).await;
            assert!(folder.get(name).await.is_none(), "{name}");
        }
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
        assert_eq!(fs::read_dir(&inside).unwrap().count(), 0);
    }
}
