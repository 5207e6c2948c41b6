//! Walking over a text of JSON in place: its lists item by item, and what an item holds key by key.

use super::{MAX_KEYS, reason};
use crate::import::{Flow, Malformed, place};
use serde::de::{
    DeserializeSeed, Deserializer as _, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;
use std::{borrow::Cow, fmt};

/// How deep a file may nest.
const MAX_DEPTH: usize = 64;

/// Something in a list of the file.
pub struct Item<'t> {
    /// The key of the list; empty when the file is the list.
    pub list: &'t str,
    /// Its number in the list.
    pub index: usize,
    /// Its text.
    pub raw: &'t str,
}

/// Tells every item of the lists of a file that are called one of `lists`, or of the file itself
/// if it is a list. What else stands beside them is told to `aside` with its key.
pub fn items<'t>(
    text: &'t str,
    lists: &[&str],
    aside: &mut dyn FnMut(&str, &'t RawValue) -> Result<(), Malformed>,
    tell: &mut dyn FnMut(Item<'t>) -> Result<Flow, Malformed>,
) -> Result<(), Malformed> {
    depth(text)?;
    let mut walk = Walk {
        lists,
        aside,
        tell,
        complaint: None,
        stopped: false,
    };
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = reader
        .deserialize_any(&mut walk)
        .and_then(|()| reader.end());
    if let Some(complaint) = walk.complaint {
        return Err(complaint);
    }
    match read {
        Err(error) if !walk.stopped => Err(Malformed {
            line: error.line().max(1),
            column: error.column().max(1),
            name: None,
            what: format!("not JSON: {}", reason(&error)).into(),
        }),
        _ => Ok(()),
    }
}

struct Walk<'w, 't> {
    lists: &'w [&'w str],
    aside: &'w mut dyn FnMut(&str, &'t RawValue) -> Result<(), Malformed>,
    tell: &'w mut dyn FnMut(Item<'t>) -> Result<Flow, Malformed>,
    complaint: Option<Malformed>,
    stopped: bool,
}

impl<'t> Walk<'_, 't> {
    fn list<A: SeqAccess<'t>>(&mut self, list: &'t str, mut items: A) -> Result<(), A::Error> {
        let mut index = 0;
        while let Some(raw) = items.next_element::<&RawValue>()? {
            let item = Item {
                list,
                index,
                raw: raw.get(),
            };
            match (self.tell)(item) {
                Ok(Flow::Continue(())) => {}
                Ok(Flow::Break(())) => return self.stop(),
                Err(complaint) => return self.complain(complaint),
            }
            index += 1;
        }
        Ok(())
    }

    fn stop<E: serde::de::Error>(&mut self) -> Result<(), E> {
        self.stopped = true;
        Err(E::custom("enough"))
    }

    fn complain<E: serde::de::Error>(&mut self, complaint: Malformed) -> Result<(), E> {
        self.complaint = Some(complaint);
        Err(E::custom("refused"))
    }
}

impl<'t> Visitor<'t> for &mut Walk<'_, 't> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{\"games\": [ … ]}")
    }

    fn visit_seq<A: SeqAccess<'t>>(self, items: A) -> Result<(), A::Error> {
        self.list("", items)
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Key<'t>>()? {
            let Key(Cow::Borrowed(key)) = key else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if self.lists.contains(&key) {
                map.next_value_seed(List { walk: self, key })?;
            } else {
                let raw = map.next_value::<&RawValue>()?;
                if let Err(complaint) = (self.aside)(key, raw) {
                    return self.complain(complaint);
                }
            }
        }
        Ok(())
    }
}

/// A list of the file, under its key. What is no list is passed over.
struct List<'w, 'v, 't> {
    walk: &'v mut Walk<'w, 't>,
    key: &'t str,
}

impl<'t> DeserializeSeed<'t> for List<'_, '_, 't> {
    type Value = ();
    fn deserialize<D: serde::Deserializer<'t>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'t> Visitor<'t> for List<'_, '_, 't> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list called {}", self.key)
    }

    fn visit_seq<A: SeqAccess<'t>>(self, items: A) -> Result<(), A::Error> {
        self.walk.list(self.key, items)
    }
}

/// A key, borrowed from the text unless it has escapes.
pub(super) struct Key<'t>(pub(super) Cow<'t, str>);

impl<'t> serde::Deserialize<'t> for Key<'t> {
    fn deserialize<D: serde::Deserializer<'t>>(from: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'t> Visitor<'t> for Text {
            type Value = Key<'t>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_borrowed_str<E>(self, text: &'t str) -> Result<Key<'t>, E> {
                Ok(Key(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Key<'t>, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }
        from.deserialize_str(Text)
    }
}

/// The keys of an object and what stands behind them, in their order.
pub(super) struct Fields<'t>(pub(super) Vec<(Cow<'t, str>, &'t RawValue)>);

impl<'t> serde::Deserialize<'t> for Fields<'t> {
    fn deserialize<D: serde::Deserializer<'t>>(from: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'t> Visitor<'t> for Object {
            type Value = Fields<'t>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Fields<'t>, A::Error> {
                let mut fields = Vec::new();
                while let Some(Key(key)) = map.next_key()? {
                    if fields.len() == MAX_KEYS {
                        return Err(A::Error::custom(format!("more than {MAX_KEYS} keys")));
                    }
                    fields.push((key, map.next_value()?));
                }
                Ok(Fields(fields))
            }
        }
        from.deserialize_map(Object)
    }
}

/// Refuses what nests too deep, before anything recurses into it or remembers each level.
fn depth(text: &str) -> Result<(), Malformed> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' | b'[' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    let what = format!("nested too deeply: more than {MAX_DEPTH} levels");
                    return Err(place::wrong(text, at, None, what));
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}
