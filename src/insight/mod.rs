//! What a trained network does with data: predictions of every row, how good they are, what it says
//! elsewhere, and how its numbers fare while it trains.
//!
//! Must not know files, threads or the window. Each answer is made from a [`Model`], plain data that a
//! background job takes along, and can be stopped.

mod band;
mod class_scores;
mod descent;
mod field;
mod head;
mod health;
mod inputs;
mod landscape;
mod listing;
mod model;
mod picture;
mod predictions;
mod predictor;
mod rollout;
mod what_if;

pub use band::{BandPoint, band};
pub use class_scores::{ClassScores, Reliability, RocCurve, RocPoint, class_scores, reliability, roc};
pub use descent::{Descent, DescentPath, DescentQuestion, descent};
pub use field::{Field, FieldOf, FieldQuestion, FieldRow, field};
pub use head::Head;
pub use health::{Finding, Trouble, dead_share, judge};
pub use inputs::{InputKind, InputVariable, Start};
pub use landscape::{
    Along, Landscape, LandscapeQuestion, NoLandscape, PathMark, Standpoint, WeightPlace, landscape,
};
pub use listing::{Filter, Listing, SortKey, Sorting, list};
pub use model::Model;
pub use picture::Picture;
pub use predictions::{HeadPredictions, PartMetrics, Predictions, predict_all};
pub use predictor::Predictor;
pub use rollout::{MOST_ROWS_AHEAD, NoRollout, Rollout, RolloutQuestion, roll_out};
pub use what_if::{Effect, WhatIf, WhatIfQuestion, what_if};
