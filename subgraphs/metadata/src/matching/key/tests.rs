use super::*;

fn group(title: &str) -> String {
    TitleKey::of(title).group()
}

#[test]
fn these_titles_name_the_same_work() {
    for (one, other) in [
        ("Half-Life® 2", "Half-Life 2"),
        ("Batman™: Arkham Knight", "Batman: Arkham Knight"),
        ("Ori & the Blind Forest", "Ori and the Blind Forest"),
        (
            "Mario + Rabbids Kingdom Battle",
            "Mario & Rabbids Kingdom Battle",
        ),
        ("Quake IV", "Quake 4"),
        ("Sid Meier’s Civilization® VI", "Civilization 6"),
        ("Grand Theft Auto V", "Grand Theft Auto 5"),
        (
            "The Elder Scrolls V: Skyrim",
            "Elder Scrolls V: Skyrim, The",
        ),
        ("Final Fantasy XIV Online", "FINAL FANTASY 14 ONLINE"),
        ("Tomb Raider I", "Tomb Raider 1"),
        ("10,000,000", "10000000"),
        (
            "Warhammer 40,000: Dawn of War",
            "Warhammer 40K - Dawn of War",
        ),
        (
            "Legend of Zelda, The: A Link to the Past",
            "The Legend of Zelda: A Link to the Past",
        ),
        ("7th Guest, The", "The 7th Guest"),
        ("Bug's Life, A", "A Bug’s Life"),
        ("Siedler II, Die", "Die Siedler II"),
        ("The Witcher 3: Wild Hunt", "Witcher 3 Wild Hunt"),
        ("Invisible, Inc.", "Invisible Inc."),
        ("F.E.A.R.", "FEAR"),
        ("F.E.A.R. 2: Project Origin", "FEAR 2 Project Origin"),
        (
            "S.T.A.L.K.E.R.: Shadow of Chernobyl",
            "STALKER: Shadow of Chernobyl",
        ),
        ("O.R.B.", "ORB"),
        ("A.I.M.2 Clan Wars", "AIM 2: Clan Wars"),
        ("Trüberbrook", "Truberbrook"),
        ("Straße", "Strasse"),
        ("Brøderbund", "Broderbund"),
        ("Pokémon Puzzle", "Pokemon Puzzle"),
        ("ＦＩＮＡＬ　ＦＡＮＴＡＳＹ　７", "Final Fantasy VII"),
        ("Meтро Exodus", "Metpo Exodus"),
        ("The\u{200B} Witness\u{A0}Game", "The Witness Game"),
        ("\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}", "한글"),
        ("[PROTOTYPE]", "Prototype"),
        ("Forza Horizon 4 Standard Edition", "Forza Horizon 4"),
        ("Minecraft for Windows 10", "Minecraft"),
        ("Control (PC)", "Control"),
        ("Control [Xbox One]", "Control"),
        ("Stray PS4 & PS5", "Stray"),
        ("Overcooked - Amazon Prime Edition", "Overcooked"),
        ("Sea of Thieves (Game Preview)", "Sea of Thieves"),
        ("Tom Clancy's The Division", "The Division"),
        ("Fallout 3: Game of the Year Edition", "Fallout 3 GOTY"),
        (
            "The Witcher 3: Wild Hunt - Complete Edition",
            "The Witcher 3: Wild Hunt",
        ),
        (
            "Deus Ex: Human Revolution - Director's Cut",
            "Deus Ex: Human Revolution",
        ),
        ("Dark Souls: Remastered", "Dark Souls Remaster"),
        ("Metro 2033 Redux", "Metro 2033: Redux"),
        ("Hades - Original Soundtrack", "Hades OST"),
        ("Prey (2017)", "Prey"),
        ("DOOM (Classic, 1993)", "DOOM Classic"),
    ] {
        assert_eq!(group(one), group(other), "{one} / {other}");
    }
}

#[test]
fn these_titles_name_different_works() {
    for (one, other) in [
        ("Portal", "Portal 2"),
        ("Gothic", "Gothic 3"),
        ("Yakuza 3 Remastered", "Yakuza 5 Remastered"),
        ("Mega Man X", "Mega Man 10"),
        ("Final Fantasy X", "Final Fantasy X-2"),
        ("Final Fantasy X-2", "Final Fantasy XII"),
        ("Orwell", "Orwell: Ignorance is Strength"),
        ("Sheltered", "The Sheltered"),
        ("Agony", "The Agony"),
        ("Ley Lines", "Leylines"),
        ("GRIP", "GRIP: Combat Racing"),
        ("Dark Souls", "Dark Souls: Remastered"),
        ("Resident Evil 2", "Resident Evil 2 Remake"),
        ("Age of Empires II HD", "Age of Empires II"),
        ("Superhot", "Superhot VR"),
        ("Metro 2033", "Metro 2033 Redux"),
        ("Hades", "Hades Original Soundtrack"),
        ("Hades Soundtrack", "Hades Artbook"),
        ("Foo Soundtrack Vol. 1", "Foo Soundtrack Vol. 2"),
        ("Foo", "Foo Demo"),
        ("Foo Demo", "Foo Beta"),
        ("Foo", "Foo: Prologue"),
        ("Foo", "Foo Playtest"),
        ("Foo", "Foo Dedicated Server"),
        ("Foo", "Foo SDK"),
        ("Foo", "Foo - Season Pass"),
        ("Foo - Season Pass", "Foo - Season Pass 2"),
        ("Foo", "Foo DLC"),
        ("Tomb Raider", "Tomb Raider: Anniversary"),
        ("Spider-Man", "Marvel's Spider-Man"),
        ("仁王", "仁王2"),
        ("がんばれ", "かんばれ"),
        ("Рай", "Раи"),
        ("1 ⛷ 1", "1 1"),
        ("***", "****"),
        ("Who Am I Today", "Who Am 1 Today"),
        ("Pokémon Gold", "Pokémon"),
        ("Tetris+", "Tetris"),
    ] {
        assert_ne!(group(one), group(other), "{one} / {other}");
    }
}

#[test]
fn a_title_is_taken_apart() {
    let key = TitleKey::of("The Elder Scrolls V: Skyrim – 10th Anniversary Edition (2021)");
    assert_eq!(
        (key.base.as_str(), key.edition.as_str(), key.year),
        ("elder scrolls 5 skyrim", "anniversary", Some(2021))
    );
    let key = TitleKey::of("Quake Remastered: Digital Deluxe Edition");
    assert_eq!(
        (key.base.as_str(), key.edition.as_str(), key.work.as_str()),
        ("quake", "deluxe", "remaster")
    );
    let key = TitleKey::of("Foo Soundtrack DLC");
    assert_eq!(
        (key.kind, key.marker.as_str()),
        (GameKind::Extra, "soundtrack")
    );
    for (title, edition) in [
        ("Gears 5 Ultimate Edition", "ultimate"),
        ("Mass Effect Legendary Edition", "legendary"),
        ("Fallout: Gold Edition", "gold"),
        ("The Sims Complete Edition", "complete"),
        ("Saints Row IV Definitive Edition", "definitive"),
        ("Baldur's Gate: Enhanced Edition", "enhanced"),
        ("Disco Elysium - The Final Cut", "final cut"),
    ] {
        assert_eq!(TitleKey::of(title).edition, edition, "{title}");
    }
}

#[test]
fn a_kind_needs_a_game_before_it() {
    for title in ["Demo", "Soundtrack", "Beta", "The Editor", "DLC"] {
        assert_eq!(TitleKey::of(title).kind, GameKind::Game, "{title}");
    }
}

#[test]
fn a_title_of_signs_alone_keeps_them() {
    for title in ["***", ".EXE", "0000", "(2016)", "!?", "Ⅷ", "1 ⛷ 1"] {
        assert!(!TitleKey::of(title).base.is_empty(), "{title}");
    }
    assert_eq!(TitleKey::of("\u{200B} ").base, "");
}

#[test]
fn a_hostile_title_is_cut_but_still_tells_itself_apart() {
    for filler in ["a", "(", ", the", "ﷺ", "x.", "i ", "\u{301}"] {
        let long = filler.repeat(1_000_000 / filler.len());
        let key = TitleKey::of(&long);
        assert!(key.base.len() < 4096);
        assert_ne!(key.group(), group(&format!("{long}b")));
    }
}
