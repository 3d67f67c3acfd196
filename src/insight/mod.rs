//! What a trained network does with data: predictions of every row, how good they are, what it says
//! elsewhere, and how its numbers fare while it trains.
//!
//! Must not know files, threads or the window. Each answer is made from a [`Model`], plain data that a
//! background job takes along, and can be stopped.

mod class_scores;
mod head;
mod listing;
mod model;
mod predictions;
mod predictor;

pub use class_scores::{ClassScores, Reliability, RocCurve, class_scores, reliability, roc};
pub use head::Head;
pub use listing::{Filter, Listing, SortKey, Sorting, list};
pub use model::Model;
pub use predictions::{HeadPredictions, PartMetrics, Predictions, predict_all};
pub use predictor::Predictor;
