use super::*;
use proptest::prelude::*;

const PROVIDERS: [Source; 4] = [
    Source::Import,
    Source::SteamStore,
    Source::Igdb,
    Source::Rawg,
];

/// What a source says: about the fields of a mask, each in words of its own.
fn says(source: Source, mask: u16) -> Findings {
    let (n, name) = (source as i32, source.as_str());
    let mut all = Findings {
        title: Some(format!("Title of {name}")),
        kind: Some([GameKind::Game, GameKind::Dlc, GameKind::Demo][n as usize % 3]),
        released_on: NaiveDate::from_yo_opt(2000 + n, 1),
        release_year: Some(2000 + n),
        genres: vec![name.to_owned()],
        tags: vec![name.to_owned()],
        developers: vec![name.to_owned()],
        publishers: vec![name.to_owned()],
        summary: Some(name.to_owned()),
        critic_score: Some(n as i16),
        main_story_minutes: Some(n + 1),
        cover_art: Some(format!("https://{name}/")),
        ratings: vec![Rating {
            board: rating::ESRB.to_owned(),
            source: name.to_owned(),
            rating: ["E", "T", "M"][n as usize % 3].to_owned(),
            descriptors: Vec::new(),
        }],
        ..Findings::default()
    };
    for (at, field) in Field::ALL.into_iter().enumerate() {
        if mask & (1 << at) == 0 {
            all.take(&mut Findings::default(), field);
        }
    }
    all
}

fn after(said: &[(Source, Findings)]) -> Dossier {
    let now = DateTime::UNIX_EPOCH;
    let mut dossier = Dossier::new(Uuid::from_u128(1), now);
    dossier.game.title = "App 70".to_owned();
    // As matching leaves it.
    dossier.facts.insert(Field::Title, (Source::Platform, now));
    dossier.facts.insert(Field::Kind, (Source::Platform, now));
    for (source, findings) in said {
        dossier.learn(*source, findings.clone(), now);
    }
    dossier.settle();
    dossier
}

fn sayings() -> impl Strategy<Value = Vec<(Source, Findings)>> {
    prop::array::uniform4(any::<u16>()).prop_map(|masks| {
        PROVIDERS
            .into_iter()
            .zip(masks)
            .map(|(source, mask)| (source, says(source, mask)))
            .collect()
    })
}

proptest! {
    #[test]
    fn it_does_not_matter_which_provider_answers_first(
        (one, other) in sayings().prop_flat_map(|said| (Just(said.clone()), Just(said).prop_shuffle()))
    ) {
        prop_assert_eq!(after(&one), after(&other));
    }

    #[test]
    fn a_correction_holds_against_everybody_and_leaves_no_trace_when_taken_back(
        said in sayings(), early in any::<bool>(), mask in any::<u16>()
    ) {
        let now = DateTime::UNIX_EPOCH;
        let corrected = says(Source::Person, mask);
        let mut dossier = after(if early { &[] } else { &said });
        dossier.learn(Source::Person, corrected.clone(), now);
        for (source, findings) in &said {
            dossier.learn(*source, findings.clone(), now);
        }
        dossier.settle();
        for field in Field::ALL.into_iter().filter(|field| corrected.says(*field)) {
            prop_assert_eq!(dossier.facts[&field].0, Source::Person);
        }
        for field in Field::ALL {
            dossier.unlearn(Source::Person, field);
        }
        dossier.settle();
        prop_assert_eq!(&dossier, &after(&said));
    }

    #[test]
    fn what_is_forgotten_is_as_if_it_had_never_been_said(said in sayings(), which in 0_usize..4) {
        let mut dossier = after(&said);
        dossier.forget(said[which].0);
        dossier.settle();
        let mut rest = said.clone();
        rest.remove(which);
        prop_assert_eq!(dossier, after(&rest));
    }
}

#[test]
fn a_game_from_before_sources_were_kept_apart_keeps_all_it_shows() {
    let said: Vec<_> = [Source::Import, Source::SteamStore]
        .map(|source| (source, says(source, u16::MAX)))
        .into();
    let whole = after(&said);
    let mut old = whole.clone();
    old.said.clear();
    old.read_back();
    old.settle();
    assert_eq!(
        (&old.game, &old.facts, &old.ratings),
        (&whole.game, &whole.facts, &whole.ratings)
    );
}

#[test]
fn another_product_of_the_same_provider_leaves_nothing_of_the_first() {
    let now = DateTime::UNIX_EPOCH;
    let mut dossier = after(&[]);
    dossier.learn_of(Source::Igdb, "1", says(Source::Igdb, u16::MAX), now);
    let only_title = Findings {
        title: Some("Other".to_owned()),
        ..Findings::default()
    };
    dossier.learn_of(Source::Igdb, "2", only_title, now);
    assert!(dossier.game.genres.0.is_empty() && dossier.ratings.is_empty());
    assert_eq!(dossier.game.title, "Other", "ours was a placeholder");
}
