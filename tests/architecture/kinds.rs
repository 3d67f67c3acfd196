//! A kind of node declares itself in one place, and nobody else asks what it is.

use crate::reading::{code_only, lines_with, questions_in, sources};

/// The kind that was added last; whoever adds one names it here.
const NEWEST: &str = "Softsign";

/// In how many source files a kind of a family may stand: its declaration, its op with the list of
/// ops, the line of `compile/ops.rs`, what PyTorch keeps of it, and one to spare.
const MOST_FILES: usize = 6;

/// The enums that say what a node is.
const KINDS: [&str; 5] = ["NodeKind::", "Activation::", "LossKind::", "Operation::", "ReduceKind::"];

#[test]
fn the_newest_kind_stands_in_few_files() {
    let files: Vec<String> = sources()
        .iter()
        .filter(|source| !lines_with(source.shipped(), NEWEST).is_empty())
        .map(|source| source.path.clone())
        .collect();
    assert!(files.contains(&"compile/ops.rs".to_owned()), "{NEWEST} is the name of a kind");
    assert!(files.len() <= MOST_FILES, "{NEWEST} stands in {} files:\n{}", files.len(), files.join("\n"));
}

#[test]
fn only_declarations_ask_what_a_kind_is() {
    let mut findings = Vec::new();
    for source in sources().iter().filter(|source| !source.path.starts_with("network/kinds/")) {
        for (line, pattern) in questions_in(source.shipped()) {
            if KINDS.iter().any(|kind| pattern.contains(kind)) {
                findings.push(format!("src/{}:{line}: {}", source.path, pattern.trim()));
            }
        }
    }
    assert!(
        findings.is_empty(),
        "ask the kind itself (`is_loss`, `dense`, `declaration`), or add a question to network/kinds/mod.rs:\n{}",
        findings.join("\n")
    );
}

#[test]
fn questions_are_seen_in_every_form() {
    let text = "let NodeKind::Loss(l) = kind else { return };\nif let Some(NodeKind::Add) = kind {}\n\
                matches!(\n    kind, NodeKind::Add\n);\nlet kind = NodeKind::Add;\n\
                while let Some(at) = stack.pop() {} // let NodeKind::Add = x";
    let found: Vec<usize> = questions_in(&code_only(text))
        .into_iter()
        .filter(|(_, pattern)| pattern.contains("NodeKind::"))
        .map(|(line, _)| line)
        .collect();
    assert_eq!(found, [1, 2, 3]);
}
