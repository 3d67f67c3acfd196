//! Words: messages as data, so that a finding made anywhere can be said in any language.
//!
//! Must not know what the messages are about: every other floor may name a message.
//! The sentences stand in `assets/locales/<language>/<area>.ftl` (Project Fluent) and are part
//! of the binary.

mod language;
mod message;
mod number;
mod tables;

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

pub use language::Language;
pub use message::{Message, MessageArg, ToMessage};
pub use number::{short_number, with_minus};

/// The message tables of one language.
pub struct Words {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words").field("language", &self.language).finish_non_exhaustive()
    }
}

impl Default for Words {
    fn default() -> Self {
        Self::new(Language::default())
    }
}

impl Words {
    /// The tables of `language`.
    pub fn new(language: Language) -> Self {
        Self::from_tables(language, tables::of(language))
    }

    fn from_tables(language: Language, tables: &[(&str, &str)]) -> Self {
        let tag = match language {
            Language::English | Language::Pseudo => unic_langid::langid!("en"),
            Language::Finnish => unic_langid::langid!("fi"),
        };
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        bundle.set_use_isolating(false);
        for (_, text) in tables {
            // A table with a mistake still gives its good entries; a test finds the mistake.
            let resource = match FluentResource::try_new((*text).to_owned()) {
                Ok(resource) | Err((resource, _)) => resource,
            };
            bundle.add_resource_overriding(resource);
        }
        Self { language, bundle }
    }

    /// The language spoken.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The sentence of `message`.
    pub fn say(&self, message: &Message) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in &message.args {
            let value = match value {
                MessageArg::Text(text) => FluentValue::from(text.clone()),
                MessageArg::Number(number) => FluentValue::from(*number),
                MessageArg::Message(inner) => FluentValue::from(self.bare(inner)),
            };
            args.set(*name, value);
        }
        self.bracketed(self.lookup(message.id, Some(&args)))
    }

    /// The sentence of `key`, which takes no arguments.
    pub fn text(&self, key: &str) -> String {
        self.bracketed(self.lookup(key, None))
    }

    /// The sentence of `key` with arguments.
    pub fn text_with<const N: usize>(&self, key: &str, args: &[(&'static str, MessageArg); N]) -> String {
        let mut fluent_args = FluentArgs::new();
        for (name, value) in args {
            let value = match value {
                MessageArg::Text(text) => FluentValue::from(text.clone()),
                MessageArg::Number(number) => FluentValue::from(*number),
                MessageArg::Message(inner) => FluentValue::from(self.bare(inner)),
            };
            fluent_args.set(*name, value);
        }
        self.bracketed(self.lookup(key, Some(&fluent_args)))
    }

    /// Whether the tables hold `key`.
    pub fn has(&self, key: &str) -> bool {
        self.bundle.get_message(key).is_some_and(|message| message.value().is_some())
    }

    /// An inner message: without brackets of its own.
    fn bare(&self, message: &Message) -> String {
        let said = self.say(message);
        match self.language {
            Language::Pseudo => said.trim_start_matches('[').trim_end_matches(']').to_owned(),
            Language::English | Language::Finnish => said,
        }
    }

    /// A missing key is said as itself, so that it is seen and found.
    fn lookup(&self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        let mut errors = Vec::new();
        self.bundle.format_pattern(pattern, args, &mut errors).into_owned()
    }

    fn bracketed(&self, text: String) -> String {
        match self.language {
            Language::English | Language::Finnish => text,
            Language::Pseudo => format!("[{text}]"),
        }
    }
}

/// The English sentence of `message`: what `Display` of errors and problems writes.
pub fn in_english(message: &Message) -> String {
    static ENGLISH: LazyLock<Words> = LazyLock::new(|| Words::new(Language::English));
    ENGLISH.say(message)
}

/// All sentences of all languages, for the test that every glyph exists.
#[cfg(test)]
pub(crate) fn every_sentence() -> String {
    Language::CHOICES.iter().flat_map(|&language| tables::of(language)).map(|(_, text)| *text).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    const ENGLISH: &[(&str, &str)] = &[(
        "test",
        "dense = Dense\nrows = { $name } has { $n ->\n    [one] one row\n   *[other] { $n } rows\n } of { $kind }\n",
    )];
    const FINNISH: &[(&str, &str)] = &[(
        "test",
        "dense = Tiheä\nrows = { $name }: { $n ->\n    [one] yksi rivi\n   *[other] { $n } riviä\n }, { $kind }\n",
    )];

    fn rows(n: usize) -> Message {
        Message::new("rows").with("name", "x").with("n", n).with("kind", Message::new("dense"))
    }

    #[test]
    fn messages_take_arguments_plurals_and_inner_messages() {
        let english = Words::from_tables(Language::English, ENGLISH);
        let finnish = Words::from_tables(Language::Finnish, FINNISH);
        let pseudo = Words::from_tables(Language::Pseudo, ENGLISH);
        assert_eq!(english.say(&rows(1)), "x has one row of Dense");
        assert_eq!(english.say(&rows(1200)), "x has 1200 rows of Dense");
        assert_eq!(finnish.say(&rows(1)), "x: yksi rivi, Tiheä");
        assert_eq!(finnish.say(&rows(3)), "x: 3 riviä, Tiheä");
        assert_eq!(pseudo.say(&rows(2)), "[x has 2 rows of Dense]");
        let args = [("name", "y".into()), ("n", 2_usize.into()), ("kind", Message::new("dense").into())];
        assert_eq!(english.text_with("rows", &args), "y has 2 rows of Dense");
    }

    #[test]
    fn a_missing_key_is_said_as_itself() {
        assert_eq!(Words::default().text("no-such-key"), "no-such-key");
        assert!(!Words::default().has("no-such-key"));
    }

    #[test]
    fn every_table_is_free_of_mistakes() {
        for language in Language::CHOICES {
            for (area, text) in tables::of(language) {
                let parsed = FluentResource::try_new((*text).to_owned());
                assert!(parsed.is_ok(), "{language:?} {area}: {:?}", parsed.err().unwrap().1);
            }
        }
    }

    #[test]
    fn english_and_finnish_have_the_same_keys_and_arguments() {
        for ((area, english), (_, finnish)) in
            tables::of(Language::English).iter().zip(tables::of(Language::Finnish))
        {
            let english = tables::entries(english);
            let finnish = tables::entries(finnish);
            for (key, text) in &english {
                let other = finnish.get(key);
                assert!(other.is_some(), "{area}.ftl: Finnish lacks {key}");
                assert_eq!(
                    tables::arguments(text),
                    tables::arguments(other.unwrap()),
                    "{area}.ftl: {key} has other arguments in Finnish"
                );
            }
            for key in finnish.keys() {
                assert!(english.contains_key(key), "{area}.ftl: English lacks {key}");
            }
        }
    }

    /// What stands in quotation marks after `start` in the code, at every place where it does.
    fn literals(code: &str, start: &str) -> Vec<String> {
        let begun = code.split(start).skip(1).filter_map(|rest| rest.split_once('"'));
        begun.map(|(key, _)| key.to_owned()).filter(|key| !key.contains('{')).collect()
    }

    #[test]
    fn every_key_that_the_code_names_stands_in_the_tables() {
        let words = Words::new(Language::English);
        let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
        let mut n_keys = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let code = std::fs::read_to_string(&path).unwrap();
                let code = code.split("#[cfg(test)]").next().unwrap_or_default();
                for start in ["Message::new(\"", ".text(\"", ".text_with(\""] {
                    for key in literals(code, start) {
                        n_keys += 1;
                        assert!(words.has(&key), "{}: no table has {key:?}", path.display());
                    }
                }
            }
        }
        assert!(n_keys > 200, "{n_keys}");
    }

    #[test]
    fn no_key_stands_twice() {
        for language in Language::CHOICES {
            let mut seen = std::collections::BTreeMap::new();
            for (area, text) in tables::of(language) {
                for key in tables::keys(text) {
                    let before = seen.insert(key.to_owned(), *area);
                    assert!(before.is_none(), "{language:?}: {key} stands in {before:?} and in {area}");
                }
            }
        }
    }
}
