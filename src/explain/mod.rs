//! Formulas as plain data: which number this is, how it is made, and how that is written.
//!
//! Must not know how anything is drawn on a screen. A [`Tensor`] names a matrix of one pass, a
//! [`Quantity`] one number of it; [`Definitions`] say how each is made, as expressions derived from
//! the ops' rules; [`mod@print`] writes them in signs, code and LaTeX, in the [`print::Convention`]
//! that a reader is used to.

mod autograd;
mod card;
mod chain;
mod claim;
mod course;
mod curve;
mod definition;
mod entry;
mod formula;
mod general;
mod letter;
mod lines;
mod long_way;
mod metric;
mod number;
mod paths;
pub mod print;
mod quantity;
mod rounding;
mod shares;
mod steps;
mod timeline;
mod update;
mod uses;
mod walk;
mod written;

pub use autograd::{Autograd, Grads, Kept, Refusal, Saved};
pub use card::{Card, Explainer};
pub use chain::delta_chain;
pub use claim::{Claim, ClaimCheck};
pub use course::{CourseLine, course_backward, course_loop};
pub use curve::{CurvePoint, activation_curve};
pub use definition::Definitions;
pub use entry::{entry, evaluate, local_derivative};
pub use formula::{Formula, Formulas};
pub use letter::{Letter, output_letter};
pub use lines::{Definition, backward_lines, forward_lines};
pub use long_way::LongWay;
pub use number::{full, latex_number, plain, short, short_length};
pub use paths::{DeltaEntry, DeltaTerm, Factor, MOST_PATHS, Multiplications, Path, Paths, multiplications};
pub use quantity::{Metric, Quantity, Tensor, numbers_of, values_of};
pub use rounding::rounding;
pub use shares::{ShareOf, SharePart, Split, shares};
pub use steps::{Step, backward_steps};
pub use timeline::{ActionKind, CodeStyle, Phase, Timeline, TimelineAction};
pub use uses::Use;
pub use walk::{Order, Refused, Stride, Visibility, Walk, Way};
pub use written::Written;
