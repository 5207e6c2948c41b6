//! Reads operation files from a folder.

use crate::Catalogue;
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
        let (files, replaced) = self.read()?;
        Ok((self.catalogue(&files, api_sdl), replaced))
    }

    fn catalogue(&self, files: &[(String, String)], api_sdl: &str) -> Catalogue {
        let catalogue = Catalogue::load(files, api_sdl);
        if self.bare {
            catalogue.with_bare_tools()
        } else {
            catalogue
        }
    }

    /// Every file that counts, by path and text, and the paths of the built-in ones that are
    /// otherwise in the folder.
    fn read(&self) -> io::Result<(Files, BTreeSet<String>)> {
        let mut files: BTreeMap<String, String> = self.built_in.iter().cloned().collect();
        let mut replaced = BTreeSet::new();
        for (path, text) in read_folder(&self.path)? {
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
        Ok((files.into_iter().collect(), replaced))
    }
}

/// Every `.graphql` file under `folder`, by path relative to it, in order. At most 1,000 files
/// of at most 256 KiB, four folders deep.
pub fn read_folder(folder: &Path) -> io::Result<Files> {
    list(folder)?
        .into_iter()
        .map(|(path, _, _)| {
            let relative = path.strip_prefix(folder).unwrap_or(&path);
            let text = fs::read_to_string(&path).map_err(|error| {
                io::Error::new(error.kind(), format!("{}: {error}", path.display()))
            })?;
            Ok((relative.to_string_lossy().replace('\\', "/"), text))
        })
        .collect()
}

/// The files with their times and sizes.
pub(crate) fn list(folder: &Path) -> io::Result<Fingerprint> {
    let mut found = Vec::new();
    visit(folder, 0, &mut found)?;
    found.sort();
    Ok(found)
}

fn visit(folder: &Path, depth: usize, found: &mut Fingerprint) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let about = fs::metadata(&path)?;
        if about.is_dir() {
            if depth < MAX_DEPTH {
                visit(&path, depth + 1, found)?;
            }
        } else if path.extension().is_some_and(|ending| ending == "graphql") {
            if about.len() > MAX_BYTES || found.len() >= MAX_FILES {
                return Err(io::Error::new(
                    io::ErrorKind::FileTooLarge,
                    format!(
                        "{}: more than {MAX_FILES} files, or one above {MAX_BYTES} bytes",
                        path.display()
                    ),
                ));
            }
            found.push((path, about.modified().ok(), about.len()));
        }
    }
    Ok(())
}
