//! `walk`: a whole pass, action by action: as Markdown, as a NumPy script, as LaTeX, or as the course
//! writes it.

use std::fmt::Write as _;

use super::explain::{pass, print_markdown};
use super::explain_arguments::{WalkArgs, WalkTarget};
use super::job::JobError;
use super::output::{self, print, print_lines, say};
use super::printable::printable;
use crate::explain::print::{Convention, EntryNames, Line, NUMPY_PRELUDE, Names};
use crate::explain::{
    ActionKind, CodeStyle, CourseLine, Definitions, Phase, Tensor, Timeline, TimelineAction, course_backward,
    course_loop, short,
};
use crate::train::{Pass, Values};
use crate::words::{Message, Words};

/// The numbers of a matrix with more than this are left out of the text.
const MOST_PRINTED: usize = 64;

pub(super) fn run(args: &WalkArgs) -> Result<(), JobError> {
    let words = output::words();
    let (opened, pass) = pass(&args.model, &args.pass)?;
    let network = &opened.model.document.network;
    let network_shapes = network.infer_shapes().0;
    let definitions = Definitions::new(network, &network_shapes).with_updates_of(&pass);
    let convention = Convention::from(args.pass.convention);
    let names = Names::new(&definitions, convention.names);
    let timeline = Timeline::new(&definitions, &pass)
        .ok_or_else(|| JobError::Failed(Message::new("cli-has-problems")))?;
    let printer = Printer {
        words: &words,
        pass: &pass,
        timeline: &timeline,
        style: CodeStyle { definitions: &definitions, convention, names: &names },
    };
    match args.to {
        WalkTarget::Markdown => printer.markdown(),
        WalkTarget::Numpy => printer.numpy(),
        WalkTarget::Latex => printer.latex(),
        WalkTarget::Course => course(&words, &definitions),
    }
}

struct Printer<'a> {
    words: &'a Words,
    pass: &'a Pass,
    timeline: &'a Timeline,
    style: CodeStyle<'a>,
}

impl Printer<'_> {
    fn entry_names(&self) -> EntryNames<'_> {
        let CodeStyle { definitions, convention, names } = self.style;
        EntryNames { definitions, convention, names }
    }

    /// The phases that have actions, with those.
    fn phases(&self) -> impl Iterator<Item = (Phase, std::ops::Range<usize>)> {
        self.timeline.phases().into_iter().filter(|(_, range)| !range.is_empty())
    }

    fn shown(&self, tensor: Tensor) -> Option<Values> {
        self.style.convention.shown(self.style.definitions, tensor, self.pass)
    }

    fn markdown(&self) -> Result<(), JobError> {
        for (phase, range) in self.phases() {
            print(&format!("## `{}`", phase.code()))?;
            print("")?;
            let mut lines = Vec::new();
            for idx in range {
                let Some(action) = self.timeline.action(idx) else { continue };
                lines.push(self.line(idx, action));
            }
            print_markdown(&lines)?;
        }
        Ok(())
    }

    /// One action: what it makes, how, and the numbers.
    fn line(&self, idx: usize, action: &TimelineAction) -> Line {
        let code = self.timeline.code(idx, &self.style).join("\n");
        let rewritten = action.makes.zip(action.definition.clone()).and_then(|(makes, definition)| {
            let CodeStyle { definitions, convention, .. } = self.style;
            Some((makes, convention.rewritten(definitions, makes, definition)?))
        });
        let mut line = match rewritten {
            Some((makes, formula)) => self.entry_names().line(makes, &formula),
            None => Line::default(),
        };
        let node = action.node.and_then(|node| self.style.definitions.network().nodes.get(&node));
        let what = self.words.say(&Message::new(match action.kind {
            ActionKind::Clear => "cli-walk-clear",
            ActionKind::Forward => "cli-walk-forward",
            ActionKind::Seed if action.starts_with_vector() => "cli-walk-vector",
            ActionKind::Seed => "cli-walk-seed",
            ActionKind::SendOver(_) => "cli-walk-send-over",
            ActionKind::SendPast { .. } => "cli-walk-send-past",
            ActionKind::SendTo(_) => "cli-walk-send-to",
            ActionKind::Clip => "cli-walk-clip",
            ActionKind::Update(_) => "cli-walk-update",
        }));
        let mut title = node.map_or_else(String::new, |node| format!("{}: ", node.name));
        title.push_str(&what);
        if self.timeline.n_steps() > 1 && node.is_some() && action.phase != Phase::Step {
            // Writing to a string cannot fail.
            let _ = write!(title, ", t = {}", action.time_step);
        }
        if action.is_for_showing {
            title.push_str(&self.words.say(&Message::new("cli-walk-for-showing")));
        }
        line.title = title;
        let values = action.makes.and_then(|makes| Some((makes, self.shown(makes)?)));
        if let Some(values) = values.filter(|(_, values)| values.len() <= MOST_PRINTED) {
            line.numbers = format!("{} = {}", self.style.names.symbol(values.0), matrix(&values.1, short));
        }
        line.code = code;
        line
    }

    fn latex(&self) -> Result<(), JobError> {
        for (phase, range) in self.phases() {
            print(&format!("% {}", phase.code()))?;
            let mut lines = Vec::new();
            for idx in range {
                let Some(action) = self.timeline.action(idx) else { continue };
                let latex = self.line(idx, action).latex;
                if let Some((left, right)) = latex.split_once(" = ") {
                    lines.push(printable(&format!("{left} &= {right}")).into_owned());
                }
            }
            if !lines.is_empty() {
                print_lines(&format!("\\begin{{aligned}}\n{}\n\\end{{aligned}}", lines.join(" \\\\\n")))?;
            }
        }
        Ok(())
    }

    /// A script that runs by itself: what is given, and then every action's lines.
    fn numpy(&self) -> Result<(), JobError> {
        print_lines(NUMPY_PRELUDE)?;
        print(&format!("N = {}", self.pass.rows.len()))?;
        for tensor in self.timeline.givens(&self.style) {
            if let Some(values) = self.shown(tensor) {
                let number = |x: f64| crate::explain::plain(x, crate::train::Precision::F64);
                let numbers = matrix(&values, number).replace("NaN", "np.nan").replace("inf", "np.inf");
                let shape = values.shape();
                let reshaped = if shape.len() > 2 { format!(".reshape({shape:?})") } else { String::new() };
                print(&format!("{} = np.array({numbers}){reshaped}", self.style.names.code(tensor)))?;
            }
        }
        for (phase, range) in self.phases() {
            print("")?;
            print(&format!("# {}", phase.code()))?;
            for line in range.flat_map(|idx| self.timeline.code(idx, &self.style)) {
                print(&line)?;
            }
        }
        Ok(())
    }
}

/// A tensor as nested lists; further axes follow one another in a row.
fn matrix(values: &Values, number: impl Fn(f64) -> String) -> String {
    let row = |at: usize| {
        let numbers: Vec<String> = values.row(at).iter().map(|&x| number(x)).collect();
        format!("[{}]", numbers.join(", "))
    };
    match values.shape() {
        [] => values.data().first().map_or_else(String::new, |&x| number(x)),
        [_] => row(0),
        _ => format!("[{}]", (0..values.n_rows()).map(row).collect::<Vec<_>>().join(", ")),
    }
}

/// The backward method of the course's class, long and as a loop.
fn course(words: &Words, definitions: &Definitions<'_>) -> Result<(), JobError> {
    let long =
        course_backward(definitions).ok_or_else(|| JobError::Failed(Message::new("cli-walk-no-chain")))?;
    let method = |lines: &[CourseLine]| -> Result<(), JobError> {
        print("def backward(self, target):")?;
        for line in lines {
            if let Some(note) = &line.note {
                let indent = line.code.len() - line.code.trim_start().len();
                print(&format!("    {}# {}", " ".repeat(indent), words.say(note)))?;
            }
            print(&format!("    {}", line.code))?;
        }
        Ok(())
    };
    method(&long)?;
    if let Some(lines) = course_loop(definitions) {
        print("")?;
        say(words, &Message::new("cli-walk-loop"))?;
        method(&lines)?;
    }
    Ok(())
}
