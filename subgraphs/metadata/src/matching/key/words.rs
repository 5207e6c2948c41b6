//! The words stores hang on titles, and what each means.

use djinn_kernel::event::GameKind;

/// What a word at the end of a title says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// The same work in another box: `Game of the Year Edition`.
    Edition(&'static str),
    /// A different release of a related work: `Remastered`.
    Work(&'static str),
    /// Not a game but something around it: `Soundtrack`.
    Kind(GameKind, &'static str),
    /// Nothing: `for Windows 10`.
    Noise,
}

use Meaning::{Edition, Kind, Noise, Work};

const fn extra(marker: &'static str) -> Meaning {
    Kind(GameKind::Extra, marker)
}
const fn demo(marker: &'static str) -> Meaning {
    Kind(GameKind::Demo, marker)
}
const fn tool(marker: &'static str) -> Meaning {
    Kind(GameKind::Tool, marker)
}
const fn dlc(marker: &'static str) -> Meaning {
    Kind(GameKind::Dlc, marker)
}

/// Phrases at the end of a title, folded. The longest that fits wins.
pub const ENDINGS: &[(&str, Meaning)] = &[
    // Said with or without "edition".
    ("goty", Edition("goty")),
    ("game of the year", Edition("goty")),
    ("directors cut", Edition("directors cut")),
    ("final cut", Edition("final cut")),
    ("deluxe", Edition("deluxe")),
    ("digital deluxe", Edition("deluxe")),
    ("remastered", Work("remaster")),
    ("remaster", Work("remaster")),
    ("hd remaster", Work("remaster")),
    ("hd remastered", Work("remaster")),
    ("remake", Work("remake")),
    ("hd", Work("hd")),
    ("vr", Work("vr")),
    ("redux", Work("redux")),
    ("classic", Work("classic")),
    // What stores add.
    ("standard edition", Noise),
    ("digital edition", Noise),
    ("digital standard edition", Noise),
    ("windows edition", Noise),
    ("windows 10 edition", Noise),
    ("windows 10", Noise),
    ("for windows", Noise),
    ("for windows 10", Noise),
    ("for windows 11", Noise),
    ("pc", Noise),
    ("pc edition", Noise),
    ("for pc", Noise),
    ("steam edition", Noise),
    ("amazon prime edition", Noise),
    ("prime gaming edition", Noise),
    ("game preview", Noise),
    ("starter access", Noise),
    ("early access", Noise),
    ("xbox edition", Noise),
    ("xbox one", Noise),
    ("xbox one edition", Noise),
    ("for xbox one", Noise),
    ("xbox series x s", Noise),
    ("for xbox series x s", Noise),
    ("xbox one and xbox series x s", Noise),
    ("ps4", Noise),
    ("ps5", Noise),
    ("ps4 and ps5", Noise),
    ("ps4 edition", Noise),
    ("playstation 4", Noise),
    ("playstation 5", Noise),
    ("nintendo switch edition", Noise),
    ("for nintendo switch", Noise),
    // Not the game itself.
    ("soundtrack", extra("soundtrack")),
    ("the soundtrack", extra("soundtrack")),
    ("ost", extra("soundtrack")),
    ("original soundtrack", extra("soundtrack")),
    ("official soundtrack", extra("soundtrack")),
    ("digital soundtrack", extra("soundtrack")),
    ("game soundtrack", extra("soundtrack")),
    ("original game soundtrack", extra("soundtrack")),
    ("official game soundtrack", extra("soundtrack")),
    ("soundtrack edition", extra("soundtrack")),
    ("artbook", extra("artbook")),
    ("art book", extra("artbook")),
    ("the art book", extra("artbook")),
    ("digital artbook", extra("artbook")),
    ("digital art book", extra("artbook")),
    ("official artbook", extra("artbook")),
    ("soundtrack and artbook", extra("artbook+soundtrack")),
    ("soundtrack and art book", extra("artbook+soundtrack")),
    ("artbook and soundtrack", extra("artbook+soundtrack")),
    ("art book and soundtrack", extra("artbook+soundtrack")),
    ("demo", demo("demo")),
    ("free demo", demo("demo")),
    ("playable demo", demo("demo")),
    ("demo version", demo("demo")),
    ("trial", demo("demo")),
    ("free trial", demo("demo")),
    ("trial version", demo("demo")),
    ("beta", demo("beta")),
    ("open beta", demo("beta")),
    ("closed beta", demo("beta")),
    ("public beta", demo("beta")),
    ("beta test", demo("beta")),
    ("open alpha", demo("alpha")),
    ("closed alpha", demo("alpha")),
    ("playtest", demo("playtest")),
    ("open playtest", demo("playtest")),
    ("closed playtest", demo("playtest")),
    ("technical test", demo("playtest")),
    ("test server", demo("test server")),
    ("public test", demo("test server")),
    ("public test server", demo("test server")),
    ("prologue", demo("prologue")),
    ("free prologue", demo("prologue")),
    ("dedicated server", tool("server")),
    ("dedicated server tool", tool("server")),
    ("sdk", tool("sdk")),
    ("mod tools", tool("sdk")),
    ("modding tools", tool("sdk")),
    ("mod kit", tool("sdk")),
    ("modkit", tool("sdk")),
    ("creation kit", tool("sdk")),
    ("workshop tools", tool("sdk")),
    ("authoring tools", tool("sdk")),
    ("editor", tool("editor")),
    ("level editor", tool("editor")),
    ("map editor", tool("editor")),
    ("benchmark", tool("benchmark")),
    ("benchmark tool", tool("benchmark")),
    ("season pass", dlc("season pass")),
    ("expansion pass", dlc("expansion pass")),
    ("character pass", dlc("character pass")),
    ("battle pass", dlc("battle pass")),
    ("dlc", dlc("dlc")),
    ("dlc pack", dlc("dlc")),
    ("expansion", dlc("expansion")),
    ("expansion pack", dlc("expansion")),
    ("skin pack", dlc("skin pack")),
    ("costume pack", dlc("costume pack")),
    ("bonus content", dlc("bonus")),
    ("preorder bonus", dlc("bonus")),
    ("pre order bonus", dlc("bonus")),
];

/// Words that make an edition only together with "edition": `Gold` alone is a title.
pub const EDITIONS: &[(&str, &str)] = &[
    ("gold", "gold"),
    ("complete", "complete"),
    ("definitive", "definitive"),
    ("enhanced", "enhanced"),
    ("ultimate", "ultimate"),
    ("legendary", "legendary"),
    ("special", "special"),
    ("extended", "extended"),
    ("expanded", "expanded"),
    ("premium", "premium"),
    ("digital premium", "premium"),
    ("super deluxe", "deluxe"),
    ("collectors", "collectors"),
    ("digital collectors", "collectors"),
    ("limited", "limited"),
    ("anniversary", "anniversary"),
    ("platinum", "platinum"),
    ("royal", "royal"),
    ("prime", "prime"),
    ("launch", "launch"),
    ("day one", "day one"),
    ("founders", "founders"),
];

/// Editions that are, or may be, another product under the same name: of some games the definitive
/// edition is a new coat, of others a remake. They never join the base game by title alone.
pub const STANDALONE_EDITIONS: &[&str] = &["legendary", "definitive", "anniversary"];

/// Those of them that never are the base game: three remastered games in one box.
pub const OTHER_PRODUCTS: &[&str] = &["legendary"];

/// Phrases that give the kind away wherever they stand after the first word; the words around
/// them then stay in the key (`Soundtrack Vol. 2`).
pub const GIVEAWAYS: &[(&str, GameKind, &str)] = &[
    ("soundtrack", GameKind::Extra, "soundtrack"),
    ("ost", GameKind::Extra, "soundtrack"),
    ("artbook", GameKind::Extra, "artbook"),
    ("art book", GameKind::Extra, "artbook"),
    ("playtest", GameKind::Demo, "playtest"),
    ("dedicated server", GameKind::Tool, "server"),
    ("season pass", GameKind::Dlc, "season pass"),
    ("dlc", GameKind::Dlc, "dlc"),
];

/// Names in front of a title that other stores leave out. Only those that never tell two works
/// apart: `Marvel's Spider-Man` is not `Spider-Man`.
pub const PREFIXES: &[&str] = &["tom clancys", "sid meiers"];

/// Words that name a system when they stand alone in brackets.
pub const SYSTEMS: &[&str] = &[
    "tm",
    "r",
    "c",
    "pc",
    "mac",
    "linux",
    "windows",
    "steam",
    "gog",
    "epic",
    "xbox",
    "ps1",
    "ps2",
    "ps3",
    "ps4",
    "ps5",
    "playstation",
    "vita",
    "psvita",
    "switch",
    "nintendo",
    "ntsc",
    "pal",
    "preview",
    "access",
];

/// Words that may stand beside those.
pub const BESIDE_SYSTEMS: &[&str] = &[
    "and", "one", "series", "x", "s", "360", "1", "2", "3", "4", "5", "10", "11", "edition",
    "version", "for", "game", "early", "digital", "games", "store",
];
