//! The loss around the weights: along one or two of them, along random directions, or along those that the
//! path of the weights took; with that path projected on it.
//!
//! Random directions are scaled per filter (Li, Xu, Taylor, Studer, Goldstein: "Visualizing the Loss
//! Landscape of Neural Nets", 2018, section 4): each row of a weight, the weights of one unit, is as long as
//! the unit's own; biases, initial states and frozen parameters stay where they are. The directions of the
//! path are its principal components about the weights of the moment, of length 1 (section 7.2 there).
//!
//! Must not know how a landscape is drawn.

mod directions;
mod grid;

use std::sync::Arc;

use self::directions::{Direction, Flat, principal, random, single};
use self::grid::Surface;
use super::field::Field;
use super::model::Model;
use crate::data::ReadTask;
use crate::network::ParameterKey;
use crate::tensor::Real;
use crate::train::{Precision, WeightPath};
use crate::words::{Message, ToMessage};

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LandscapeQuestion {
    /// Along what the weights are moved.
    pub along: Along,
    /// Along two directions; along the first alone without it.
    pub is_surface: bool,
    /// How far to each side, as a factor of what is usual.
    pub reach: f64,
    /// Only the last steps of the path, not all of it.
    pub only_last_steps: bool,
    /// The training runs: it shall lose little to this.
    pub is_quick: bool,
}

/// Along what the weights are moved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Along {
    /// Directions drawn from this seed, scaled per filter.
    Random(u64),
    /// The principal components of the path of the weights.
    Path,
    /// Single weights, the second one for a surface.
    Weights([WeightPlace; 2]),
}

/// One number of a parameter, in C order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeightPlace {
    /// Which parameter.
    pub key: ParameterKey,
    /// Which of its numbers.
    pub index: usize,
}

/// The loss around the weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Landscape {
    /// The loss; along single weights the axes hold their values, else how far along each direction.
    pub field: Arc<Field>,
    /// log₁₀ of it.
    pub logarithm: Arc<Field>,
    /// The loss where the weights stand.
    pub loss: f64,
    /// Where they stand on the axes.
    pub center: [f64; 2],
    /// The path that they took, ending where they stand.
    pub path: Vec<PathMark>,
    /// The share of the path's squared distances that lies in the picture; none without a path.
    pub shown: Option<f64>,
    /// The share that each principal component explains.
    pub explained: Option<[f64; 2]>,
    /// Training rows over which the loss was computed, and all of them.
    pub rows: [usize; 2],
}

/// One point of the path on the axes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PathMark {
    /// Optimizer steps before it.
    pub step: u64,
    /// Where it stands on the axes; along one direction the loss above it is the curve's.
    pub at: [f64; 2],
}

/// Why there is no landscape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoLandscape {
    /// Nothing that could be moved: all weights are frozen, zero, or there are none.
    NothingMoves,
    /// There is no path yet whose directions could be taken.
    NoPath,
    /// There is one, but it leads nowhere: no weight moved.
    PathStays,
    /// No loss at the weights or around them is a finite number.
    NotFinite,
}

/// Where the weights stand, and how they came there.
#[derive(Clone, Copy, Debug)]
pub struct Standpoint<'a> {
    /// The network with its weights.
    pub model: &'a Model,
    /// The path that they took, where it was recorded.
    pub path: Option<&'a WeightPath>,
    /// Optimizer steps before them.
    pub step: u64,
}

/// Computes the loss around the weights; none where the network cannot be run or the task was cancelled.
pub fn landscape(
    around: Standpoint<'_>,
    question: LandscapeQuestion,
    task: &dyn ReadTask,
) -> Option<Result<Landscape, NoLandscape>> {
    match around.model.precision() {
        Precision::F32 => compute::<f32>(around, question, task),
        Precision::F64 => compute::<f64>(around, question, task),
    }
}

fn compute<T: Real>(
    Standpoint { model, path, step }: Standpoint<'_>,
    question: LandscapeQuestion,
    task: &dyn ReadTask,
) -> Option<Result<Landscape, NoLandscape>> {
    let flat = Flat::of(&model.parameters);
    let displacements = flat.displacements(path, step, question.only_last_steps);
    let mut explained = None;
    let mut directions = match question.along {
        Along::Random(seed) => [random(&flat, seed, 0), random(&flat, seed, 1)],
        Along::Weights(places) => places.map(|place| single(&flat, place)),
        Along::Path => {
            let why_none =
                if displacements.is_empty() { NoLandscape::NoPath } else { NoLandscape::PathStays };
            let Some(found) = principal(&displacements, task)? else { return Some(Err(why_none)) };
            explained = Some(found.explained);
            found.directions
        }
    };
    if directions[0].norm() == 0.0 {
        return Some(Err(NoLandscape::NothingMoves));
    }
    // Two directions along one line, as those of a single weight, make no plane.
    let has_two = question.is_surface && !directions[1].is_along(&directions[0]);
    if !has_two {
        directions[1] = Direction::default();
    }
    let places = directions::projected(&displacements, &directions);
    let shown = directions::shown_share(&displacements, &directions, &places);
    // Along single weights the axes hold the weights themselves.
    let center = match question.along {
        Along::Weights(places) => places.map(|place| flat.number(place)),
        Along::Random(_) | Along::Path => [0.0, 0.0],
    };
    let usual = match question.along {
        Along::Weights(_) => center.map(|number| number.abs().max(1.0)),
        Along::Random(_) => [1.0, 1.0],
        // As far as the path went.
        Along::Path => [0, 1].map(|axis| {
            let far = places.iter().map(|at| at[axis].abs()).fold(0.0, f64::max);
            (0.25 * far).max(1e-6)
        }),
    };
    let ranges = [0, 1].map(|axis| range(usual[axis] * question.reach, places.iter().map(|at| at[axis])));
    let surface = Surface::<T>::new(model, &flat, &directions, question.is_quick)?;
    let (field, loss, rows) = surface.computed(ranges, center, has_two, task)?;
    if !loss.is_finite() && field.extent().is_none() {
        return Some(Err(NoLandscape::NotFinite));
    }
    let logarithms = field.values.iter().map(|loss| loss.log10()).collect();
    let logarithm = Field { values: logarithms, is_logarithm: true, ..field.clone() };
    let marks = displacements
        .iter()
        .zip(&places)
        .map(|(point, at)| PathMark { step: point.step, at: [0, 1].map(|axis| center[axis] + at[axis]) });
    let path = marks.collect();
    Some(Ok(Landscape {
        field: Arc::new(field),
        logarithm: Arc::new(logarithm),
        loss,
        center,
        path,
        shown,
        explained,
        rows,
    }))
}

impl Landscape {
    /// Whether the logarithm shows it: of a negative loss there is none, and of zeros alone nothing is seen.
    pub fn has_logarithm(&self) -> bool {
        let finite = || self.field.values.iter().copied().filter(|loss| loss.is_finite());
        finite().all(|loss| loss >= 0.0) && finite().any(|loss| loss > 0.0)
    }
}

/// So far to both sides, and as far as the path went, within reason.
fn range(reach: f64, places: impl Iterator<Item = f64>) -> [f64; 2] {
    /// A path that leaves for further than this many times the reach is not followed.
    const FARTHEST: f64 = 20.0;
    /// An axis ends here at the latest: its ends are numbers that can be added to a weight.
    const FARTHEST_END: f64 = 1e300;
    let limit = FARTHEST * reach;
    let places = places.filter(|at| at.is_finite()).map(|at| at.clamp(-limit, limit));
    let [low, high] = places.fold([0.0, 0.0], |[low, high]: [f64; 2], at| [low.min(at), high.max(at)]);
    let room = 0.1 * (high - low);
    // Where the path stays within reach, the weights stand in the middle.
    [(low - room).min(-reach).max(-FARTHEST_END), (high + room).max(reach).min(FARTHEST_END)]
}

impl ToMessage for NoLandscape {
    fn message(&self) -> Message {
        Message::new(match self {
            Self::NothingMoves => "landscape-nothing-moves",
            Self::NoPath => "landscape-no-path",
            Self::PathStays => "landscape-path-stays",
            Self::NotFinite => "landscape-not-finite",
        })
    }
}

#[cfg(test)]
#[path = "landscape_tests.rs"]
mod tests;
