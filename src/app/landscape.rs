//! The loss landscape: what it is computed from, and the newest one.
//!
//! Must not know how it is computed.

use std::sync::Arc;

use super::App;
use super::insight::Basis;
use super::study::Answer;
use crate::insight::{Landscape, NoLandscape};
use crate::train::WeightPath;

/// The weights, the data and the path that a landscape is about. Equal where they are the very same.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LandscapeBasis {
    pub(super) basis: Basis,
    pub(super) path: Option<Arc<WeightPath>>,
}

impl App {
    /// The newest loss landscape, or why there can be none.
    pub fn landscape(&self) -> Option<Answer<'_, Result<Landscape, NoLandscape>>> {
        let (key, result) = self.studies.landscape.answer()?;
        let is_current = self.studies.asks_landscape(&key.question)
            && self.landscape_basis().is_some_and(|basis| basis == key.basis);
        Some(Answer { result, is_current, step: key.basis.basis.step() })
    }

    /// Whether a loss around the weights can be computed: the drawing is ready, or it trains.
    pub fn can_show_landscape(&self) -> bool {
        self.basis().is_some() || self.is_training()
    }

    pub(super) fn landscape_basis(&self) -> Option<LandscapeBasis> {
        let path = self.training.snapshot.as_ref().and_then(|snapshot| snapshot.path.clone());
        Some(LandscapeBasis { basis: self.basis()?, path })
    }
}
