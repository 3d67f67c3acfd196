//! Everything that is found can be said, in every language.

use crate::network::*;
use crate::words::{Language, Message, MessageArg, ToMessage, Words};

fn assert_said(message: &Message) {
    for language in Language::CHOICES {
        let words = Words::new(language);
        let said = words.say(message);
        assert!(words.has(message.id), "{language:?} lacks {}", message.id);
        // Fluent leaves the name of an argument that it was not given in braces.
        assert!(!said.contains('{'), "{language:?}: {said}");
    }
    for (_, arg) in &message.args {
        if let MessageArg::Message(inner) = arg {
            assert_said(inner);
        }
    }
}

fn sides() -> [Side; 2] {
    let side = |port, size: &str| Side { port, source: "Dense 1".to_owned(), size: size.to_owned() };
    [side(PortName::Prediction, "4"), side(PortName::Target, "2×3")]
}

#[test]
fn every_problem_can_be_said() {
    let node = || "Dense 1".to_owned();
    let shape = || "[N, 3]".to_owned();
    let kinds = [
        ProblemKind::Empty,
        ProblemKind::NoLoss,
        ProblemKind::NoTarget,
        ProblemKind::MissingInput { node: node(), port: PortName::Prediction },
        ProblemKind::TooFewInputs { node: node(), expected: 2, found: 1 },
        ProblemKind::WireWithoutPort { node: node(), ports: 1 },
        ProblemKind::LooseEnd,
        ProblemKind::LossHasNoOutput { node: node() },
        ProblemKind::TargetAsInput { target: node(), node: node() },
        ProblemKind::ShapeMismatch { node: node(), expected: shape(), found: shape() },
        ProblemKind::SidesDiffer { node: node(), sides: Box::new(sides()) },
        ProblemKind::ClassesAsNumbers { loss: node(), target: node(), n: 3 },
        ProblemKind::UnknownShape { node: node() },
        ProblemKind::CycleWithoutDelay { nodes: vec![node(), node()] },
        ProblemKind::NotProbabilities { loss: node(), source: node() },
        ProblemKind::AlreadyProbabilities { loss: node(), source: node() },
        ProblemKind::GradientStops { node: node(), stop: Stop::Flat },
        ProblemKind::GradientStops { node: node(), stop: Stop::Detached },
        ProblemKind::NothingLearns { node: node(), stop: Stop::Drawn },
        ProblemKind::RootReachesNothing { root: node(), node: node(), stop: Stop::Flat },
        ProblemKind::DuplicateName { name: node() },
        ProblemKind::EmptyName,
        ProblemKind::RootNotScalar { node: node(), found: "[N, 2]".into() },
        ProblemKind::SeedMisfit { node: node(), expected: "[2]".into(), found: "[3]".into() },
        ProblemKind::Unused { node: node() },
        ProblemKind::NoWidth { node: node() },
        ProblemKind::RowLength { node: node(), row: 1, expected: 2, found: 3 },
        ProblemKind::RowNotFinite { node: node(), row: 1 },
        ProblemKind::RowCount { node: node(), expected: 1, found: 2 },
        ProblemKind::Setting { node: node(), setting: "p", expected: "0 ≤ p < 1", found: 1.0 },
        ProblemKind::Setting { node: String::new(), setting: "n_steps", expected: "≥ 1", found: 0.0 },
        ProblemKind::LoopWithoutSteps,
        ProblemKind::TooLarge { what: Large::Parameters, limit: 1, found: 2 },
        ProblemKind::TooLarge { what: Large::Copies, limit: 1, found: 2 },
        ProblemKind::TooLarge { what: Large::CopiedWires, limit: 1, found: 2 },
        ProblemKind::TooLarge { what: Large::ValueOf(node()), limit: 1, found: 2 },
        ProblemKind::TooLarge { what: Large::Values, limit: 1, found: 2 },
        ProblemKind::TooLarge { what: Large::WiresOf(node()), limit: 1, found: 2 },
        ProblemKind::TooLarge { what: Large::Batch(3), limit: 1, found: 2 },
    ];
    for kind in kinds {
        assert_said(&kind.message());
    }
}

#[test]
fn every_fix_refusal_port_kind_and_pattern_can_be_said() {
    let (node, edge) = (NodeId(1), EdgeId(1));
    let fixes = [
        Fix::SetUnits { node, units: 3 },
        Fix::MakeLoop { edge },
        Fix::SetLoss { node, kind: LossKind::Bce },
        Fix::Classify { loss: node },
        Fix::Rename { node },
        Fix::RemoveEdge { edge },
        Fix::SetSteps { n_steps: 10 },
        Fix::SetFeatures { node, features: 2 },
    ];
    let refusals = [
        Refusal::NoSuchNode,
        Refusal::LossHasNoOutput,
        Refusal::NoSuchPort,
        Refusal::PortTaken,
        Refusal::Cycle,
        Refusal::Shape { expected: "[N, 3]".into(), found: "[N, 4]".into() },
        Refusal::SidesDiffer(Box::new(sides())),
    ];
    let ports = [
        PortName::Input,
        PortName::Prediction,
        PortName::Target,
        PortName::Any,
        PortName::Other,
        PortName::Exponent,
        PortName::Condition,
    ];
    let messages = fixes.iter().map(ToMessage::message);
    let messages = messages.chain(refusals.iter().map(ToMessage::message));
    let messages = messages.chain(ports.iter().map(ToMessage::message));
    let messages = messages.chain(NodeKind::palette().iter().map(ToMessage::message).collect::<Vec<_>>());
    for message in messages.chain(PatternKind::ALL.iter().map(ToMessage::message)) {
        assert_said(&message);
    }
}
