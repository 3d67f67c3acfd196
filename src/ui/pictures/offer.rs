//! What a menu offers to save: the window asks for a path then.
//!
//! Must not know menus or files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::{Context, Id};

use crate::export::image::{VectorImage, png, svg};

/// Pixels a point: sharp on screens of today and in print.
const SCALE: f32 = 2.0;

/// Something to be saved.
#[derive(Clone, Debug)]
pub(crate) struct Offer {
    /// What its file is called, without an ending.
    pub(crate) name: String,
    /// What it is.
    pub(crate) content: Content,
}

/// What can be saved.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// In this form, if no other ending is typed.
    Picture(Arc<VectorImage>, PictureForm),
    /// As CSV.
    Table(Arc<String>),
}

/// A form of pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PictureForm {
    /// As sharp as one likes.
    Svg,
    /// Pixels.
    Png,
}

impl PictureForm {
    /// Every form.
    pub(crate) const ALL: [Self; 2] = [Self::Svg, Self::Png];

    /// What the entry of a menu says.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Svg => "copy-save-svg",
            Self::Png => "copy-save-png",
        }
    }
}

impl Offer {
    /// What the file is called if nothing else is typed: the name without signs that paths use.
    pub(crate) fn file_name(&self) -> String {
        let sign = |sign: char| if sign.is_alphanumeric() || "-_. ".contains(sign) { sign } else { '_' };
        let name: String = self.name.chars().map(sign).collect();
        format!("{}.{}", name.trim_matches(['.', ' ']), self.endings()[0])
    }

    /// The path with an ending that it can have.
    pub(crate) fn with_ending(&self, path: PathBuf) -> PathBuf {
        let own = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        if own.is_some_and(|own| self.endings().contains(&own.as_str())) || path.file_name().is_none() {
            return path;
        }
        let mut text = path.into_os_string();
        text.push(".");
        text.push(self.endings()[0]);
        PathBuf::from(text)
    }

    /// The endings that it can have, the usual one first.
    fn endings(&self) -> &'static [&'static str] {
        match self.content {
            Content::Picture(_, PictureForm::Svg) => &["svg", "png"],
            Content::Picture(_, PictureForm::Png) => &["png", "svg"],
            Content::Table(_) => &["csv"],
        }
    }

    /// What is written to a file of this name; none for a picture that is too large for its form.
    pub(crate) fn bytes(&self, path: &Path) -> Option<Vec<u8>> {
        let is_png = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("png"));
        match &self.content {
            Content::Picture(picture, _) if is_png => png(picture, SCALE),
            Content::Picture(picture, _) => Some(svg(picture).into_bytes()),
            Content::Table(text) => Some(text.as_bytes().to_vec()),
        }
    }
}

fn place() -> Id {
    Id::new("offer to save")
}

/// Offers something; the newest offer counts.
pub(crate) fn offer(ctx: &Context, offer: Offer) {
    ctx.data_mut(|data| data.insert_temp(place(), Some(Arc::new(offer))));
    ctx.request_repaint();
}

/// Takes what was offered.
pub(crate) fn take_offer(ctx: &Context) -> Option<Arc<Offer>> {
    ctx.data_mut(|data| data.remove_temp::<Option<Arc<Offer>>>(place())).flatten()
}
