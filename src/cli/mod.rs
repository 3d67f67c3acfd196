//! The same jobs from the terminal: `train`, `grad`, `explain`, `walk`, `check`, `predict`, `evaluate`, `new`,
//! `bench`, and what the
//! program does where no window can open.
//!
//! [`parse`] turns the command line into a [`Request`]; [`Job::run`] does it and gives the exit
//! code: 0 done, 1 the job's own failure (said on stderr), 2 wrong usage. Must not know egui.

mod arguments;
pub mod bench;
mod check;
mod dialect;
mod evaluate;
mod explain;
mod explain_arguments;
mod export;
mod export_target;
mod grad;
mod import;
mod inspect;
mod job;
mod load;
mod new;
mod out;
mod output;
mod picture;
mod predict;
mod printable;
mod table;
mod train;
mod train_report;
mod walk;

pub use arguments::{
    CheckArgs, ConventionArg, EvaluateArgs, ExportArgs, GradArgs, InspectArgs, Job, ModeArg, NewArgs,
    PrecisionArg, PredictArgs, Request, TrainArgs, WindowRequest, parse,
};
pub use dialect::{DialectArgs, KindArg, OptionalChar, OptionalSign, YesOrNo};
pub use explain_arguments::{ExplainArgs, LensArg, WalkArgs, WalkTarget};
pub use export_target::{ExportTarget, PictureForm};
pub use import::ImportArgs;
pub use job::JobError;
pub use train::train_without_window;
