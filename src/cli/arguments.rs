//! The words of the command line.
//!
//! Must not do anything: what they ask for is a [`Request`].

use std::borrow::Cow;
use std::ffi::OsString;
use std::io::Write as _;
use std::ops::Range;
use std::path::PathBuf;
use std::process::ExitCode;

use super::bench::BenchArgs;
use super::dialect::DialectArgs;
use super::explain_arguments::{ExplainArgs, WalkArgs};
use super::export_target::{ExportTarget, export_targets};
use super::import::ImportArgs;
use super::printable::printable;
use clap::{Args, Parser, Subcommand, ValueEnum, value_parser};

use crate::explain::print::{Convention, Layout, NameStyle};
use crate::network::{Activation, Family as _};
use crate::train::Precision;

/// What the command line asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// The window.
    Window(WindowRequest),
    /// One job without it.
    Job(Job),
}

/// What the window shall open with.
#[derive(Clone, Debug, PartialEq, Eq, Default, Args)]
pub struct WindowRequest {
    /// The model to open; the first example where none is given.
    pub model: Option<PathBuf>,
    /// Data to load in place of the model's own.
    #[arg(long, value_name = "DATA.csv")]
    pub data: Option<PathBuf>,
}

#[derive(Debug, Parser)]
#[command(name = "vastavirta", version, about, args_conflicts_with_subcommands = true)]
struct CommandLine {
    #[command(subcommand)]
    job: Option<Job>,
    #[command(flatten)]
    window: WindowRequest,
}

/// One job without the window.
#[derive(Clone, Debug, PartialEq, Subcommand)]
pub enum Job {
    /// Train a model and say how it goes.
    Train(TrainArgs),
    /// Run one forward and backward pass and print every number of it.
    Grad(GradArgs),
    /// Derive one entry of a gradient, as Markdown, and judge a number computed by hand.
    Explain(ExplainArgs),
    /// Print a whole pass, action by action.
    Walk(WalkArgs),
    /// List the problems of a model and check the gradient of every parameter.
    Check(CheckArgs),
    /// Predict the targets of new data.
    Predict(PredictArgs),
    /// Say how good a trained model is on other data.
    Evaluate(EvaluateArgs),
    /// Make a model for a CSV file.
    New(NewArgs),
    /// Write the network as another program takes it.
    Export(Box<ExportArgs>),
    /// Take over weights that were trained elsewhere: into a model, or as a new one.
    Import(ImportArgs),
    /// Say how a CSV file is read and why.
    Inspect(InspectArgs),
    /// Measure how fast training is.
    Bench(BenchArgs),
}

/// Arguments of `export`.
#[derive(Clone, Debug, PartialEq, Args)]
pub struct ExportArgs {
    /// The model, a `.ron` file.
    pub model: PathBuf,
    /// As what.
    #[arg(long, value_name = "FORM", value_parser = export_targets())]
    pub to: ExportTarget,
    /// Data in place of the model's own.
    #[arg(long, value_name = "DATA.csv")]
    pub data: Option<PathBuf>,
    /// The folder or file to write; without it a text goes to standard output, anything else beside where
    /// the program was called, under a name such as `MODEL_pytorch`.
    #[arg(long, value_name = "PATH")]
    pub out: Option<PathBuf>,
    /// Replace a file that is there.
    #[arg(long)]
    pub force: bool,
    /// How matrices lie and are called, in forms that leave the choice; without it each takes its own.
    #[arg(long, value_enum)]
    pub convention: Option<ConventionArg>,
    /// Usable rows A up to but not including B, whose numbers are written out where a form does that.
    #[arg(long, value_name = "A..B", value_parser = rows)]
    pub rows: Option<Range<usize>>,
    /// What a picture shows in place of the drawing: `loss` or `metrics` after a run, or a parameter such as
    /// `Dense 1.weight`.
    #[arg(long, value_name = "NAME")]
    pub of: Option<String>,
    /// How many epochs that run takes; the model's own number where it is not given. Nothing is saved.
    #[arg(long, value_name = "N", requires = "of")]
    pub epochs: Option<usize>,
    /// Pictures in the colors of the dark theme.
    #[arg(long)]
    pub dark: bool,
    /// How the data are written, as far as it is told.
    #[command(flatten)]
    pub dialect: DialectArgs,
}

/// A convention of matrices and names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ConventionArg {
    /// Samples are rows, Z = X Wᵀ + b, W is [out, in].
    Pytorch,
    /// Samples are rows, Z = X W + b, W is [in, out], as courses write NumPy.
    Numpy,
    /// Samples are columns, z = W x + b, as textbooks write.
    Textbook,
}

/// Arguments of `train`.
#[derive(Clone, Debug, PartialEq, Args)]
pub struct TrainArgs {
    /// The model, a `.ron` file.
    pub model: PathBuf,
    /// Data in place of the model's own.
    #[arg(long, value_name = "DATA.csv")]
    pub data: Option<PathBuf>,
    /// Epochs to train; the model's own number where it is not given.
    #[arg(long, value_name = "N")]
    pub epochs: Option<usize>,
    /// Draw the weights anew and seed the split, the shuffling and dropout with this number;
    /// without it training goes on from the stored weights.
    #[arg(long, value_name = "S")]
    pub seed: Option<u64>,
    /// Fit the preprocessing anew to the data; without it, trained weights keep what was fitted when
    /// they were trained.
    #[arg(long, requires = "data")]
    pub refit: bool,
    /// The floating-point type to compute with; without it f64 up to 1,000 parameters, f32 above.
    #[arg(long, value_enum)]
    pub precision: Option<PrecisionArg>,
    /// Where to save the trained model; it is not saved without this.
    #[arg(long, value_name = "OUT.ron")]
    pub out: Option<PathBuf>,
    /// Replace a file that is no model, too.
    #[arg(long, requires = "out")]
    pub force: bool,
    /// Print one JSON object a line, an epoch each.
    #[arg(long)]
    pub json: bool,
    /// How the data are written, as far as it is told.
    #[command(flatten)]
    pub dialect: DialectArgs,
}

/// Arguments of `grad`.
#[derive(Clone, Debug, PartialEq, Args)]
pub struct GradArgs {
    /// The model, a `.ron` file.
    pub model: PathBuf,
    /// Data in place of the model's own.
    #[arg(long, value_name = "DATA.csv")]
    pub data: Option<PathBuf>,
    /// One usable row (or window) of the data, counted from 0.
    #[arg(long, value_name = "K", conflicts_with = "rows")]
    pub row: Option<usize>,
    /// Usable rows A up to but not including B, as one batch.
    #[arg(long, value_name = "A..B", value_parser = rows)]
    pub rows: Option<Range<usize>>,
    /// The floating-point type to compute with.
    #[arg(long, value_enum, default_value = "f64")]
    pub precision: PrecisionArg,
    /// Whether dropout acts.
    #[arg(long, value_enum, default_value = "eval")]
    pub mode: ModeArg,
    /// Print everything as JSON; without it, the loss and the gradients as tables.
    #[arg(long)]
    pub json: bool,
    /// How the data are written, as far as it is told.
    #[command(flatten)]
    pub dialect: DialectArgs,
}

/// A floating-point type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PrecisionArg {
    /// 32 bits.
    F32,
    /// 64 bits.
    F64,
}

/// Whether dropout acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ModeArg {
    /// Dropout is off.
    Eval,
    /// Dropout acts, and its mask is printed.
    Train,
}

/// Arguments of `check`.
#[derive(Clone, Debug, PartialEq, Args)]
pub struct CheckArgs {
    /// The model, a `.ron` file.
    pub model: PathBuf,
    /// Data in place of the model's own.
    #[arg(long, value_name = "DATA.csv")]
    pub data: Option<PathBuf>,
    /// How the data are written, as far as it is told.
    #[command(flatten)]
    pub dialect: DialectArgs,
}

/// Arguments of `predict`.
#[derive(Clone, Debug, PartialEq, Args)]
pub struct PredictArgs {
    /// The model, a `.ron` file.
    pub model: PathBuf,
    /// The new data; its columns are found by name.
    #[arg(long, value_name = "NEW.csv")]
    pub data: PathBuf,
    /// Where to write the predictions; standard output without it.
    #[arg(long, value_name = "P.csv")]
    pub out: Option<PathBuf>,
    /// Replace a file that is no list of predictions, too.
    #[arg(long, requires = "out")]
    pub force: bool,
    /// The floating-point type to compute with; without it f64 up to 1,000 parameters, f32 above.
    #[arg(long, value_enum)]
    pub precision: Option<PrecisionArg>,
    /// How the data are written, as far as it is told.
    #[command(flatten)]
    pub dialect: DialectArgs,
}

/// Arguments of `evaluate`.
#[derive(Clone, Debug, PartialEq, Args)]
pub struct EvaluateArgs {
    /// The trained model, a `.ron` file.
    pub model: PathBuf,
    /// Rows to judge it by, prepared as in training; the model's own data without it.
    #[arg(long, value_name = "TEST.csv")]
    pub data: Option<PathBuf>,
    /// The floating-point type to compute with; without it f64 up to 1,000 parameters, f32 above.
    #[arg(long, value_enum)]
    pub precision: Option<PrecisionArg>,
    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
    /// How the data are written, as far as it is told.
    #[command(flatten)]
    pub dialect: DialectArgs,
}

/// Arguments of `new`.
#[derive(Clone, Debug, PartialEq, Args)]
pub struct NewArgs {
    /// The data to learn from.
    #[arg(long, value_name = "DATA.csv", required_unless_present = "expression")]
    pub data: Option<PathBuf>,
    /// The column to predict; the others are what it is predicted from.
    #[arg(long, value_name = "COLUMN", required_unless_present = "expression")]
    pub target: Option<String>,
    /// What to draw instead of layers, in Python's signs: 'f = mean(x ** 2); x = [1, 2, 3]'.
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["data", "target"])]
    pub expression: Option<String>,
    /// Units of each hidden layer.
    #[arg(long, value_name = "UNITS", value_delimiter = ',', default_value = "64,64",
        value_parser = value_parser!(u32).range(1..=100_000))]
    pub hidden: Vec<u32>,
    /// What follows each hidden layer, by PyTorch's name for it.
    #[arg(long, value_name = "NAME", default_value = "relu", value_parser = activation)]
    pub activation: Activation,
    /// Seeds the weights.
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// Where to save the model.
    #[arg(long, value_name = "OUT.ron")]
    pub out: PathBuf,
    /// Replace a file that is no model, too.
    #[arg(long, requires = "out")]
    pub force: bool,
    /// How the data are written, as far as it is told.
    #[command(flatten)]
    pub dialect: DialectArgs,
}

/// Arguments of `inspect`.
#[derive(Clone, Debug, PartialEq, Args)]
pub struct InspectArgs {
    /// The file.
    #[arg(value_name = "DATA.csv")]
    pub data: PathBuf,
    /// Print everything as one JSON object.
    #[arg(long)]
    pub json: bool,
    /// Where to write the table as it was read: UTF-8, commas, as RFC 4180 has it.
    #[arg(long, value_name = "CLEAN.csv")]
    pub out: Option<PathBuf>,
    /// Replace a file that is there.
    #[arg(long, requires = "out")]
    pub force: bool,
    /// How the file is written, as far as it is told.
    #[command(flatten)]
    pub dialect: DialectArgs,
}

/// Reads the command line. Where it asks for help or cannot be understood, that has been printed
/// and the exit code is all that is left.
///
/// # Errors
/// The exit code: 0 after help, 2 after wrong usage.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Request, ExitCode> {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    match CommandLine::try_parse_from(&arguments) {
        Ok(CommandLine { job: Some(job), .. }) => Ok(Request::Job(job)),
        Ok(CommandLine { job: None, window }) => Ok(Request::Window(window)),
        Err(error) => {
            tell(&error, &arguments);
            Err(u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from))
        }
    }
}

impl From<ConventionArg> for Convention {
    fn from(convention: ConventionArg) -> Self {
        let layout = match convention {
            ConventionArg::Pytorch => Layout::PyTorch,
            ConventionArg::Numpy => Layout::NumPy,
            ConventionArg::Textbook => Layout::Columns,
        };
        Self { layout, names: NameStyle::Layer, ..Self::default() }
    }
}

impl From<PrecisionArg> for Precision {
    fn from(precision: PrecisionArg) -> Self {
        match precision {
            PrecisionArg::F32 => Self::F32,
            PrecisionArg::F64 => Self::F64,
        }
    }
}

fn activation(text: &str) -> Result<Activation, String> {
    let found = Activation::ALL.into_iter().find(|activation| activation.declaration().slug == text);
    found.ok_or_else(|| {
        let names: Vec<&str> =
            Activation::ALL.iter().map(|activation| activation.declaration().slug).collect();
        format!("one of {} was expected", names.join(", "))
    })
}

/// Prints what clap has to say. It quotes the arguments, which may hold what a terminal would obey: then
/// the same is said about arguments that only show it.
fn tell(error: &clap::Error, arguments: &[OsString]) {
    let given: Vec<_> = arguments.iter().map(|argument| argument.to_string_lossy()).collect();
    let shown: Vec<_> = given.iter().map(|argument| printable(argument)).collect();
    // Nowhere to say it: the exit code says it.
    let _ = if shown.iter().all(|argument| matches!(argument, Cow::Borrowed(_))) {
        error.print()
    } else if let Err(same) = CommandLine::try_parse_from(shown.iter().map(|argument| &**argument)) {
        same.print()
    } else {
        writeln!(std::io::stderr(), "{}", printable(&error.kind().to_string()))
    };
}

fn rows(text: &str) -> Result<Range<usize>, String> {
    let wrong = || "rows are given as A..B, such as 0..8".to_owned();
    let (start, end) = text.split_once("..").ok_or_else(wrong)?;
    let (start, end) = (start.parse().map_err(|_| wrong())?, end.parse().map_err(|_| wrong())?);
    if start < end { Ok(start..end) } else { Err("A must be smaller than B".to_owned()) }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn parsed(line: &str) -> Result<Request, ExitCode> {
        parse(line.split(' ').map(OsString::from))
    }

    #[test]
    fn the_bare_program_asks_for_the_window() {
        assert_eq!(parsed("vastavirta"), Ok(Request::Window(WindowRequest::default())));
        let Request::Window(window) = parsed("vastavirta m.ron --data d.csv").unwrap() else {
            unreachable!("no job was named")
        };
        assert_eq!((window.model, window.data), (Some("m.ron".into()), Some("d.csv".into())));
    }

    #[test]
    fn jobs_take_their_options() {
        let Request::Job(Job::Grad(grad)) =
            parsed("vastavirta grad m.ron --rows 2..5 --precision f32").unwrap()
        else {
            unreachable!("grad was named")
        };
        assert_eq!((grad.rows, grad.precision, grad.mode), (Some(2..5), PrecisionArg::F32, ModeArg::Eval));
    }

    #[test]
    fn wrong_usage_is_exit_code_2_and_help_is_0() {
        for line in
            ["vastavirta grad", "vastavirta grad m.ron --rows 5..2", "vastavirta train m.ron --epochs x"]
        {
            assert_eq!(parsed(line), Err(ExitCode::from(2)));
        }
        assert_eq!(parsed("vastavirta --help"), Err(ExitCode::SUCCESS));
    }
}
