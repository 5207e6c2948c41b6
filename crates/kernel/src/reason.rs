//! The one table of reasons: which sentence a message is, where its code does not say it all.
//!
//! Who says a sentence and who has its text in other languages are two subgraphs; a story holds
//! them to this table, so that nothing can be said that has no text.

use crate::Code;

macro_rules! reasons {
    ($($name:ident = $code:ident, $text:literal, [$($open:literal),*], $meaning:literal;)*) => {
        /// Which sentence a message is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Reason {
            $(#[doc = $meaning] $name,)*
        }

        impl Reason {
            /// Every reason, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The reason as it stands in an answer.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The code it goes with.
            pub const fn code(self) -> Code {
                match self { $(Self::$name => Code::$code,)* }
            }

            /// What its text leaves open, in the order of its values; `until` is an instant.
            pub const fn open(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($open),*],)* }
            }
        }
    };
}

reasons! {
    ShelfTaken = AlreadyLinked, "shelf", ["first"], "A shelf of one's own is called that already.";
    ShelfExists = Conflict, "shelf.exists", [], "The shelf has that game already.";
    StatusGathers = Conflict, "status.gathers", ["first", "second"], "The rules of so many collections name that status.";
    StatusHubs = Conflict, "status.hubs", ["first"], "A status that comes with the hub.";
    StatusTaken = Conflict, "status.taken", ["first"], "A status is called that already.";
    StatusUsed = Conflict, "status.used", ["first", "second"], "So many games have that status.";
    SyncNothing = Conflict, "sync.nothing", [], "No sync failed or waits.";
    AnswerPart = ProviderMalformed, "answer.part", ["first", "second"], "That platform's answer cannot be read, and which part of it; the part is in English, and never a piece of the answer.";
    PlatformAgain = ProviderRateLimited, "platform.again", ["until", "second"], "Not before then may that platform be asked.";
    SyncWaits = ProviderRateLimited, "sync.waits", ["until"], "The platform asks to wait until then; the sync goes on by itself.";
    LoginAddress = RateLimited, "login.address", ["first"], "Too many attempts from one address; the seconds to wait.";
    LoginName = RateLimited, "login.name", ["first"], "Too many attempts by one name; the seconds to wait.";
    PasswordGuessed = RateLimited, "password", ["first"], "Too many wrong passwords of who is signed in; the seconds to wait.";
    PasswordCommon = WeakPassword, "common", [], "Everybody tries that password first.";
    PasswordLength = WeakPassword, "length", ["first", "second", "third"], "From so many to so many characters, not that many.";
    PasswordName = WeakPassword, "name", [], "The password is the name.";
}

impl Reason {
    /// The key of its text.
    pub fn key(self) -> String {
        format!("problem.{}.{}", self.code().as_str(), self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_has_a_text_of_its_own_and_leaves_open_what_an_answer_has_values_for() {
        let keys: BTreeSet<String> = Reason::ALL.iter().copied().map(Reason::key).collect();
        assert_eq!(keys.len(), Reason::ALL.len());
        assert!(keys.contains("problem.CONFLICT.status.taken"));
        for reason in Reason::ALL {
            let places = ["first", "second", "third"];
            assert!(reason.open().len() <= places.len(), "{reason:?}");
            for (at, (open, place)) in reason.open().iter().zip(places).enumerate() {
                assert!(
                    *open == place || (at == 0 && *open == "until"),
                    "{reason:?}"
                );
            }
        }
    }
}
