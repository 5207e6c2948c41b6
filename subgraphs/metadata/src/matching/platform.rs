//! What platforms are called, for people. The library has the same names: it owns platforms, and
//! here they only stand in sentences.

/// Names that are more than the id with capitals.
const NAMES: [(&str, &str); 35] = [
    ("steam", "Steam"),
    ("manual", "Manual"),
    ("gog", "GOG"),
    ("epic", "Epic Games Store"),
    ("xbox", "Xbox"),
    ("playstation", "PlayStation"),
    ("nes", "NES"),
    ("snes", "SNES"),
    ("n64", "Nintendo 64"),
    ("gamecube", "GameCube"),
    ("wii", "Wii"),
    ("wii-u", "Wii U"),
    ("gb", "Game Boy"),
    ("gba", "Game Boy Advance"),
    ("nds", "Nintendo DS"),
    ("3ds", "Nintendo 3DS"),
    ("mega-drive", "Mega Drive"),
    ("psp", "PSP"),
    ("vita", "PlayStation Vita"),
    ("ps1", "PlayStation 1"),
    ("ps2", "PlayStation 2"),
    ("ps3", "PlayStation 3"),
    ("xbox-360", "Xbox 360"),
    ("xbox-one", "Xbox One"),
    ("ps4", "PlayStation 4"),
    ("ps5", "PlayStation 5"),
    ("switch", "Nintendo Switch"),
    ("nintendo", "Nintendo"),
    ("pc", "PC"),
    ("itch", "itch.io"),
    ("ubisoft", "Ubisoft Connect"),
    ("ea", "EA app"),
    ("battlenet", "Battle.net"),
    ("humble", "Humble"),
    ("amazon", "Amazon Games"),
];

/// The name of a platform; an unknown one's id with capitals.
pub fn name_of(id: &str) -> String {
    if let Some((_, name)) = NAMES.iter().find(|(known, _)| *known == id) {
        return (*name).to_owned();
    }
    let capital = |word: &str| -> String {
        let mut letters = word.chars();
        let first = letters.next();
        let first = first.into_iter().flat_map(char::to_uppercase);
        first.chain(letters).collect()
    };
    let words: Vec<String> = id.split('-').map(capital).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_platform_has_a_name_also_if_nobody_knows_it() {
        assert_eq!(name_of("gog"), "GOG");
        assert_eq!(name_of("aunt-idas-attic"), "Aunt Idas Attic");
        assert_eq!(name_of(""), "");
    }
}
