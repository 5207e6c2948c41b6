//! How alike two games look, and why.

use super::{
    SLIP_FROM,
    sketch::{Name, Sketch},
};
use crate::matching::{
    OTHER_PRODUCTS, platform,
    proof::{Proof, ProofKind},
};

/// How alike two games look.
#[derive(Debug, Clone, PartialEq)]
pub struct Likeness {
    /// From 0 to 1. An estimate for putting suggestions in order, no probability.
    pub confidence: f64,
    /// What speaks for it, and against.
    pub proof: Vec<Proof>,
}

/// Compares two games. `None` when something speaks plainly against their being one.
pub fn likeness(one: &Sketch, other: &Sketch) -> Option<Likeness> {
    // What a store sells side by side are two games, whatever they are called.
    let side_by_side = one.products.iter().any(|(platform, mine)| {
        let theirs = other.products.get(platform);
        theirs.is_some_and(|theirs| !theirs.is_subset(mine) && !mine.is_subset(theirs))
    });
    if side_by_side || apart(one, other) {
        return None;
    }
    let (mut confidence, proof) = one
        .names
        .iter()
        .flat_map(|mine| other.names.iter().map(move |theirs| names(mine, theirs)))
        .flatten()
        .max_by(|(a, _), (b, _)| a.total_cmp(b))?;
    let mut proof = vec![proof];
    if let (Some(mine), Some(theirs)) = (one.released, other.released) {
        let (code, text) = if mine == theirs {
            confidence += 0.08;
            ("year.same", format!("Both came out in {mine}"))
        } else if (mine - theirs).abs() <= 1 {
            confidence += 0.08;
            ("year.near", format!("They came out in {mine} and {theirs}"))
        } else {
            // Old games are sold anew under later dates: this makes it less likely, no more.
            confidence -= 0.12;
            (
                "year.apart",
                format!("Against it: one came out in {mine}, the other in {theirs}"),
            )
        };
        let years = [mine.to_string(), theirs.to_string()];
        let year = Proof::new(ProofKind::Year, text);
        proof.push(year.coded(code, &[&years[0], &years[1]]));
    }
    let mut makers = one.developers.iter();
    if let Some((_, developer)) = makers.find(|(key, _)| other.developers.contains_key(*key)) {
        confidence += 0.12;
        let text = format!("Both are by {developer}");
        let made = Proof::new(ProofKind::Developer, text);
        proof.push(made.coded("developer.same", &[developer]));
    } else if !(one.developers.is_empty() || other.developers.is_empty()) {
        confidence -= 0.25;
        let text = "Against it: different studios made them";
        let made = Proof::new(ProofKind::Developer, text);
        proof.push(made.coded("developer.apart", &[]));
    }
    if one.platforms.is_disjoint(&other.platforms) {
        confidence += 0.02;
        let list = |platforms: &std::collections::BTreeSet<String>, with: &str| -> String {
            let names: Vec<String> = platforms.iter().map(|id| platform::name_of(id)).collect();
            names.join(with)
        };
        let text = format!(
            "They are held in different places: one in {}, the other in {}",
            list(&one.platforms, " and "),
            list(&other.platforms, " and ")
        );
        let places = [list(&one.platforms, ", "), list(&other.platforms, ", ")];
        let held = Proof::new(ProofKind::Platform, text);
        proof.push(held.coded("platforms", &[&places[0], &places[1]]));
    }
    Some(Likeness {
        // To a hundredth: finer would be a lie.
        confidence: (confidence.clamp(0.0, 0.97) * 100.0).round() / 100.0,
        proof,
    })
}

/// Whether their own years, not those a store gives, are more than one apart.
fn apart(one: &Sketch, other: &Sketch) -> bool {
    let near = |mine: &i32| other.years.iter().any(|theirs| (mine - theirs).abs() <= 1);
    !one.years.is_empty() && !other.years.is_empty() && !one.years.iter().any(near)
}

fn names(mine: &Name, theirs: &Name) -> Option<(f64, Proof)> {
    if mine.kind != theirs.kind || mine.numbers != theirs.numbers || mine.base.is_empty() {
        return None;
    }
    if mine.standalone != theirs.standalone {
        let other = |name: &Name| {
            let mut editions = name.standalone.iter();
            editions.any(|edition| OTHER_PRODUCTS.contains(&edition.as_str()))
        };
        if mine.base != theirs.base || other(mine) || other(theirs) {
            return None;
        }
        let text = "One is an edition that may be the same game, or a remake of it";
        let edition = Proof::new(ProofKind::Edition, text);
        return Some((0.6, edition.coded("edition", &[])));
    }
    let titles: [&str; 2] = [&mine.title, &theirs.title];
    if mine.base == theirs.base {
        let (code, text) = if mine.title == theirs.title {
            ("called.same", format!("Both are called “{}”", mine.title))
        } else {
            let text = format!(
                "“{}” and “{}” are one title, signs and editions aside",
                mine.title, theirs.title
            );
            ("called.alike", text)
        };
        let proof = Proof::new(ProofKind::Title, text);
        return Some((0.8, proof.coded(code, &titles)));
    }
    if mine.compact == theirs.compact {
        let text = format!(
            "“{}” and “{}” differ in spaces or an article",
            mine.title, theirs.title
        );
        let proof = Proof::new(ProofKind::Spelling, text);
        return Some((0.75, proof.coded("called.spaced", &titles)));
    }
    let (short, long) = if mine.base.len() < theirs.base.len() {
        (mine, theirs)
    } else {
        (theirs, mine)
    };
    let (few, many) = (short.words(), long.words());
    if many.starts_with(&few) && short.compact.chars().count() >= 4 {
        let confidence = if few.len() > 1 { 0.58 } else { 0.5 };
        let text = format!("“{}” is “{}” with a subtitle", long.title, short.title);
        let proof = Proof::new(ProofKind::Subtitle, text);
        let proof = proof.coded("called.longer", &[&long.title, &short.title]);
        return Some((confidence, proof));
    }
    if one_slip(mine, theirs) {
        let text = format!(
            "“{}” and “{}” differ in one letter",
            mine.title, theirs.title
        );
        let proof = Proof::new(ProofKind::Spelling, text);
        return Some((0.72, proof.coded("called.slip", &titles)));
    }
    let (mut one, mut other) = (mine.words(), theirs.words());
    one.sort_unstable();
    other.sort_unstable();
    if one == other && one.len() > 1 {
        let text = format!(
            "“{}” has the words of “{}” in another order",
            mine.title, theirs.title
        );
        let proof = Proof::new(ProofKind::Spelling, text);
        return Some((0.6, proof.coded("called.turned", &titles)));
    }
    None
}

/// Whether one letter was left out, added, changed or swapped with its neighbour, in a word long
/// enough for that to be a slip: `Pokémon X` is not `Pokémon Y`.
fn one_slip(mine: &Name, theirs: &Name) -> bool {
    let long = |name: &Name| name.compact.chars().count() >= SLIP_FROM;
    if !long(mine) || !long(theirs) || !one_edit(&mine.compact, &theirs.compact) {
        return false;
    }
    let (one, other) = (mine.words(), theirs.words());
    if one.len() != other.len() {
        return true;
    }
    one.iter()
        .zip(&other)
        .filter(|(one, other)| one != other)
        .all(|(one, other)| one.chars().count().min(other.chars().count()) >= 5)
}

fn one_edit(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let start = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[start..], &other[start..]);
    let end = one
        .iter()
        .rev()
        .zip(other.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let (one, other) = (&one[..one.len() - end], &other[..other.len() - end]);
    match (one, other) {
        ([] | [_], [] | [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{duplicate::between, matching::entity::matched};
    use uuid::Uuid;

    fn row(identity: &str, title: &str) -> matched::Model {
        let (platform, store_id) = identity.split_once(':').unwrap();
        matched::Model {
            id: Uuid::nil(),
            identity: identity.to_owned(),
            platform: platform.to_owned(),
            store_id: (!store_id.is_empty()).then(|| store_id.to_owned()),
            title: title.to_owned(),
            group_key: String::new(),
            base_key: None,
            year: None,
            store_year: None,
            vouched: false,
            imported: None,
            game_id: Uuid::nil(),
            how: String::new(),
            at: chrono::DateTime::UNIX_EPOCH,
        }
    }

    fn alike(one: &str, other: &str) -> Option<ProofKind> {
        let (one, other) = (row("steam:1", one), row("gog:2", other));
        between(&[&one], &[&other]).map(|found| found.proof[0].kind)
    }

    #[test]
    fn these_are_worth_a_question() {
        for (one, other, kind) in [
            ("Ley Lines", "Leylines", ProofKind::Spelling),
            ("The Agony", "Agony", ProofKind::Spelling),
            ("Dear Esther", "Deer Esther", ProofKind::Spelling),
            ("GRIP", "GRIP: Combat Racing", ProofKind::Subtitle),
            (
                "Orwell",
                "Orwell: Ignorance is Strength",
                ProofKind::Subtitle,
            ),
            ("DOOM (1993)", "DOOM", ProofKind::Title),
            ("Mafia", "Mafia: Definitive Edition", ProofKind::Edition),
            (
                "Tales of Arise and Dawn",
                "Tales of Dawn and Arise",
                ProofKind::Spelling,
            ),
        ] {
            let found = alike(one, other);
            if one.contains("Esther") {
                // Four letters are too few for a slip.
                assert_eq!(found, None, "{one} / {other}");
            } else {
                assert_eq!(found, Some(kind), "{one} / {other}");
            }
        }
        assert_eq!(
            alike("Assassins Creed Valhalla", "Assasins Creed Valhalla"),
            Some(ProofKind::Spelling)
        );
    }

    #[test]
    fn these_are_not() {
        for (one, other) in [
            ("Portal", "Portal 2"),
            ("Gothic", "Gothic 3"),
            ("Hades", "Hades Soundtrack"),
            ("Dark Souls", "Dark Souls: Remastered"),
            ("Foo Bar", "Foo Bar Demo"),
            ("Resident Evil 2", "Resident Evil 2 Remake"),
            ("Mass Effect", "Mass Effect Legendary Edition"),
            ("Pokemon Legend X", "Pokemon Legend Y"),
            ("Prey (2006)", "Prey (2017)"),
            ("Half-Life", "Stray"),
        ] {
            assert_eq!(alike(one, other), None, "{one} / {other}");
        }
    }

    #[test]
    fn what_one_store_sells_side_by_side_is_no_question() {
        let (one, other) = (
            row("steam:1", "Orwell"),
            row("steam:2", "Orwell: Ignorance is Strength"),
        );
        assert_eq!(between(&[&one], &[&other]), None);
    }

    #[test]
    fn what_is_said_is_in_the_words_of_people() {
        let (one, other) = (row("shelf:", "GRIP®"), row("ps5:2", "GRIP: Combat Racing"));
        let found = between(&[&one], &[&other]).unwrap();
        let said: Vec<&str> = found.proof.iter().map(|proof| &*proof.text).collect();
        assert_eq!(
            said,
            [
                "“GRIP: Combat Racing” is “GRIP” with a subtitle",
                "They are held in different places: one in Shelf, the other in PlayStation 5"
            ]
        );
    }

    #[test]
    fn studios_and_years_speak_for_and_against() {
        let (one, other) = (row("steam:1", "GRIP"), row("gog:2", "GRIP: Combat Racing"));
        let sketch = |row, year, studio: &str| {
            Sketch::of(Uuid::nil(), &[row], Some(year), &[studio.to_owned()])
        };
        let plain = between(&[&one], &[&other]).unwrap().confidence;
        let of = |year, studio| {
            likeness(
                &sketch(&one, 2018, "Caged Element"),
                &sketch(&other, year, studio),
            )
            .unwrap()
            .confidence
        };
        assert!(of(2018, "caged element") > plain);
        assert!(of(2003, "Somebody Else") < plain);
    }
}
