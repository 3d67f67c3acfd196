//! Kinds of one family as they stand in a file, by their declarations: `Sigmoid`,
//! `LeakyRelu(negative_slope: 0.01)`. A kind that had no settings in the first files keeps its bare name where
//! they are as usual, and has another name where they are not: `Softmax`, `SoftmaxAlong(dim: 0.0)`.
//!
//! Must not know any kind.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, EnumAccess, MapAccess, VariantAccess as _, Visitor};
use serde::ser::SerializeStructVariant as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::super::error::FileError;
use super::super::limits::finite;
use crate::network::Family;

/// What the format is told an enum is called; only its kinds stand in the file.
const NAME: &str = "Kind";

/// Kinds that had no settings in the first files, and their names where a setting is not as usual.
const ALONG: [(&str, &str); 2] = [("Softmax", "SoftmaxAlong"), ("LogSoftmax", "LogSoftmaxAlong")];

/// A kind of a family, as it stands in a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct InFile<F>(pub(super) F);

impl<F: Family> InFile<F> {
    /// The kind, if all its numbers are.
    pub(super) fn read(self, place: &str) -> Result<F, FileError> {
        for (field, number) in self.0.fields().iter().zip(self.0.numbers()) {
            finite(&format!("{place}.{field}"), number)?;
        }
        Ok(self.0)
    }
}

impl<F: Family> Serialize for InFile<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (tag, fields) = (self.0.declaration().tag, self.0.fields());
        let idx = F::TAGS.iter().position(|other| *other == tag).unwrap_or_default() as u32;
        let along = ALONG.iter().find(|(bare, _)| *bare == tag).map(|(_, along)| *along);
        let settings = self.0.declaration().settings;
        let is_usual = settings.iter().zip(self.0.numbers()).all(|(setting, it)| !setting.tells(it));
        if is_usual {
            return serializer.serialize_unit_variant(NAME, idx, tag);
        }
        let tag = along.unwrap_or(tag);
        let mut written = serializer.serialize_struct_variant(NAME, idx, tag, fields.len())?;
        for (field, number) in fields.iter().zip(self.0.numbers()) {
            written.serialize_field(field, &number)?;
        }
        written.end()
    }
}

impl<'de, F: Family> Deserialize<'de> for InFile<F> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_enum(NAME, F::TAGS, KindVisitor(PhantomData))
    }
}

/// Reads the name of a kind, then its settings.
struct KindVisitor<F>(PhantomData<F>);

impl<'de, F: Family> Visitor<'de> for KindVisitor<F> {
    type Value = InFile<F>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "one of {}", F::TAGS.join(", "))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Self::Value, A::Error> {
        let (Name(tag), settings) = data.variant::<Name>()?;
        let along = ALONG.iter().find(|(_, along)| *along == tag);
        let bare = along.map_or(tag.as_str(), |(bare, _)| *bare);
        let Some(kind) = F::all().into_iter().find(|kind| kind.declaration().tag == bare) else {
            return Err(de::Error::unknown_variant(&tag, F::TAGS));
        };
        let has_bare_name = ALONG.iter().any(|(name, _)| *name == tag);
        if kind.fields().is_empty() || has_bare_name {
            settings.unit_variant()?;
            return Ok(InFile(kind));
        }
        settings.struct_variant(kind.fields(), SettingsVisitor(kind))
    }
}

/// Reads the settings of a kind: each of them once.
struct SettingsVisitor<F>(F);

impl<'de, F: Family> Visitor<'de> for SettingsVisitor<F> {
    type Value = InFile<F>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} with {}", self.0.declaration().tag, self.0.fields().join(", "))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let Self(mut kind) = self;
        let fields = kind.fields();
        let mut is_read = vec![false; fields.len()];
        while let Some(Name(name)) = map.next_key()? {
            let Some(idx) = fields.iter().position(|field| *field == name) else {
                return Err(de::Error::unknown_field(&name, fields));
            };
            if std::mem::replace(&mut is_read[idx], true) {
                return Err(de::Error::duplicate_field(fields[idx]));
            }
            *kind.numbers_mut()[idx] = map.next_value()?;
        }
        match is_read.iter().position(|is_read| !is_read) {
            Some(idx) => Err(de::Error::missing_field(fields[idx])),
            None => Ok(InFile(kind)),
        }
    }
}

/// A name that stands bare in the file.
struct Name(String);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;

        impl Visitor<'_> for NameVisitor {
            type Value = Name;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<Name, E> {
                Ok(Name(name.to_owned()))
            }
        }

        deserializer.deserialize_identifier(NameVisitor)
    }
}
