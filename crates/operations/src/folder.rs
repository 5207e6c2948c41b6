//! Reads operation files from a folder.

use crate::{Catalogue, Problem};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};

/// No catalogue is this large; a folder that is was named by mistake.
const MAX_FILES: usize = 1000;
const MAX_BYTES: u64 = 256 * 1024;
const MAX_DEPTH: usize = 4;

/// What tells two readings of a folder apart.
pub(crate) type Fingerprint = Vec<(PathBuf, Option<SystemTime>, u64)>;

/// Files by path and text.
type Files = Vec<(String, String)>;

/// What a folder and the built-in files are together.
struct Found {
    /// Every file that counts.
    files: Files,
    /// The paths of the built-in ones that are otherwise in the folder.
    replaced: BTreeSet<String>,
    /// The files that are there and cannot be read.
    unreadable: Vec<Problem>,
}

/// A folder of operation files, and those that are there without it.
#[derive(Debug, Clone, Default)]
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
    /// Files that are built in, by path and text. A file in the folder stands in for the one of its
    /// path, `rest/me.graphql`, and for no other; an empty one takes it away.
    pub built_in: Files,
    /// Whether a query or mutation without a directive of ours is a tool by its own name, as other
    /// servers' files have it.
    pub bare: bool,
}

impl From<&Path> for Folder {
    fn from(path: &Path) -> Self {
        path.to_owned().into()
    }
}

impl From<PathBuf> for Folder {
    fn from(path: PathBuf) -> Self {
        Self {
            path,
            built_in: Vec::new(),
            bare: false,
        }
    }
}

impl Folder {
    /// What the files say before anything was good: where one is bad that stands in for a built-in
    /// one, that one stays.
    pub(crate) fn first(&self, api_sdl: &str) -> io::Result<Catalogue> {
        let (catalogue, _) = self.load(api_sdl)?;
        if catalogue.problems.is_empty() {
            return Ok(catalogue);
        }
        Ok(catalogue.keeping(&self.catalogue(&self.built_in, api_sdl)))
    }

    /// What the files say, and which of the built-in ones the folder has otherwise.
    pub(crate) fn load(&self, api_sdl: &str) -> io::Result<(Catalogue, BTreeSet<String>)> {
        let found = self.read()?;
        let mut catalogue = self.catalogue(&found.files, api_sdl);
        catalogue.problems.extend(found.unreadable);
        Ok((catalogue, found.replaced))
    }

    fn catalogue(&self, files: &[(String, String)], api_sdl: &str) -> Catalogue {
        let catalogue = Catalogue::load(files, api_sdl);
        if self.bare {
            catalogue.with_bare_tools()
        } else {
            catalogue
        }
    }

    fn read(&self) -> io::Result<Found> {
        let mut files: BTreeMap<String, String> = self.built_in.iter().cloned().collect();
        let mut replaced = BTreeSet::new();
        let mut unreadable = Vec::new();
        for (path, text) in texts(&self.path)? {
            let text = match text {
                Ok(text) => text,
                Err(error) => {
                    // The built-in one is not what was meant; what was good last is, and is kept.
                    files.remove(&path);
                    unreadable.push(Problem {
                        file: path,
                        line: 1,
                        column: 1,
                        message: error.to_string(),
                    });
                    continue;
                }
            };
            let known = files.get(&path);
            if known.is_some_and(|known| *known != text) {
                replaced.insert(path.clone());
            }
            if known.is_some() && text.trim().is_empty() {
                files.remove(&path);
            } else {
                files.insert(path, text);
            }
        }
        Ok(Found {
            files: files.into_iter().collect(),
            replaced,
            unreadable,
        })
    }
}

/// Every `.graphql` file under `folder`, by path relative to it, in order. At most 1,000 files
/// of at most 256 KiB, four folders deep. One that cannot be read is an error.
pub fn read_folder(folder: &Path) -> io::Result<Files> {
    let texts = texts(folder)?.into_iter();
    texts
        .map(|(path, text)| {
            let text = text.map_err(|error| {
                let place = folder.join(&path);
                io::Error::new(error.kind(), format!("{}: {error}", place.display()))
            })?;
            Ok((path, text))
        })
        .collect()
}

/// The same, each with its text or why there is none.
fn texts(folder: &Path) -> io::Result<Vec<(String, io::Result<String>)>> {
    let mut texts = Vec::new();
    for (path, _, _) in list(folder)? {
        let relative = path.strip_prefix(folder).unwrap_or(&path);
        let relative = relative.to_string_lossy().replace('\\', "/");
        texts.push((relative, text(&path)));
    }
    Ok(texts)
}

fn text(path: &Path) -> io::Result<String> {
    let about = fs::metadata(path)?;
    if about.is_dir() {
        // Only one that cannot be looked into is ever taken for a file.
        fs::read_dir(path)?;
    }
    // Reading a pipe would wait for whoever writes to it.
    if !about.is_file() {
        return Err(io::Error::other("this is no file"));
    }
    if about.len() > MAX_BYTES {
        let why = format!(
            "a file may have {MAX_BYTES} bytes, and this has {}",
            about.len()
        );
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, why));
    }
    fs::read_to_string(path)
}

/// The files with their times and sizes.
pub(crate) fn list(folder: &Path) -> io::Result<Fingerprint> {
    let mut found = Vec::new();
    visit(fs::read_dir(folder)?, 0, &mut found)?;
    found.sort();
    Ok(found)
}

fn visit(folder: fs::ReadDir, depth: usize, found: &mut Fingerprint) -> io::Result<()> {
    for entry in folder {
        let path = entry?.path();
        // A link that leads nowhere says so when it is read, as does a folder that may not be.
        let about = fs::metadata(&path).ok();
        let named = path.extension().is_some_and(|ending| ending == "graphql");
        let counts = if about.as_ref().is_some_and(fs::Metadata::is_dir) {
            match fs::read_dir(&path) {
                Ok(below) if depth < MAX_DEPTH => {
                    visit(below, depth + 1, found)?;
                    false
                }
                looked => looked.is_err(),
            }
        } else {
            named
        };
        if counts {
            if found.len() >= MAX_FILES {
                let why = format!("{}: more than {MAX_FILES} files", path.display());
                return Err(io::Error::new(io::ErrorKind::FileTooLarge, why));
            }
            let changed = about.as_ref().and_then(|about| about.modified().ok());
            found.push((path, changed, about.as_ref().map_or(0, fs::Metadata::len)));
        }
    }
    Ok(())
}
