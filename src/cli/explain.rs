//! `explain`: one entry of a gradient derived, by either way, and a claim about it judged.

use super::explain_arguments::{ExplainArgs, LensArg, PassArgs};
use super::grad;
use super::job::JobError;
use super::load::Opened;
use super::output::{self, print, print_lines, say};
use super::printable::printable;
use crate::algebra::Expression;
use crate::explain::print::{Convention, EntryNames, Line, Names, Symbols, ValueOf, latex, markdown};
use crate::explain::{
    Claim, ClaimCheck, Definitions, Multiplications, Paths, Quantity, Tensor, Timeline, delta_chain, entry,
    evaluate, full, multiplications, short,
};
use crate::network::Severity;
use crate::train::{Mode, Pass, Precision, Session};
use crate::words::{Message, Words};

/// Above this many numbers in all parameters the paths of the whole gradient are not counted: that would
/// take minutes.
const MOST_COUNTED: usize = 20_000;

pub(super) fn run(args: &ExplainArgs) -> Result<(), JobError> {
    let words = output::words();
    let (opened, pass) = pass(&args.model, &args.pass)?;
    let of = quantity(&args.param, &pass)?;
    let network = &opened.model.document.network;
    let network_shapes = network.infer_shapes().0;
    let definitions = Definitions::new(network, &network_shapes);
    let convention = Convention::from(args.pass.convention);
    let names = Names::new(&definitions, convention.names);
    let explainer = Explainer {
        words: &words,
        names: EntryNames { definitions: &definitions, convention, names: &names },
        pass: &pass,
        param: &args.param,
    };
    let exact = of.value(&pass).ok_or_else(|| unreached(&args.param, of, &pass))?;
    explainer.head(exact)?;
    match args.lens {
        LensArg::Steps => explainer.steps(of)?,
        LensArg::Paths => explainer.paths(of)?,
    }
    explainer.counts(of)?;
    match &args.claim {
        Some(claim) => judge(&words, claim, exact),
        None => Ok(()),
    }
}

/// One pass over the rows asked for, with what the optimizer would make of it.
pub(super) fn pass(model: &std::path::Path, args: &PassArgs) -> Result<(Opened, Pass), JobError> {
    let opened = Opened::open(Some(model), args.data.as_deref(), &args.dialect)?;
    let document = &opened.model.document;
    if document.network.problems().iter().any(|found| found.severity == Severity::Error) {
        return Err(JobError::Failed(Message::new("cli-has-problems")));
    }
    let data = opened.prepare_as_fitted()?;
    let samples = grad::samples(args.row, None, &opened, &data)?;
    let session = Session::<f64>::new(&document.network, &document.parameters, data, &document.training);
    let mut session = session.map_err(|error| JobError::failed(&error))?;
    session.check_rows(samples.len()).map_err(|error| JobError::failed(&error))?;
    let pass = session.step_on(&samples, Mode::Eval);
    Ok((opened, pass))
}

/// The number that a text such as `Dense 1.weight[0,1]` names.
fn quantity(text: &str, pass: &Pass) -> Result<Quantity, JobError> {
    let known = || {
        let shape = |it: &crate::train::ParameterPass| format!("{} {:?}", it.name, it.value.shape());
        pass.parameters.values().map(shape).collect::<Vec<_>>().join(", ")
    };
    let wrong = |key| JobError::Usage(Message::new(key).with("param", text).with("known", known()));
    let (name, place) = text
        .trim()
        .strip_suffix(']')
        .and_then(|text| text.rsplit_once('['))
        .ok_or_else(|| wrong("cli-explain-form"))?;
    let found = pass.parameters.iter().find(|(_, parameter)| parameter.name == name.trim());
    let (&key, parameter) = found.ok_or_else(|| wrong("cli-explain-no-parameter"))?;
    let place: Result<Vec<usize>, _> = place.split([',', ';']).map(|part| part.trim().parse()).collect();
    let place = place.map_err(|_| wrong("cli-explain-form"))?;
    let shape = parameter.value.shape();
    let is_inside = place.len() == shape.len() && place.iter().zip(shape).all(|(at, size)| at < size);
    let (row, column) = match *place.as_slice() {
        [column] if is_inside => (0, column),
        [row, column] if is_inside => (row, column),
        _ => return Err(wrong("cli-explain-outside")),
    };
    Ok(Tensor::ParameterGrad { key, time_step: None, sample: None }.at(row, column))
}

/// Why there is no gradient.
fn unreached(param: &str, of: Quantity, pass: &Pass) -> JobError {
    let is_frozen = match of.tensor {
        Tensor::ParameterGrad { key, .. } => pass.parameters.get(&key).is_some_and(|it| !it.trainable),
        _ => false,
    };
    let key = if is_frozen { "cli-explain-frozen" } else { "cli-explain-unreached" };
    JobError::Failed(Message::new(key).with("param", param))
}

fn judge(words: &Words, text: &str, exact: f64) -> Result<(), JobError> {
    let claim = Claim::parse(text)
        .ok_or_else(|| JobError::Usage(Message::new("cli-explain-no-number").with("claim", text)))?;
    let (key, is_right) = match claim.check(exact) {
        ClaimCheck::Right => ("cli-explain-right", true),
        ClaimCheck::WrongSign => ("cli-explain-wrong-sign", false),
        ClaimCheck::NotRounded => ("cli-explain-not-rounded", false),
        ClaimCheck::Wrong => ("cli-explain-wrong", false),
    };
    let exact = full(exact, Precision::F64);
    say(words, &Message::new(key).with("claim", text).with("exact", exact))?;
    if is_right { Ok(()) } else { Err(JobError::Said) }
}

struct Explainer<'a> {
    words: &'a Words,
    names: EntryNames<'a>,
    pass: &'a Pass,
    param: &'a str,
}

impl Explainer<'_> {
    fn definitions(&self) -> &Definitions<'_> {
        self.names.definitions
    }

    fn say(&self, message: &Message) -> Result<(), JobError> {
        say(self.words, message)?;
        print("")
    }

    fn head(&self, exact: f64) -> Result<(), JobError> {
        let value = full(exact, Precision::F64);
        let about = |key| Message::new(key).with("param", self.param).with("value", value.as_str());
        self.say(&about("cli-explain-title"))?;
        self.say(&about("cli-explain-words").with("n", self.pass.rows.len()))
    }

    /// The chain of deltas, and the entry worked out.
    fn steps(&self, of: Quantity) -> Result<(), JobError> {
        self.say(&Message::new("cli-explain-steps"))?;
        let mut lines = Vec::new();
        for tensor in delta_chain(self.definitions(), of.tensor) {
            lines.extend(self.line(tensor));
        }
        if let Some(formula) = entry(self.definitions(), of, self.pass.rows.len()) {
            lines.push(self.entry_line(of, &formula));
        }
        print_markdown(&lines)
    }

    /// How a tensor is made.
    fn line(&self, tensor: Tensor) -> Option<Line> {
        let expression = self.names.convention.definition(self.definitions(), tensor)?;
        Some(self.names.line(tensor, &expression))
    }

    /// One number worked out: its formula, and the same with numbers.
    fn entry_line(&self, of: Quantity, formula: &Expression<Quantity>) -> Line {
        let value =
            |part: &Expression<Quantity>| evaluate(part, self.pass).map_or(f64::NAN, |(value, _)| value);
        let value: ValueOf<'_, Quantity> = &value;
        let name = self.names.symbol(of);
        let right = latex(formula, &|leaf| self.names.latex(*leaf), &|_| true, Some(value));
        let number = |leaf: &Quantity| leaf.value(self.pass).map_or_else(|| "?".to_owned(), short);
        let symbols =
            Symbols { leaf: &number, is_scalar: &|_| true, value: Some(value), names_written_out: true };
        let result = full(value(formula), Precision::F64);
        Line {
            title: name.clone(),
            latex: format!("{} = {right}", self.names.latex(of)),
            numbers: format!("{name} = {} = {result}", symbols.line(formula)),
            ..Line::default()
        }
    }

    /// Every path with its factors, and their sum.
    fn paths(&self, of: Quantity) -> Result<(), JobError> {
        let found = Paths::find(self.definitions(), self.pass, of, &|| false)
            .ok_or_else(|| unreached(self.param, of, self.pass))?;
        let about = Message::new("cli-explain-paths")
            .with("shown", found.listed.len())
            .with("n", found.n_paths.to_string());
        self.say(&about)?;
        for (idx, path) in found.listed.iter().enumerate() {
            let product = full(path.product, Precision::F64);
            let numbers: Vec<String> =
                path.factors.iter().map(|factor| in_parentheses(factor.value)).collect();
            print(&format!("{}. `{} = {product}`", idx + 1, numbers.join(" · ")))?;
            for factor in &path.factors {
                let symbols = Symbols {
                    leaf: &|leaf: &Quantity| self.names.symbol(*leaf),
                    is_scalar: &|_| true,
                    value: None,
                    names_written_out: false,
                };
                let of = factor.of.map_or_else(|| "loss".to_owned(), |of| self.names.symbol(of));
                let with_respect_to = self.names.symbol(factor.with_respect_to);
                let formula = symbols.line(&factor.formula);
                let value = short(factor.value);
                print(&format!("   - `∂{of} / ∂{with_respect_to} = {formula} = {value}`"))?;
            }
        }
        print("")?;
        self.say(&Message::new("cli-explain-sum").with("sum", full(found.sum, Precision::F64)))
    }

    /// How many multiplications either way needs.
    fn counts(&self, of: Quantity) -> Result<(), JobError> {
        if let Some(found) = Paths::find(self.definitions(), self.pass, of, &|| false) {
            let message = Message::new("cli-explain-count-entry")
                .with("steps", found.step_multiplications.to_string())
                .with("paths", found.multiplications.to_string());
            self.say(&message)?;
        }
        let n_numbers: usize = self.pass.parameters.values().map(|it| it.value.len()).sum();
        if n_numbers > MOST_COUNTED {
            return Ok(());
        }
        let timeline = Timeline::new(self.definitions(), self.pass);
        let counted = timeline.and_then(|timeline| multiplications(self.definitions(), &timeline, &|| false));
        let Some(Multiplications { by_paths, by_steps }) = counted else { return Ok(()) };
        let message = Message::new("cli-explain-count-all")
            .with("steps", by_steps.to_string())
            .with("paths", by_paths.to_string());
        self.say(&message)
    }
}

fn in_parentheses(value: f64) -> String {
    let text = short(value);
    if text.starts_with('−') { format!("({text})") } else { text }
}

/// Markdown on standard output; what a terminal would obey in a name is shown instead.
pub(super) fn print_markdown(lines: &[Line]) -> Result<(), JobError> {
    let text = markdown(lines);
    let lines: Vec<_> = text.lines().map(printable).collect();
    print_lines(&lines.join("\n"))?;
    print("")
}
