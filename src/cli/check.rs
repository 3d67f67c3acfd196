//! `check`: the problems of a model, then the gradient check of every parameter.

use super::arguments::CheckArgs;
use super::job::JobError;
use super::load::Opened;
use super::output::{self, note, print, say, short};
use crate::autodiff::gradcheck::Outcome;
use crate::network::{EdgeId, Network, NodeId, Place, Problem, Severity};
use crate::train::{CheckedParameter, GradientCheck, check_gradients};
use crate::words::{Message, ToMessage as _, Words};

pub(super) fn run(args: &CheckArgs) -> Result<(), JobError> {
    let words = output::words();
    let opened = Opened::open(Some(&args.model), args.data.as_deref(), &args.dialect)?;
    let document = &opened.model.document;
    let mut problems = document.network.problems();
    if has_errors(&problems) {
        print_problems(&words, &document.network, &problems)?;
        return Err(JobError::Said);
    }
    let data = opened.prepare_as_fitted()?;
    for problem in opened.data_problems(&data) {
        // What costs rows is said beside the findings, too.
        if problem.severity < Severity::Error {
            note(&words, &problem.message());
        }
        if problem.severity > Severity::Note {
            problems.push(problem);
        }
    }
    print_problems(&words, &document.network, &problems)?;
    if has_errors(&problems) {
        return Err(JobError::Said);
    }
    let seed = document.training.seed;
    let check = match check_gradients(&document.network, &document.parameters, &data, seed) {
        Ok(check) => check,
        Err(problems) => {
            print_problems(&words, &document.network, &problems)?;
            return Err(JobError::Said);
        }
    };
    print_check(&words, &check)?;
    if check.passes() { Ok(()) } else { Err(JobError::Said) }
}

fn has_errors(problems: &[Problem]) -> bool {
    problems.iter().any(|problem| problem.severity == Severity::Error)
}

/// Says each problem with its place. Says so where there is none.
pub(super) fn print_problems(words: &Words, network: &Network, problems: &[Problem]) -> Result<(), JobError> {
    if problems.is_empty() {
        return say(words, &Message::new("cli-check-no-problems"));
    }
    for problem in problems {
        let place = place(network, &problem.at);
        let key = match problem.severity {
            Severity::Error if place.is_empty() => "cli-check-error-anywhere",
            Severity::Error => "cli-check-error",
            Severity::Warning if place.is_empty() => "cli-check-warning-anywhere",
            Severity::Warning => "cli-check-warning",
            Severity::Note => "cli-check-note",
        };
        let message = Message::new(key).with("place", place).with("problem", problem.message());
        say(words, &message)?;
        if let Some(fix) = &problem.fix {
            say(words, &Message::new("cli-check-fix").with("fix", fix.message()))?;
        }
    }
    Ok(())
}

/// `Dense 1`, `Input 1 → Dense 1`, or nothing for the whole network.
fn place(network: &Network, place: &Place) -> String {
    let node = |id: &NodeId| network.nodes.get(id).map_or_else(String::new, |node| node.name.clone());
    let edge = |id: &EdgeId| match network.edges.get(id) {
        Some(edge) => format!("{} → {}", node(&edge.from), node(&edge.to)),
        None => String::new(),
    };
    match place {
        Place::Node(id) => node(id),
        Place::Edge(id) => edge(id),
        Place::Edges(ids) => ids.iter().map(edge).collect::<Vec<_>>().join(", "),
        Place::Network => String::new(),
    }
}

fn print_check(words: &Words, check: &GradientCheck) -> Result<(), JobError> {
    for parameter in &check.parameters {
        print(&sentence(words, parameter))?;
        print_failures(words, parameter)?;
    }
    if check.is_sample {
        let n = check.parameters.iter().map(CheckedParameter::n_entries).sum::<usize>();
        let looked_at = check.parameters.iter().map(|parameter| parameter.entries.len()).sum::<usize>();
        say(words, &Message::new("cli-check-sample").with("checked", looked_at).with("n", n))?;
    }
    let has_any = check.parameters.iter().any(|parameter| !parameter.entries.is_empty());
    let key = if !check.passes() {
        "cli-check-fails"
    } else if has_any && check.count(Outcome::Agrees) == 0 {
        "cli-check-nothing"
    } else {
        "cli-check-passes"
    };
    say(words, &Message::new(key).with("rows", check.n_rows))
}

/// `Dense 1.weight: 5 of 6 checked, 1 at a kink, all agree, largest difference 2.1e-11`
fn sentence(words: &Words, parameter: &CheckedParameter) -> String {
    let [failed, at_kink] = [Outcome::Differs, Outcome::AtKink].map(|outcome| parameter.count(outcome));
    let checked = parameter.entries.len() - at_kink;
    let head = Message::new("cli-check-parameter")
        .with("name", parameter.name.as_str())
        .with("checked", checked)
        .with("n", parameter.n_entries());
    let mut parts = vec![head];
    if at_kink > 0 {
        parts.push(Message::new("cli-check-at-kink").with("n", at_kink));
    }
    if failed > 0 {
        parts.push(Message::new("cli-check-differ").with("n", failed));
    } else if checked > 0 {
        parts.push(Message::new("cli-check-agree"));
    }
    if let Some(worst) = parameter.worst() {
        let error = short((worst.analytic - worst.numeric).abs());
        parts.push(Message::new("cli-check-largest").with("error", error));
    }
    parts.iter().map(|part| words.say(part)).collect::<Vec<_>>().join(", ")
}

/// The first few entries that differ, each with both of its gradients.
fn print_failures(words: &Words, parameter: &CheckedParameter) -> Result<(), JobError> {
    let failed = parameter.entries.iter().filter(|entry| entry.outcome == Outcome::Differs);
    let columns =
        if parameter.shape.len() > 1 { parameter.shape.last().copied().unwrap_or(1).max(1) } else { 0 };
    for entry in failed.take(5) {
        let index = entry.index;
        let index = match index.checked_div(columns) {
            Some(row) => format!("[{row}, {}]", index % columns),
            None => format!("[{index}]"),
        };
        let message = Message::new("cli-check-entry")
            .with("name", parameter.name.as_str())
            .with("index", index)
            .with("analytic", entry.analytic.to_string())
            .with("numeric", entry.numeric.to_string());
        say(words, &message)?;
    }
    Ok(())
}
