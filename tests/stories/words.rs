//! What the hub says in English has a key, and other languages have it under that.

use crate::{
    hub::{Hub, Person, Placement},
    sync::{finished, hub_with, link},
    the_graph::{game, import},
};
use djinn_kernel::{Code, Reason};
use djinn_testkit::steam::{ACCOUNT, KEY, Mood, PRIVATE, Steam};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const SAID: &str = "{
    platforms { id help setupNeeded connectFields { name label help } }
    collectionFields { name label unit operators { name label } }
    collections { nodes { ruleText rulePhrases { text key } } }
    en: texts(language: \"en\") { values }
    de: texts(language: \"de\") { values }
}";

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Every text of the graph that has a key, with the key.
fn keyed(said: &Value) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for platform in list(said, "platforms") {
        let id = text(&platform["id"]);
        all.push((format!("platform.{id}.help"), text(&platform["help"])));
        if let Some(setup) = platform["setupNeeded"].as_str() {
            all.push((format!("platform.{id}.setup"), setup.to_owned()));
        }
        for field in list(platform, "connectFields") {
            for part in ["label", "help"] {
                let key = format!("platform.{id}.{}.{part}", text(&field["name"]));
                all.push((key, text(&field[part])));
            }
        }
    }
    for field in list(said, "collectionFields") {
        all.push((
            format!("field.{}", text(&field["name"])),
            text(&field["label"]),
        ));
        if let Some(unit) = field["unit"].as_str() {
            all.push((format!("measure.{unit}"), unit.to_owned()));
        }
        for operator in list(field, "operators") {
            let key = format!("operator.{}", text(&operator["name"]));
            all.push((key, text(&operator["label"])));
        }
    }
    for collection in list(&said["collections"], "nodes") {
        let phrases = list(collection, "rulePhrases");
        let whole: String = phrases.iter().map(|phrase| text(&phrase["text"])).collect();
        assert_eq!(collection["ruleText"], whole);
        let known = phrases.iter().filter(|phrase| !phrase["key"].is_null());
        all.extend(known.map(|phrase| (text(&phrase["key"]), text(&phrase["text"]))));
    }
    all
}

/// A reason put together of its key's text, as an app does. What has a time in it is left out: an
/// app says that in its own way.
fn put_together(reason: &Value, english: &Value) -> Option<String> {
    if !reason["minutes"].is_null() {
        return None;
    }
    let names: Vec<String> = list(reason, "names").iter().map(text).collect();
    let names = match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
        None => String::new(),
    };
    let key = format!("reason.{}", text(&reason["code"]));
    let sentence = text(&english[&key]);
    assert!(!sentence.is_empty(), "{key} has no text");
    Some(
        sentence
            .replace("{title}", &text(&reason["title"]))
            .replace("{names}", &names)
            .replace("{score}", &reason["score"].to_string()),
    )
}

async fn what_the_hub_says_has_a_key_that_other_languages_have_as_well(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    import(&owner).await;
    let rule = json!({ "any": [
        { "field": "STATUS", "operator": "ONE_OF", "value": { "options": ["playing", "completed"] } },
        { "none": [
            { "field": "PLAYTIME", "operator": "BETWEEN", "value": { "numbers": { "from": 10 } } },
            { "field": "ADDED", "operator": "IN_THE_LAST", "value": { "days": 1 } },
        ] },
    ] });
    let made = owner
        .ask(
            "mutation($input: CreateCollectionInput!) { createCollection(input: $input) { problems { message } } }",
            json!({ "input": { "name": "Words", "rule": rule } }),
        )
        .await;
    assert_eq!(made["createCollection"]["problems"], json!([]));
    let said = owner.ask(SAID, json!({})).await;
    let (english, german) = (&said["en"]["values"], &said["de"]["values"]);
    let keyed = keyed(&said);
    assert!(keyed.len() > 80, "{keyed:#?}");
    let mut wrong = Vec::new();
    for (key, hubs) in keyed {
        // English has its quotation marks there, and the hub's own words do without.
        let theirs = text(&english[&key]).replace('\u{2019}', "'");
        // A platform's own name, and what a person calls a status, needs no other.
        let name = key.starts_with("platform.") && key.rsplit('.').next() == Some("name");
        if !name && (theirs != hubs || !german[&key].is_string()) {
            wrong.push((key, hubs, theirs));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");

    let picked = owner
        .until(
            30,
            "{ recommendGames(limit: 10, criteria: \"puzzle\") { reasons { code text title names minutes score } } }",
            |data| !list(data, "recommendGames").is_empty(),
        )
        .await;
    for reason in list(&picked, "recommendGames")
        .iter()
        .flat_map(|pick| list(pick, "reasons"))
    {
        if let Some(sentence) = put_together(reason, english) {
            assert_eq!(
                sentence.replace('\u{2019}', "'"),
                reason["text"],
                "{reason}"
            );
        }
    }
}

/// A sentence of the hub's that has a key, and what stands in it.
struct Sentence {
    key: String,
    values: Vec<String>,
    hubs: String,
}

impl Sentence {
    fn of(prefix: &str, code: &Value, values: &[Value], hubs: &Value) -> Self {
        assert!(code.is_string(), "{hubs} has no key");
        Self {
            key: format!("{prefix}.{}", text(code)),
            values: values.iter().map(text).collect(),
            hubs: text(hubs),
        }
    }

    /// Its key's text, filled in as an app does.
    fn filled(&self, texts: &Value) -> String {
        let places = ["{first}", "{second}", "{third}"];
        // An app says an instant in its reader's own way, and the hub as it is among the values.
        let until = self.values.first().map_or("", String::as_str);
        places
            .iter()
            .zip(&self.values)
            .fold(text(&texts[&self.key]), |sentence, (place, value)| {
                sentence.replace(place, value)
            })
            .replace("{until}", until)
    }
}

/// Quotation marks aside, and a whole sentence: the hub's are parts of one.
fn plain(words: &str) -> String {
    let words = words
        .replace(['\u{201c}', '\u{201d}', '`'], "\"")
        .replace('\u{2019}', "'");
    let mut letters = words.trim_end_matches('.').chars();
    let first: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    format!("{first}{}", letters.as_str())
}

/// Why a change is refused, which is named by its call.
async fn refusal(person: &Person<'_>, call: &str) -> Value {
    let query =
        format!("mutation {{ asked: {call} {{ problems {{ code message reason values }} }} }}");
    let answer = person.ask(&query, json!({})).await;
    let first = list(&answer["asked"], "problems").first();
    first.cloned().unwrap_or_default()
}

/// Why the last sync of the first library waits, as soon as it does for this.
async fn waits_for(person: &Person<'_>, code: Code) -> Value {
    let query = "{ libraries(first: 1) { nodes { lastSync { state error { code message reason values } } } } }";
    let last = "/libraries/nodes/0/lastSync";
    let mut seen = person
        .until(30, query, |data| {
            data.pointer(last).is_some_and(|run| {
                run["state"] == "WAITING" && run["error"]["code"] == code.as_str()
            })
        })
        .await;
    seen.pointer_mut(last).unwrap()["error"].take()
}

/// Why a platform's answer is of no use, why it is not asked again, and that there is nothing to.
async fn of_a_platform(placement: Placement) -> Vec<Value> {
    let steam = Steam::with_titles(3);
    let hub = hub_with(placement, &steam).await;
    let owner = hub.owner().await;
    steam.owned_moods([Mood::Truncated; 20]);
    let library = link(&owner, ACCOUNT).await["library"]["id"].take();
    let torn = waits_for(&owner, Code::ProviderMalformed).await;
    // It is asked again by itself.
    steam.calm();
    finished(&owner).await;
    let retry = format!("retrySync(libraryId: {library})");
    let nothing = refusal(&owner, &retry).await;

    steam.owned_moods([Mood::TooMany(Some(3_600)); 20]);
    let sync = format!("syncLibrary(libraryId: {library})");
    assert_eq!(refusal(&owner, &sync).await, Value::Null);
    waits_for(&owner, Code::ProviderRateLimited).await;
    let linking = format!(
        "linkLibrary(input: {{ platform: \"steam\", fields: [{{ name: \"apiKey\", value: \"{KEY}\" }}, {{ name: \"account\", value: \"{PRIVATE}\" }}] }})"
    );
    vec![
        torn,
        nothing,
        refusal(&owner, &retry).await,
        refusal(&owner, &linking).await,
    ]
}

/// The refusal for this reason, which comes when it was called often enough; `call` is told how
/// often it was.
async fn in_the_end(person: &Person<'_>, reason: Reason, call: impl Fn(u8) -> String) -> Value {
    for guess in 0..20 {
        let one = refusal(person, &call(guess)).await;
        if one["reason"] == reason.as_str() {
            return one;
        }
    }
    panic!("nobody was refused for {reason:?}");
}

/// What a text leaves open.
fn places(text: &str) -> BTreeSet<&str> {
    let parts = text.split('{').skip(1);
    parts.filter_map(|part| part.split('}').next()).collect()
}

/// Every reason has a text in every language, and no text is of a reason that there is not.
fn each_reason_has_a_text(texts: &Value) {
    for reason in Reason::ALL {
        let sentence = text(&texts[&reason.key()]);
        assert!(!sentence.is_empty(), "{} has no text", reason.key());
        let open: BTreeSet<&str> = reason.open().iter().copied().collect();
        assert_eq!(places(&sentence), open, "{sentence}");
    }
    let known: BTreeSet<String> = Reason::ALL.iter().copied().map(Reason::key).collect();
    for key in texts.as_object().unwrap().keys() {
        let mut parts = key.splitn(3, '.');
        let of_a_code = parts.next() == Some("problem")
            && parts.next().and_then(Code::parse).is_some()
            && parts.next().is_some();
        assert!(!of_a_code || known.contains(key), "nobody says {key}");
    }
}

/// Why games of a file cannot be read, or are passed over.
async fn unreadable(person: &Person<'_>, content: &str) -> Vec<Sentence> {
    let query = "query($content: String!) {
        previewImport(input: { content: $content }, only: [REJECT, SKIP], first: 100) { nodes { reason reasonCode reasonValues } } }";
    let seen = person.ask(query, json!({ "content": content })).await;
    let rows = list(&seen["previewImport"], "nodes").iter();
    rows.map(|row| {
        let values = list(row, "reasonValues");
        Sentence::of("importReason", &row["reasonCode"], values, &row["reason"])
    })
    .collect()
}

/// A table with one bad value in each row.
fn table() -> String {
    let long = "x".repeat(4_001);
    let words: Vec<String> = (0..51).map(|word| format!("w{word}")).collect();
    let words = words.join(";");
    let bad = [
        ("playtime_minutes", "-1"),
        ("playtime_hours", "lots"),
        ("playtime_seconds", "soon"),
        ("last_played", "soon"),
        ("added", "03/04/2024"),
        ("year", "12"),
        ("released_on", "soon"),
        ("genres", &*words),
        ("rating", "loud"),
        ("status", "***"),
        ("holding", "stolen"),
        ("favourite", "maybe"),
        ("my_notes", &*long),
        ("my_rating", "101"),
        ("store_id", &*long),
    ];
    let row = |title: &str, wrong: Option<usize>| {
        let values = bad.iter().enumerate().map(|(at, (_, value))| {
            let value = if wrong == Some(at) { *value } else { "" };
            format!(",{value}")
        });
        format!("{title}{}\n", values.collect::<Vec<_>>().concat())
    };
    let columns: Vec<&str> = bad.iter().map(|(name, _)| *name).collect();
    let columns = columns.join(",");
    let rows: String = (0..bad.len())
        .map(|at| row(&format!("Game {at}"), Some(at)))
        .collect();
    let titles = format!("{}{}", row("", Some(0)), row(&long, None));
    let twice = row("Twice", None).repeat(2);
    format!("title,{columns}\n{rows}{titles}{twice}")
}

async fn why_something_is_refused_has_a_key_where_its_code_does_not_say_it(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let nobody = hub.anonymous();
    let mut refused = Vec::new();
    let token = hub.setup_token.as_ref().unwrap();
    for password in ["short", "password123", "anna annabel"] {
        let call = format!(
            "completeSetup(input: {{ token: \"{token}\", name: \"Anna Annabel\", password: \"{password}\" }})"
        );
        refused.push(refusal(&nobody, &call).await);
    }
    let owner = hub.owner().await;
    let login = |name: &str| {
        format!("login(input: {{ name: \"{name}\", password: \"guessed, and wrongly\" }})")
    };
    let by_name = in_the_end(&nobody, Reason::LoginName, |_| login("Nobody")).await;
    let by_address = in_the_end(&nobody, Reason::LoginAddress, |guess| {
        login(&format!("Nobody {guess}"))
    })
    .await;
    let at_home = in_the_end(&owner, Reason::PasswordGuessed, |_| {
        "changePassword(input: { current: \"guessed\", password: \"four unusual words, all new\" })"
            .to_owned()
    })
    .await;
    refused.extend([by_name, by_address, at_home]);
    refused.extend(of_a_platform(placement).await);
    import(&owner).await;
    let made = owner
        .ask(
            "mutation { createStatus(input: { name: \"Lent\" }) { status { id } } }",
            json!({}),
        )
        .await;
    let lent = &made["createStatus"]["status"]["id"];
    let doom = game(&owner, "DOOM").await;
    let shelves = owner
        .ask("{ libraries(first: 1) { nodes { id } } }", json!({}))
        .await;
    let shelf = &shelves["libraries"]["nodes"][0]["id"];
    let add = format!("addGame(input: {{ libraryId: {shelf}, title: \"Zorp\" }})");
    let rule = "{ field: STATUS, operator: ONE_OF, value: { options: [\"Wanted\"] } }";
    for done in [
        "linkLibrary(input: { platform: \"manual\", label: \"Attic\" })".to_owned(),
        "createStatus(input: { name: \"Wanted\" })".to_owned(),
        format!("createCollection(input: {{ name: \"Wanted\", rule: {rule} }})"),
        format!("updateGame(input: {{ gameId: {doom}, status: {lent} }})"),
        add.clone(),
    ] {
        assert_eq!(refusal(&owner, &done).await, Value::Null, "{done}");
    }
    for call in [
        "createStatus(input: { name: \"Playing\" })".to_owned(),
        "deleteStatus(id: \"playing\")".to_owned(),
        format!("deleteStatus(id: {lent})"),
        "deleteStatus(id: \"Wanted\")".to_owned(),
        "linkLibrary(input: { platform: \"manual\", label: \"attic\" })".to_owned(),
        add,
    ] {
        refused.push(refusal(&owner, &call).await);
    }
    let mut sentences: Vec<Sentence> = refused
        .iter()
        .map(|one| {
            let prefix = format!("problem.{}", text(&one["code"]));
            let values = list(one, "values");
            Sentence::of(&prefix, &one["reason"], values, &one["message"])
        })
        .collect();

    sentences.extend(unreadable(&owner, &table()).await);
    let far = "title,released_on\nDoom,2999-01-01\n";
    sentences.extend(unreadable(&owner, far).await);
    let playnites = "Name,GameId,LastActivity\nDoom,1,soon\n";
    sentences.extend(unreadable(&owner, playnites).await);
    let long = "x".repeat(300_000);
    let games =
        json!([{ "title": "A", "year": { "of": 1993 } }, { "title": "B", "my_notes": long }]);
    sentences.extend(unreadable(&owner, &games.to_string()).await);

    let said = owner
        .ask(
            "{ en: texts(language: \"en\") { values } de: texts(language: \"de\") { values } }",
            json!({}),
        )
        .await;
    let (english, german) = (&said["en"]["values"], &said["de"]["values"]);
    for sentence in &sentences {
        let (key, hubs) = (&sentence.key, &sentence.hubs);
        assert_eq!(plain(&sentence.filled(english)), plain(hubs), "{key}");
        let german = sentence.filled(german);
        assert!(
            !german.is_empty() && !german.contains('{'),
            "{key}: {german}"
        );
    }
    for texts in [english, german] {
        each_reason_has_a_text(texts);
    }
    // Each of them was met.
    let met = |key: &str| sentences.iter().any(|sentence| sentence.key == key);
    for reason in Reason::ALL {
        assert!(met(&reason.key()), "nobody was told {}", reason.key());
    }
    let all = english.as_object().unwrap().keys();
    for key in all.filter(|key| key.starts_with("importReason.")) {
        assert!(met(key), "no file has {key}");
    }
}

crate::in_both_placements!(
    what_the_hub_says_has_a_key_that_other_languages_have_as_well,
    why_something_is_refused_has_a_key_where_its_code_does_not_say_it,
);
