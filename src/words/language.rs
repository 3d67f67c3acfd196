//! The languages that the program speaks, and which one a person's system asks for.
//!
//! Must not know the message tables, nor where preferences are kept.

/// A language that the program speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Language {
    /// English, the default.
    #[default]
    English,
    /// Finnish.
    Finnish,
    /// English in brackets: what is on the screen without brackets did not come from a table.
    Pseudo,
}

impl Language {
    /// Every language that a person may choose.
    pub const CHOICES: [Self; 2] = [Self::English, Self::Finnish];

    /// The language tag, as kept in the preferences.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Finnish => "fi",
            Self::Pseudo => "pseudo",
        }
    }

    /// The language with this tag.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "en" => Some(Self::English),
            "fi" => Some(Self::Finnish),
            "pseudo" => Some(Self::Pseudo),
            _ => None,
        }
    }

    /// The language of messages that an environment asks for, in the order of POSIX: the first of
    /// `LC_ALL`, `LC_MESSAGES` and `LANG` that is set to anything decides; one that the program does
    /// not speak gives English.
    pub fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        let mut set = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(variable);
        let locale = set.find(|value| !value.is_empty()).unwrap_or_default();
        // `fi_FI.UTF-8`, `fi@euro`: the language ends where the country, the encoding or a variant begins.
        let language = locale.split(['_', '-', '.', '@']).next().unwrap_or_default().to_ascii_lowercase();
        Self::CHOICES.into_iter().find(|choice| choice.code() == language).unwrap_or_default()
    }

    /// The language's name in itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Finnish => "Suomi",
            Self::Pseudo => "[Pseudo]",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language_with(variables: &[(&str, &str)]) -> Language {
        Language::of_environment(|name| {
            variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn each_variable_can_choose_finnish() {
        for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
            for locale in ["fi_FI.UTF-8", "fi_FI", "fi", "fi_FI@euro", "fi-FI"] {
                assert_eq!(language_with(&[(name, locale)]), Language::Finnish, "{name}={locale}");
            }
        }
        assert_eq!(language_with(&[("LC_NUMERIC", "fi_FI.UTF-8")]), Language::English);
        assert_eq!(language_with(&[]), Language::English);
    }

    #[test]
    fn the_first_variable_that_is_set_decides() {
        let all = [("LANG", "fi_FI.UTF-8"), ("LC_MESSAGES", "en_US.UTF-8")];
        assert_eq!(language_with(&all), Language::English);
        let all = [("LANG", "fi_FI.UTF-8"), ("LC_MESSAGES", "en_US.UTF-8"), ("LC_ALL", "fi_FI")];
        assert_eq!(language_with(&all), Language::Finnish);
        assert_eq!(language_with(&[("LANG", "fi_FI.UTF-8"), ("LC_ALL", "")]), Language::Finnish);
        assert_eq!(language_with(&[("LANG", "fi_FI.UTF-8"), ("LC_ALL", "C.UTF-8")]), Language::English);
    }

    #[test]
    fn a_language_that_only_begins_like_finnish_is_not_finnish() {
        assert_eq!(language_with(&[("LANG", "fil_PH.UTF-8")]), Language::English);
        assert_eq!(language_with(&[("LANG", "sv_FI.UTF-8")]), Language::English);
    }
}
