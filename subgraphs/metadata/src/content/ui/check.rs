//! Whether an interface can be: every name is one, comes once, and names something that is there.

use super::config::{UiBlock, UiConfig, UiPage, UiPlace};
use crate::content::{Catalogue, Refused, Wrong, key, text::language};
use serde_json::Value;
use std::collections::BTreeSet;

/// The longest name of a hub, in characters.
const MAX_NAME: usize = 60;
/// The longest path.
const MAX_PATH: usize = 200;
/// The most entries, pages, blocks of a page, and languages.
const MAX_PLACES: usize = 20;
const MAX_PAGES: usize = 50;
const MAX_BLOCKS: usize = 30;
const MAX_LANGUAGES: usize = 50;
/// The largest options of a block, as JSON.
const MAX_OPTIONS: usize = 4096;

/// The interface in its usual spelling, or all that is wrong with it.
pub fn check(mut config: UiConfig, all: &Catalogue) -> Result<UiConfig, Refused> {
    let mut check = Check {
        all,
        wrong: Vec::new(),
    };
    let name = key::words(
        "input.config.name",
        "a hub's name",
        &config.name,
        1,
        MAX_NAME,
    );
    if let Some(name) = check.take(name) {
        config.name = name;
    }
    if let Some(logo) = &config.logo
        && !all.assets.contains_key(logo)
    {
        check.missing("input.config.logo", "picture", logo);
    }
    for (at, theme) in [
        ("input.config.lightTheme", &config.light_theme),
        ("input.config.darkTheme", &config.dark_theme),
    ] {
        if all.theme(theme).is_none() {
            check.missing(at, "theme", theme);
        }
    }
    check.languages(&mut config);
    check.count(
        "input.config.navigation",
        "entries of the navigation",
        config.navigation.len(),
        MAX_PLACES,
    );
    check.count("input.config.pages", "pages", config.pages.len(), MAX_PAGES);
    check.navigation(&config.navigation);
    let mut seen = BTreeSet::new();
    for (n, page) in config.pages.iter().enumerate() {
        check.page(&format!("input.config.pages.{n}"), page, &mut seen);
    }
    let start = &config.start_page;
    if !config.navigation.iter().any(|place| place.id == *start) {
        check.missing("input.config.startPage", "entry of the navigation", start);
    }
    if check.wrong.is_empty() {
        Ok(config)
    } else {
        Err(Refused::Wrong(check.wrong))
    }
}

struct Check<'a> {
    all: &'a Catalogue,
    wrong: Vec<Wrong>,
}

impl Check<'_> {
    fn take<T>(&mut self, checked: Result<T, Wrong>) -> Option<T> {
        checked.map_err(|wrong| self.wrong.push(wrong)).ok()
    }

    fn missing(&mut self, at: &str, what: &'static str, id: &str) {
        self.wrong.push(Wrong::Missing {
            at: at.to_owned(),
            what,
            id: id.chars().take(key::MAX_KEY).collect(),
        });
    }

    fn count(&mut self, at: &'static str, what: &'static str, count: usize, most: usize) {
        if count > most {
            self.wrong.push(Wrong::TooMany { at, what, most });
        }
    }

    /// An id that comes once.
    fn id<'i>(&mut self, at: &str, id: &'i str, seen: &mut BTreeSet<&'i str>) {
        let at = format!("{at}.id");
        if self.take(key::id(&at, id)).is_some() && !seen.insert(id) {
            self.wrong.push(Wrong::Twice {
                at,
                id: id.to_owned(),
            });
        }
    }

    fn text(&mut self, at: &str, text: &str) {
        if !self.all.texts.has(text) {
            self.missing(&format!("{at}.text"), "text", text);
        }
    }

    fn flag(&mut self, at: &str, flag: Option<&str>) {
        if let Some(flag) = flag.filter(|flag| !self.all.flags.contains_key(*flag)) {
            self.missing(&format!("{at}.flag"), "feature flag", flag);
        }
    }

    fn languages(&mut self, config: &mut UiConfig) {
        self.count(
            "input.config.languages",
            "languages",
            config.languages.len(),
            MAX_LANGUAGES,
        );
        let mut seen = BTreeSet::new();
        for (n, language) in config.languages.iter_mut().enumerate() {
            let at = format!("input.config.languages.{n}");
            match language::parse(language) {
                None => self.wrong.push(Wrong::Language { at }),
                Some(tag) => {
                    if !seen.insert(tag.clone()) {
                        self.wrong.push(Wrong::Twice {
                            at,
                            id: tag.clone(),
                        });
                    }
                    *language = tag;
                }
            }
        }
        let at = "input.config.language";
        match language::parse(&config.language) {
            None => self.wrong.push(Wrong::Language { at: at.to_owned() }),
            Some(tag) => {
                if !seen.contains(&tag) {
                    self.missing(at, "language to choose", &tag);
                }
                config.language = tag;
            }
        }
    }

    fn navigation(&mut self, places: &[UiPlace]) {
        let mut seen = BTreeSet::new();
        for (n, place) in places.iter().enumerate() {
            let at = format!("input.config.navigation.{n}");
            self.id(&at, &place.id, &mut seen);
            self.text(&at, &place.text);
            self.flag(&at, place.flag.as_deref());
            if !is_path(&place.path) {
                self.wrong.push(Wrong::Path {
                    at: format!("{at}.path"),
                });
            }
            if let Some(icon) = &place.icon {
                self.take(key::id(&format!("{at}.icon"), icon));
            }
        }
    }

    fn page<'i>(&mut self, at: &str, page: &'i UiPage, seen: &mut BTreeSet<&'i str>) {
        self.id(at, &page.id, seen);
        self.text(at, &page.text);
        self.count(
            "input.config.pages",
            "blocks of a page",
            page.blocks.len(),
            MAX_BLOCKS,
        );
        let mut seen = BTreeSet::new();
        for (n, block) in page.blocks.iter().enumerate() {
            let at = format!("{at}.blocks.{n}");
            self.id(&at, &block.id, &mut seen);
            self.block(&at, block);
        }
    }

    fn block(&mut self, at: &str, block: &UiBlock) {
        self.take(key::id(&format!("{at}.kind"), &block.kind));
        if let Some(text) = &block.text {
            self.text(at, text);
        }
        self.flag(at, block.flag.as_deref());
        let fits = block.options.as_ref().is_none_or(|options| {
            matches!(options, Value::Object(_)) && options.to_string().len() <= MAX_OPTIONS
        });
        if !fits {
            self.wrong.push(Wrong::Options {
                at: format!("{at}.options"),
                most: MAX_OPTIONS,
            });
        }
    }
}

/// Whether it leads somewhere on this hub, and nowhere else.
fn is_path(path: &str) -> bool {
    path.len() <= MAX_PATH
        && path.starts_with('/')
        && !path.starts_with("//")
        && path
            .bytes()
            .all(|c| c.is_ascii_graphic() && !b"\"'<>\\`{}|^".contains(&c))
}
