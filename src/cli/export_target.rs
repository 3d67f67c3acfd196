//! The words after `export --to`: every form in the list of writers, and pictures.
//!
//! Must not know how anything is written.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::export::{WRITERS, Writer};
use crate::words::{Message, in_english};

/// What a network can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportTarget {
    /// A form in the list of writers.
    Form(&'static Writer),
    /// A picture: the window's code paints it.
    Picture(PictureForm),
}

/// What a picture is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureForm {
    /// SVG.
    Svg,
    /// PNG.
    Png,
}

impl PictureForm {
    const ALL: [Self; 2] = [Self::Svg, Self::Png];

    fn slug(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
        }
    }

    fn help(self) -> &'static str {
        match self {
            Self::Svg => "A picture of the drawing, or of what --of names, as SVG",
            Self::Png => "The same as PNG",
        }
    }
}

/// The words of all writers, each with what it writes.
pub(super) fn export_targets() -> impl TypedValueParser<Value = ExportTarget> {
    let value =
        |writer: &Writer| PossibleValue::new(writer.slug).help(in_english(&Message::new(writer.name)));
    let pictures = PictureForm::ALL.map(|form| PossibleValue::new(form.slug()).help(form.help()));
    let values = PossibleValuesParser::new(WRITERS.iter().map(value).chain(pictures));
    values.try_map(|slug| {
        let picture = PictureForm::ALL.into_iter().find(|form| form.slug() == slug);
        let form = Writer::named(&slug).map(ExportTarget::Form);
        form.or(picture.map(ExportTarget::Picture)).ok_or("a form in the list was expected")
    })
}
