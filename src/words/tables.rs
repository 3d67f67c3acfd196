//! The message tables as they lie in `assets/locales`, part of the binary.
//!
//! Must not know what is said with them.

use super::Language;

/// Area and Fluent source of every table of one language.
macro_rules! tables {
    ($language:literal: $($area:literal),+) => {
        &[$(($area, include_str!(concat!("../../assets/locales/", $language, "/", $area, ".ftl")))),+]
    };
}

const ENGLISH: &[(&str, &str)] = tables!(
    "en": "menu", "panels", "gradient", "walk", "canvas", "problems", "data", "files", "train", "export", "why",
        "insight", "cli", "explain", "expression"
);
const FINNISH: &[(&str, &str)] = tables!(
    "fi": "menu", "panels", "gradient", "walk", "canvas", "problems", "data", "files", "train", "export", "why",
        "insight", "cli", "explain", "expression"
);

/// The tables of `language`, in a fixed order of areas.
pub(super) fn of(language: Language) -> &'static [(&'static str, &'static str)] {
    match language {
        Language::English | Language::Pseudo => ENGLISH,
        Language::Finnish => FINNISH,
    }
}

/// The keys of one table, as they stand in it.
#[cfg(test)]
pub(super) fn keys(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let (key, _) = line.split_once('=')?;
        let starts = key.starts_with(|c: char| c.is_ascii_lowercase());
        starts.then(|| key.trim_end())
    })
}

/// Key and source text of every entry of one table.
#[cfg(test)]
pub(super) fn entries(text: &str) -> std::collections::BTreeMap<String, String> {
    let mut entries = std::collections::BTreeMap::<String, String>::new();
    let mut current = None;
    for line in text.lines() {
        if let Some(key) = keys(line).next() {
            entries.insert(key.to_owned(), line.to_owned());
            current = Some(key.to_owned());
        } else if line.starts_with(char::is_whitespace)
            && let Some(entry) = current.as_ref().and_then(|key| entries.get_mut(key))
        {
            entry.push('\n');
            entry.push_str(line);
        }
    }
    entries
}

/// The names of the arguments (`$name`) in an entry's source text.
#[cfg(test)]
pub(super) fn arguments(text: &str) -> std::collections::BTreeSet<&str> {
    text.split('$')
        .skip(1)
        .map(|rest| {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-');
            &rest[..end.unwrap_or(rest.len())]
        })
        .collect()
}
