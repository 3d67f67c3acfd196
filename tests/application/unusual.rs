//! Models written for a test: few rows of unusual data under a small network with fixed weights.
//!
//! Must not know what is tested with them.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use vastavirta::app::{App, Command, DataCommand, FileCommand, Questions, RowsQuestion, ViewCommand};

use crate::command_line::{json, program, ran};
use crate::window::{Drawn, rest, window};

const LIMIT: Duration = Duration::from_mins(2);

/// A loss with the layer before it.
pub(crate) struct Loss {
    /// As files write it.
    pub(crate) kind: &'static str,
    /// Between the layer and the loss.
    pub(crate) activation: Option<&'static str>,
    /// Its target's columns, and how many numbers they make.
    pub(crate) columns: &'static [&'static str],
    pub(crate) width: usize,
}

/// A model over the columns of a CSV.
pub(crate) struct Model<'a> {
    pub(crate) csv: &'a str,
    /// Name and kind of every input.
    pub(crate) inputs: &'a [(&'static str, &'static str)],
    /// How many numbers the inputs make.
    pub(crate) width: usize,
    /// Kind of the targets.
    pub(crate) target: &'static str,
    pub(crate) losses: &'a [Loss],
    /// How many of the last rows validate, as a share.
    pub(crate) validation: f64,
    pub(crate) target_scaling: &'static str,
    pub(crate) missing: &'static str,
}

impl Default for Model<'_> {
    fn default() -> Self {
        Self {
            csv: "x,y\n1,2\n2,4\n3,7\n4,8\n",
            inputs: &[("x", "Number")],
            width: 1,
            target: "Number",
            losses: &[MSE],
            validation: 0.0,
            target_scaling: "Off",
            missing: "DropRows",
        }
    }
}

pub(crate) const MSE: Loss = Loss { kind: "Mse", activation: None, columns: &["y"], width: 1 };
pub(crate) const BCE: Loss = Loss { kind: "Bce", activation: Some("Sigmoid"), columns: &["y"], width: 1 };

/// A softmax over so many classes.
pub(crate) const fn classes(width: usize) -> Loss {
    Loss { kind: "CrossEntropy", activation: Some("Softmax"), columns: &["y"], width }
}

/// The files of a model.
pub(crate) struct Files {
    pub(crate) folder: TempDir,
    pub(crate) model: PathBuf,
    pub(crate) data: PathBuf,
}

impl Model<'_> {
    /// Writes the model and its data.
    pub(crate) fn written(&self) -> Files {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("own.csv");
        fs::write(&data, self.csv).unwrap();
        let model = folder.path().join("model.ron");
        fs::write(&model, self.text(&data)).unwrap();
        Files { folder, model, data }
    }

    fn text(&self, data: &Path) -> String {
        let (mut nodes, mut edges, mut parameters) = (String::new(), String::new(), String::new());
        let width = self.width;
        let names: Vec<String> = self.inputs.iter().map(|(name, _)| format!("{name:?}")).collect();
        writeln!(nodes, "(id: 1, name: \"Input 1\", position: (0.0, 0.0), kind: Input(features: {width}, columns: [{}], rows: None, per_step: true)),", names.join(", ")).unwrap();
        let mut edge = |from: usize, to: usize, port: usize| {
            let id = edges.matches("id:").count() + 1;
            writeln!(edges, "(id: {id}, from: {from}, to: {to}, port: {port}, delay: 0, initial: Zeros),")
                .unwrap();
        };
        for (idx, loss) in self.losses.iter().enumerate() {
            let (dense, activation, target, id) = (10 * idx + 2, 10 * idx + 3, 10 * idx + 4, 10 * idx + 5);
            let (n, y) = (loss.width, 100.0 * idx as f64);
            writeln!(nodes, "(id: {dense}, name: \"Dense {}\", position: (170.0, {y:?}), kind: Dense(units: {n}, bias: true, weight_init: XavierUniform, bias_init: Zeros)),", idx + 1).unwrap();
            edge(1, dense, 0);
            let mut last = dense;
            if let Some(kind) = loss.activation {
                writeln!(nodes, "(id: {activation}, name: \"{kind} {}\", position: (340.0, {y:?}), kind: Activation({kind})),", idx + 1).unwrap();
                edge(dense, activation, 0);
                last = activation;
            }
            writeln!(nodes, "(id: {target}, name: \"Target {}\", position: (340.0, {:?}), kind: Target(features: {n}, columns: {:?}, rows: None, per_step: true)),", idx + 1, y + 60.0, loss.columns).unwrap();
            writeln!(nodes, "(id: {id}, name: \"Loss {}\", position: (510.0, {y:?}), kind: Loss(kind: {}, weight: 1.0, counted: Last)),", idx + 1, loss.kind).unwrap();
            edge(last, id, 0);
            edge(target, id, 1);
            let weights: Vec<String> =
                (0..n * width).map(|k| format!("{:?}", 0.3 - 0.17 * k as f64)).collect();
            writeln!(
                parameters,
                "(of: Weight(node: {dense}), shape: [{n}, {width}], trainable: true, values: F64(\"{}\")),",
                weights.join(" ")
            )
            .unwrap();
            writeln!(
                parameters,
                "(of: Bias(node: {dense}), shape: [{n}], trainable: true, values: F64(\"{}\")),",
                vec!["0.1"; n].join(" ")
            )
            .unwrap();
        }
        let mut columns = String::new();
        for (name, kind) in self.inputs {
            writeln!(columns, "(name: {name:?}, role: Feature, kind: {kind}),").unwrap();
        }
        for name in self.losses.iter().flat_map(|loss| loss.columns) {
            writeln!(columns, "(name: {name:?}, role: Target, kind: {}),", self.target).unwrap();
        }
        let data = data.to_str().unwrap();
        let (validation, scaling, missing) = (self.validation, self.target_scaling, self.missing);
        format!(
            "// Vastavirta model\n(version: 1, network: (n_steps: 1, truncate: None, nodes: [{nodes}], edges: [{edges}]),\n\
             data: (path: Some({data:?}), fingerprint: None, dialect: (delimiter: ',', quote: '\"', decimal: Point, header: true, encoding: Utf8),\n\
             columns: [{columns}], missing: {missing}, scaling: Off, target_scaling: {scaling},\n\
             split: (validation_fraction: {validation:?}, shuffle: false), sequence: Windows(stride: 1, horizon: 1)),\n\
             preprocessing: None, training: (optimizer: Sgd(momentum: 0.0, nesterov: false, weight_decay: 0.0), learning_rate: 0.1,\n\
             batch_size: 4, shuffle: false, epochs: 2, target_loss: None, patience: None, clip: Off, seed: 1),\n\
             parameters: [{parameters}], optimizer: None)\n"
        )
    }
}

impl Files {
    /// A file beside them.
    pub(crate) fn second(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// The model in an application without a window, its rows predicted.
    pub(crate) fn opened(&self) -> App {
        let mut app = App::new(Arc::new(|| {}));
        app.dispatch(Command::File(FileCommand::Open(self.model.clone())));
        assert!(app.wait(LIMIT));
        asking(&mut app, RowsQuestion::default());
        app
    }

    /// The same in a window, with a panel in sight.
    pub(crate) fn shown(&self, harness: &mut Drawn, pane: &str) {
        window(harness).app_mut().dispatch(Command::File(FileCommand::Open(self.model.clone())));
        rest(harness);
        window(harness).show_pane(pane);
        rest(harness);
    }

    /// What `evaluate --json` prints.
    pub(crate) fn evaluated(&self, data: &Path) -> serde_json::Value {
        json(&ran(&["evaluate", self.model.to_str().unwrap(), "--data", data.to_str().unwrap(), "--json"]))
    }

    /// The cells that `predict` prints, without the titles.
    pub(crate) fn predicted(&self, data: &Path) -> Vec<Vec<String>> {
        let arguments = ["predict", self.model.to_str().unwrap(), "--data", data.to_str().unwrap()];
        let printed = crate::support::output_of(&mut program(&arguments));
        printed.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
    }
}

pub(crate) fn asking(app: &mut App, rows: RowsQuestion) {
    let questions = Questions { rows: Some(rows), ..Questions::default() };
    app.dispatch(Command::View(ViewCommand::Ask(Box::new(questions))));
    assert!(app.wait(LIMIT));
}

pub(crate) fn score(app: &mut App, path: &Path) {
    app.dispatch(Command::Data(DataCommand::Score(Some(path.to_owned()))));
    assert!(app.wait(LIMIT));
}
