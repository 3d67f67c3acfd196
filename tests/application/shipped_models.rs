//! The examples in `saved_models/`, drawn in code: the files must equal what stands here.
//!
//! To change an example, change it here and write the files anew:
//! `VASTAVIRTA_WRITE_MODELS=1 cargo test --test application shipped`

use std::fs;
use std::sync::Arc;

use vastavirta::data::{
    ColumnKind, ColumnRole, ColumnSettings, DataSettings, Dialect, Limits, MissingValues, Quiet, Scaling,
    SplitSettings, read_table,
};
use vastavirta::document::{Document, OptimizerSettings, TrainingSettings};
use vastavirta::files::{EXAMPLES, FIRST_EXAMPLE, ModelFile, open_example, read_model, write_model};
use vastavirta::network::{
    Activation, Builder, DenseNode, Initializer, LossKind, Network, NodeId, NodeKind, ParameterKey,
    ParameterRole, Position,
};

use crate::support::root;
use crate::{shipped_functions, shipped_sequences};

const ADAM: OptimizerSettings =
    OptimizerSettings::Adam { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.0 };
const SGD: OptimizerSettings = OptimizerSettings::Sgd { momentum: 0.0, nesterov: false, weight_decay: 0.0 };

/// From one node to the next, in canvas points.
const STEP: f32 = 170.0;

/// How many nodes stand side by side at most.
const LONGEST_ROW: usize = 5;

/// Every example with its name.
fn examples() -> Vec<(&'static str, ModelFile)> {
    let examples = [
        ("auto_mpg", auto_mpg()),
        ("xor", xor()),
        ("iris", iris()),
        ("digits", digits()),
        ("mazur", mazur()),
        ("grad_w_2x3", grad_w_2x3()),
        ("bce_2_3_1", bce_2_3_1()),
        ("five_layers", five_layers()),
        ("rosebrock", rosebrock()),
        ("dag_skip", dag_skip()),
        ("sine_rnn", shipped_sequences::sine_rnn()),
        ("lstm_sine", shipped_sequences::lstm_sine()),
    ];
    let examples = examples.into_iter().chain(shipped_functions::examples());
    let model = |document| ModelFile { document, ..ModelFile::default() };
    examples.map(|(name, document)| (name, model(document))).collect()
}

/// Hidden layers of `units` with `activation` in between, then `outputs`; what follows is the
/// caller's. Gives the nodes in order.
fn layers(
    b: &mut Builder,
    features: usize,
    units: &[usize],
    activation: Activation,
    outputs: usize,
) -> Vec<NodeId> {
    let mut nodes = vec![b.input(features)];
    let init = match activation {
        Activation::Relu => Initializer::KaimingUniform,
        _ => Initializer::XavierUniform,
    };
    for &units in units {
        let dense = DenseNode { weight_init: init, bias_init: Initializer::Zeros, ..DenseNode::new(units) };
        nodes.push(b.node(NodeKind::Dense(dense), &nodes[nodes.len() - 1..]));
        nodes.push(b.activation(nodes[nodes.len() - 1], activation));
    }
    let dense = DenseNode {
        weight_init: Initializer::XavierUniform,
        bias_init: Initializer::Zeros,
        ..DenseNode::new(outputs)
    };
    nodes.push(b.node(NodeKind::Dense(dense), &nodes[nodes.len() - 1..]));
    nodes
}

/// The loss at the end of a row of nodes, its target below the node before it, all placed. What would
/// be too long a row to be read on a small screen goes on in a second one.
fn finish(mut b: Builder, mut row: Vec<NodeId>, kind: LossKind, outputs: usize) -> (Network, NodeId) {
    let target = b.target(outputs);
    row.push(b.loss(kind, row[row.len() - 1], target));
    let mut network = b.finish();
    if row.len() <= LONGEST_ROW {
        let place = put_row(&mut network, &row, 0.0);
        put(&mut network, target, place.x, 120.0);
        return (network, target);
    }
    let (first, second) = row.split_at(LONGEST_ROW - 1);
    put_row(&mut network, first, -90.0);
    let place = put_row(&mut network, second, 70.0);
    // Losses with long names need more room.
    put(&mut network, row[row.len() - 1], place.x + STEP + 30.0, place.y);
    put(&mut network, target, place.x, 190.0);
    (network, target)
}

/// Places nodes side by side around the middle; gives the place of the last but one.
fn put_row(network: &mut Network, row: &[NodeId], y: f32) -> Position {
    let x = |place: usize| STEP * place as f32 - STEP * (row.len() - 1) as f32 / 2.0;
    for (place, node) in row.iter().enumerate() {
        put(network, *node, x(place), y);
    }
    Position { x: x(row.len() - 2), y }
}

fn put(network: &mut Network, node: NodeId, x: f32, y: f32) {
    network.nodes.get_mut(&node).unwrap().position = Position { x, y };
}

/// A CSV in `assets/`.
pub(crate) fn csv(
    name: &str,
    columns: Vec<ColumnSettings>,
    scaling: Scaling,
    target_scaling: Scaling,
) -> DataSettings {
    let path = root().join("assets").join(name);
    let table = read_table(&path, &Dialect::default(), &Limits::default(), &Quiet).unwrap();
    DataSettings {
        path: Some(path),
        fingerprint: Some(table.fingerprint()),
        dialect: Dialect::default(),
        columns,
        missing: MissingValues::DropRows,
        scaling,
        target_scaling,
        ..DataSettings::default()
    }
}

fn column(name: &str, role: ColumnRole, kind: ColumnKind) -> ColumnSettings {
    ColumnSettings { name: name.to_owned(), role, kind }
}

fn features(names: &[&str]) -> Vec<ColumnSettings> {
    names.iter().map(|name| column(name, ColumnRole::Feature, ColumnKind::Number)).collect()
}

/// A drawing with weights drawn from seed 1.
fn untrained(network: Network, data: DataSettings, training: TrainingSettings) -> Document {
    let parameters = network.initialize(training.seed);
    Document { network, parameters, data, training, ..Document::default() }
}

fn auto_mpg() -> Document {
    let mut b = Builder::new();
    let row = layers(&mut b, 9, &[64, 64], Activation::Relu, 1);
    let (network, _) = finish(b, row, LossKind::Mse, 1);
    let mut columns = vec![column("mpg", ColumnRole::Target, ColumnKind::Number)];
    columns.extend(features(&[
        "cylinders",
        "displacement",
        "horsepower",
        "weight",
        "acceleration",
        "model_year",
    ]));
    columns.push(column("origin", ColumnRole::Feature, ColumnKind::Category));
    columns.push(column("name", ColumnRole::Ignored, ColumnKind::Category));
    let data = csv("auto_mpg.csv", columns, Scaling::Standardize, Scaling::Standardize);
    untrained(network, data, TrainingSettings { optimizer: ADAM, ..TrainingSettings::default() })
}

fn xor() -> Document {
    let mut b = Builder::new();
    let mut row = layers(&mut b, 2, &[4], Activation::Sigmoid, 1);
    row.push(b.activation(row[row.len() - 1], Activation::Sigmoid));
    let (network, _) = finish(b, row, LossKind::Bce, 1);
    let mut columns = features(&["x1", "x2"]);
    columns.push(column("y", ColumnRole::Target, ColumnKind::Number));
    let mut data = csv("xor.csv", columns, Scaling::None, Scaling::None);
    data.split = SplitSettings { validation_fraction: 0.0, shuffle: false };
    let training = TrainingSettings {
        optimizer: ADAM,
        learning_rate: 0.1,
        batch_size: 4,
        epochs: 500,
        ..TrainingSettings::default()
    };
    untrained(network, data, training)
}

fn iris() -> Document {
    let mut b = Builder::new();
    let mut row = layers(&mut b, 4, &[16], Activation::Tanh, 3);
    row.push(b.activation(row[row.len() - 1], Activation::SOFTMAX));
    let (network, _) = finish(b, row, LossKind::CrossEntropy, 3);
    let mut columns = features(&["sepal_length", "sepal_width", "petal_length", "petal_width"]);
    columns.push(column("species", ColumnRole::Target, ColumnKind::Category));
    let data = csv("iris.csv", columns, Scaling::Standardize, Scaling::None);
    let training = TrainingSettings {
        optimizer: ADAM,
        learning_rate: 0.01,
        batch_size: 16,
        epochs: 100,
        ..TrainingSettings::default()
    };
    untrained(network, data, training)
}

fn digits() -> Document {
    let mut b = Builder::new();
    let mut row = layers(&mut b, 64, &[64], Activation::Relu, 10);
    row.push(b.activation(row[row.len() - 1], Activation::SOFTMAX));
    let (network, _) = finish(b, row, LossKind::CrossEntropy, 10);
    let names: Vec<String> = (0..64).map(|pixel| format!("p{}{}", pixel / 8, pixel % 8)).collect();
    let mut columns = features(&names.iter().map(String::as_str).collect::<Vec<_>>());
    columns.push(column("digit", ColumnRole::Target, ColumnKind::Category));
    let data = csv("digits_8x8.csv", columns, Scaling::MinMax, Scaling::None);
    let training = TrainingSettings {
        optimizer: ADAM,
        learning_rate: 0.003,
        batch_size: 32,
        epochs: 40,
        ..TrainingSettings::default()
    };
    untrained(network, data, training)
}

/// Training settings of an example whose rows stand in the drawing: one batch, in order.
fn by_hand(learning_rate: f64, rows: usize, epochs: usize) -> TrainingSettings {
    TrainingSettings {
        optimizer: SGD,
        learning_rate,
        batch_size: rows,
        shuffle: false,
        epochs,
        ..TrainingSettings::default()
    }
}

/// A drawing with its rows inside, and with fixed weights: for each Dense node W and b.
fn fixed(
    mut network: Network,
    (input, x): (NodeId, &[&[f64]]),
    (target, y): (NodeId, &[&[f64]]),
    weights: &[(&[f64], &[f64])],
    training: TrainingSettings,
) -> Document {
    for (node, rows) in [(input, x), (target, y)] {
        let (NodeKind::Input(data) | NodeKind::Target(data)) =
            &mut network.nodes.get_mut(&node).unwrap().kind
        else {
            unreachable!("rows belong to data nodes");
        };
        let rows = rows.iter().map(|row| row.to_vec()).collect();
        data.rows = Some(vastavirta::network::TypedRows { rows });
    }
    let mut parameters = network.initialize(training.seed);
    let is_dense = |node: &NodeId| matches!(network.nodes[node].kind, NodeKind::Dense(_));
    let dense: Vec<NodeId> = network.nodes.keys().copied().filter(is_dense).collect();
    assert_eq!(dense.len(), weights.len());
    for (node, (w, b)) in dense.into_iter().zip(weights) {
        for (role, values) in [(ParameterRole::Weight, w), (ParameterRole::Bias, b)] {
            let Some(parameter) = parameters.get_mut(&ParameterKey::Node(node, role)) else {
                assert!(values.is_empty(), "only a bias may be missing");
                continue;
            };
            assert_eq!(parameter.values.len(), values.len());
            parameter.values = Arc::new(values.to_vec());
        }
    }
    let mut data = DataSettings::default();
    data.split.validation_fraction = 0.0;
    Document { network, parameters, data, training, ..Document::default() }
}

/// Matt Mazur's step-by-step example: 2-2-2 with sigmoids, half the sum of squares, SGD 0.5. His
/// biases are not trained.
fn mazur() -> Document {
    let mut b = Builder::new();
    let mut row = layers(&mut b, 2, &[2], Activation::Sigmoid, 2);
    row.push(b.activation(row[row.len() - 1], Activation::Sigmoid));
    let input = row[0];
    let (network, target) = finish(b, row, LossKind::HalfSumOfSquares, 2);
    let mut document = fixed(
        network,
        (input, &[&[0.05, 0.10]]),
        (target, &[&[0.01, 0.99]]),
        &[(&[0.15, 0.20, 0.25, 0.30], &[0.35, 0.35]), (&[0.40, 0.45, 0.50, 0.55], &[0.60, 0.60])],
        by_hand(0.5, 1, 10_000),
    );
    for (key, parameter) in &mut document.parameters {
        parameter.trainable = !matches!(key, ParameterKey::Node(_, ParameterRole::Bias));
    }
    document
}

/// The course's 3-2-1 network, whose `grad_W` of the first layer is a 2×3 matrix of round numbers.
fn grad_w_2x3() -> Document {
    let mut b = Builder::new();
    let row = layers(&mut b, 3, &[2], Activation::Sigmoid, 1);
    let input = row[0];
    let (network, target) = finish(b, row, LossKind::Mse, 1);
    fixed(
        network,
        (input, &[&[1.0, 2.0, 3.0]]),
        (target, &[&[0.854]]),
        &[(&[0.1, 0.2, 0.3, 0.3, 0.2, 0.1], &[-1.4, -1.0]), (&[1.0, 1.1], &[0.0])],
        by_hand(0.1, 1, 100),
    )
}

/// Five sigmoid layers, 2-3-3-3-3-1, for the long `backward` of the course's page.
fn five_layers() -> Document {
    let mut b = Builder::new();
    let mut row = layers(&mut b, 2, &[3, 3, 3, 3], Activation::Sigmoid, 1);
    row.push(b.activation(row[row.len() - 1], Activation::Sigmoid));
    let (input, last) = (row[0], row[row.len() - 1]);
    let target = b.target(1);
    row.push(b.loss(LossKind::Bce, last, target));
    let mut network = b.finish();
    for (idx, &node) in row.iter().enumerate() {
        put(&mut network, node, STEP * (idx % 4) as f32 - 255.0, 160.0 * (idx / 4) as f32 - 160.0);
    }
    put(&mut network, target, 85.0, 280.0);
    // Small numbers of one decimal, all different.
    let numbers = |n: usize, shift: usize| -> Vec<f64> {
        (0..n).map(|i| (((i * 7 + shift * 3) % 11) as f64 - 5.0) / 10.0).collect()
    };
    let sizes = [2, 3, 3, 3, 3, 1];
    let weights: Vec<(Vec<f64>, Vec<f64>)> = (1..sizes.len())
        .map(|layer| {
            let (inputs, units) = (sizes[layer - 1], sizes[layer]);
            (numbers(inputs * units, layer), numbers(units, layer + 6))
        })
        .collect();
    let weights: Vec<(&[f64], &[f64])> = weights.iter().map(|(w, b)| (w.as_slice(), b.as_slice())).collect();
    fixed(network, (input, &[&[0.5, -1.0]]), (target, &[&[1.0]]), &weights, by_hand(0.5, 1, 200))
}

/// Adrian Rosebrock's way: a column of ones among the inputs takes the place of the bias, and half the
/// sum of squares is the loss, so that the delta has no 2/n.
fn rosebrock() -> Document {
    let mut b = Builder::new();
    let x = b.input(3);
    let dense = |units| {
        NodeKind::Dense(DenseNode {
            bias: false,
            weight_init: Initializer::XavierUniform,
            bias_init: Initializer::Zeros,
            ..DenseNode::new(units)
        })
    };
    let z1 = b.node(dense(3), &[x]);
    let a1 = b.activation(z1, Activation::Sigmoid);
    let z2 = b.node(dense(1), &[a1]);
    let a2 = b.activation(z2, Activation::Sigmoid);
    let (network, target) = finish(b, vec![x, z1, a1, z2, a2], LossKind::HalfSumOfSquares, 1);
    fixed(
        network,
        (x, &[&[0.0, 0.0, 1.0], &[0.0, 1.0, 1.0], &[1.0, 0.0, 1.0], &[1.0, 1.0, 1.0]]),
        (target, &[&[0.0], &[1.0], &[1.0], &[0.0]]),
        &[
            (
                &[
                    -0.230_977_793_143_062_55,
                    -0.820_406_404_100_506_6,
                    -0.765_088_163_412_072_8,
                    0.280_478_913_502_511_2,
                    -0.606_466_836_263_112_9,
                    0.024_894_656_303_210_194,
                    0.423_676_279_439_197_06,
                    0.849_744_525_881_300_8,
                    0.999_398_997_075_560_8,
                ],
                &[],
            ),
            (&[0.785_460_560_608_682_9, 0.753_439_443_733_738_2, 0.689_943_184_871_907_5], &[]),
        ],
        by_hand(0.5, 4, 20_000),
    )
}

/// The course's sigmoid 2-3-1 network with binary cross-entropy: the delta of the output is A − Y.
fn bce_2_3_1() -> Document {
    let mut b = Builder::new();
    let mut row = layers(&mut b, 2, &[3], Activation::Sigmoid, 1);
    row.push(b.activation(row[row.len() - 1], Activation::Sigmoid));
    let input = row[0];
    let (network, target) = finish(b, row, LossKind::Bce, 1);
    fixed(
        network,
        (input, &[&[0.0, 1.0]]),
        (target, &[&[1.0]]),
        &[
            (
                &[
                    -0.877_893_450_560_752_7,
                    -0.550_890_986_864_699_2,
                    -0.531_494_972_110_321_3,
                    -0.645_801_545_104_489,
                    0.112_136_112_297_989_14,
                    -0.781_112_292_689_584_6,
                ],
                &[-0.078_174_221_123_943_12, 0.416_730_565_782_585_5, 0.159_552_512_682_983_98],
            ),
            (
                &[-0.006_665_376_366_693_287_5, 0.020_750_344_537_270_538, -0.340_924_716_426_694_2],
                &[0.436_412_280_514_615_8],
            ),
        ],
        by_hand(0.5, 1, 200),
    )
}

/// Skip connections: h1 feeds Dense 2 and the Add, x feeds Dense 1 and the Concat.
#[expect(clippy::too_many_lines, reason = "one drawing, node by node")]
fn dag_skip() -> Document {
    let mut b = Builder::new();
    let x = b.input(3);
    let z1 = b.dense(x, 4);
    let h1 = b.activation(z1, Activation::Tanh);
    let z2 = b.dense(h1, 4);
    let h2 = b.activation(z2, Activation::Relu);
    let sum = b.node(NodeKind::Add, &[h1, h2]);
    let concat = b.node(NodeKind::CONCAT, &[sum, x]);
    let y = b.dense(concat, 1);
    let target = b.target(1);
    let loss = b.loss(LossKind::Mse, y, target);
    let mut network = b.finish();
    let places = [
        (x, -3.5, 0.0),
        (z1, -2.5, -60.0),
        (h1, -1.5, -60.0),
        (z2, -0.5, -150.0),
        (h2, 0.5, -150.0),
        (sum, 1.0, -30.0),
        (concat, 1.5, 90.0),
        (y, 2.5, 90.0),
        (target, 2.5, 200.0),
        (loss, 3.5, 90.0),
    ];
    for (node, column, height) in places {
        put(&mut network, node, column * STEP, height);
    }
    fixed(
        network,
        (
            x,
            &[
                &[-0.386_092_916_848_633_1, 0.536_356_059_605_064_7, 0.269_961_900_774_629_45],
                &[0.464_174_669_195_688_5, 0.979_780_547_946_205_6, -0.620_699_107_174_900_4],
                &[0.391_429_223_785_402, -0.737_375_528_915_784_8, 0.902_864_087_055_292_4],
            ],
        ),
        (target, &[&[-0.322_795_460_786_987_6], &[0.067_429_305_909_127_55], &[-0.789_763_996_302_952_6]]),
        &[
            (
                &[
                    0.624_653_202_563_969_5,
                    0.549_938_919_819_212_2,
                    0.461_516_267_148_808_45,
                    0.984_841_357_869_333_6,
                    0.456_377_504_452_771_6,
                    -0.534_331_251_342_762_9,
                    0.999_493_395_759_080_8,
                    0.108_008_445_803_954_08,
                    -0.159_902_233_781_468_17,
                    0.083_832_685_315_082_37,
                    0.728_350_047_877_588_4,
                    -0.137_505_757_408_078_02,
                ],
                &[
                    -0.757_499_912_648_205_4,
                    0.791_183_759_079_456_8,
                    0.756_850_979_556_220_4,
                    0.825_577_881_746_122_8,
                ],
            ),
            (
                &[
                    0.937_519_625_314_647_6,
                    -0.169_998_160_354_618_57,
                    -0.181_177_416_760_900_16,
                    0.376_939_268_723_301_97,
                    0.359_956_516_830_988_4,
                    0.283_039_538_757_977_8,
                    -0.196_197_253_226_232_83,
                    -0.025_087_517_077_837_518,
                    0.913_781_691_861_094_1,
                    0.034_400_053_102_011_44,
                    0.906_732_056_117_097_3,
                    0.708_032_362_713_648_9,
                    0.911_024_276_691_509_3,
                    -0.832_805_190_742_962_3,
                    -0.663_288_850_438_304_8,
                    -0.623_339_168_312_513_8,
                ],
                &[
                    0.876_887_520_378_406_8,
                    -0.291_480_971_046_213_4,
                    -0.594_595_414_293_408,
                    0.013_861_820_486_409_16,
                ],
            ),
            (
                &[
                    0.429_021_259_606_636_3,
                    0.360_203_845_372_494_06,
                    0.943_379_888_353_613_1,
                    -0.519_457_719_673_888_8,
                    -0.325_514_518_053_214_4,
                    0.052_046_996_839_965_276,
                    -0.641_196_281_749_796_3,
                ],
                &[-0.041_460_725_480_229_72],
            ),
        ],
        by_hand(0.1, 3, 100),
    )
}

#[test]
fn the_shipped_files_are_what_stands_here() {
    let write = std::env::var_os("VASTAVIRTA_WRITE_MODELS").is_some();
    for (name, model) in examples() {
        let path = root().join("saved_models").join(format!("{name}.ron"));
        if write {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            write_model(&path, &model).unwrap();
        }
        let read = read_model(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(read == model, "saved_models/{name}.ron is another model than the one drawn here");
    }
}

#[test]
fn every_shipped_file_is_an_example_and_saves_to_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    // The data stand where they stand beside the shipped models.
    let copies = folder.path().join("saved_models");
    fs::create_dir(&copies).unwrap();
    for entry in fs::read_dir(root().join("saved_models")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let (_, text) = EXAMPLES.iter().find(|(example, _)| *example == name).unwrap();
        let bytes = fs::read(&path).unwrap();
        assert!(bytes == text.as_bytes(), "{name}: the program holds another text than the file");
        let copy = copies.join(path.file_name().unwrap());
        fs::copy(&path, &copy).unwrap();
        write_model(&copy, &read_model(&copy).unwrap()).unwrap();
        assert!(fs::read(&copy).unwrap() == bytes, "{name}: saving changes the bytes");
        assert!(open_example(&name).unwrap().is_ok(), "{name}");
    }
    assert!(open_example(FIRST_EXAMPLE).is_some());
}

#[test]
fn no_example_has_a_problem() {
    for (name, _) in EXAMPLES {
        // It shows a problem: a test of its own says which.
        if *name == "step_refused" {
            continue;
        }
        let model = open_example(name).unwrap().unwrap();
        assert_eq!(model.document.network.problems(), [], "{name}");
    }
}
