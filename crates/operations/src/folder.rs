//! Reads operation files from a folder.

use crate::Catalogue;
use std::{
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

/// A folder of operation files, and what stands in for the doors it has no sub-folder of.
#[derive(Debug, Clone, Default)]
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
    /// Files by path and text, for instance `rest/me.graphql`: read where the folder has no
    /// `rest/` of its own.
    pub otherwise: Vec<(String, String)>,
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
            otherwise: Vec::new(),
            bare: false,
        }
    }
}

impl Folder {
    /// What the files say.
    pub(crate) fn load(&self, api_sdl: &str) -> io::Result<Catalogue> {
        let catalogue = Catalogue::load(&self.read()?, api_sdl);
        Ok(if self.bare {
            catalogue.with_bare_tools()
        } else {
            catalogue
        })
    }

    /// Every file, by path and text.
    pub fn read(&self) -> io::Result<Vec<(String, String)>> {
        let mut files = read_folder(&self.path)?;
        let missing = self.otherwise.iter().filter(|(path, _)| {
            path.split_once('/')
                .is_none_or(|(door, _)| !self.path.join(door).is_dir())
        });
        files.extend(missing.cloned());
        Ok(files)
    }
}

/// Every `.graphql` file under `folder`, by path relative to it, in order. At most 1,000 files
/// of at most 256 KiB, four folders deep.
pub fn read_folder(folder: &Path) -> io::Result<Vec<(String, String)>> {
    list(folder)?
        .into_iter()
        .map(|(path, _, _)| {
            let relative = path.strip_prefix(folder).unwrap_or(&path);
            Ok((
                relative.to_string_lossy().replace('\\', "/"),
                fs::read_to_string(&path)?,
            ))
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
