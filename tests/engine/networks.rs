//! Whole networks against PyTorch: values, gradients of values, of parameters and of inputs.

use vastavirta::autodiff::{Clip, Optimizer, OptimizerKind, ops};

use crate::case::{Net, both_precisions, compare};

/// Dense → sigmoid → Dense → sigmoid, with the letters of the cases.
fn sigmoid_twice<T: vastavirta::tensor::Real>(net: &mut Net<T>) -> vastavirta::autodiff::ValueId {
    let x = net.input("x");
    let z1 = net.dense("z1", x, "W1", "b1");
    let a1 = net.apply("a1", ops::Sigmoid, &[z1]);
    let z2 = net.dense("z2", a1, "W2", "b2");
    net.apply("a2", ops::Sigmoid, &[z2])
}

both_precisions! {
    fn mazur<T>() {
        let mut net = Net::<T>::new("mazur_2_2_2");
        let a2 = sigmoid_twice(&mut net);
        let targets = net.targets();
        net.loss("loss", ops::HalfSumOfSquares, [a2, targets], 1.0);
        let mut run = net.run();
        run.check();

        // One step of 0.5 on the weights alone.
        let biases = ["b1", "b2"].map(|name| run.program.parameter_of(run.value_of(name)).unwrap());
        for bias in biases {
            run.store.set_trainable(bias, false);
        }
        run.program.run(&mut run.store, &mut run.trace);
        assert!(run.store.grad(biases[0]).is_none(), "frozen is none");
        let kind = OptimizerKind::Sgd { momentum: 0.0, nesterov: false, weight_decay: 0.0 };
        let mut optimizer = Optimizer::new(kind, &run.store);
        run.program.update(&mut run.store, &mut optimizer, Clip::None, 0.5);
        for (name, expected) in run.json["weights_after_one_step"].as_object().unwrap() {
            let id = run.program.parameter_of(run.value_of(name)).unwrap();
            compare(name, run.store.value(id), expected);
        }
        compare("b1", run.store.value(biases[0]), &run.json["parameters"]["b1"]);
    }

    fn grad_w_2x3<T>() {
        let mut net = Net::<T>::new("grad_w_2x3");
        let x = net.input("x");
        let z1 = net.dense("z1", x, "W1", "b1");
        let h = net.apply("h", ops::Sigmoid, &[z1]);
        let y = net.dense("y", h, "W2", "b2");
        let targets = net.targets();
        net.loss("loss", ops::Mse, [y, targets], 1.0);
        let run = net.run();
        run.check();
        let id = run.program.parameter_of(run.value_of("W1")).unwrap();
        let expected = serde_json::json!([[0.098, 0.196, 0.294], [0.1078, 0.2156, 0.3234]]);
        compare("grad W1", run.store.grad(id).unwrap(), &expected);
    }

    fn bce_one_sample<T>() {
        let mut net = Net::<T>::new("bce_2_3_1_one_sample");
        let a2 = sigmoid_twice(&mut net);
        let targets = net.targets();
        net.loss("loss", ops::Bce, [a2, targets], 1.0);
        let run = net.run();
        assert!(run.program.fused_losses(run.value_of("a2")).next().is_some(), "the pair is fused");
        run.check();
    }

    fn bce_batch<T>() {
        let mut net = Net::<T>::new("bce_2_3_1_batch");
        let a2 = sigmoid_twice(&mut net);
        let targets = net.targets();
        net.loss("loss", ops::Bce, [a2, targets], 1.0);
        net.run().check();
    }

    fn bce_batch_without_fusing<T>() {
        let mut net = Net::<T>::new("bce_2_3_1_batch");
        net.builder = net.builder.fuse(false);
        let a2 = sigmoid_twice(&mut net);
        let targets = net.targets();
        net.loss("loss", ops::Bce, [a2, targets], 1.0);
        let run = net.run();
        assert!(run.program.fused_losses(run.value_of("a2")).next().is_none());
        run.check();
    }

    fn softmax_cross_entropy<T>() {
        let mut net = Net::<T>::new("softmax_cross_entropy");
        let x = net.input("x");
        let z1 = net.dense("z1", x, "W1", "b1");
        let a1 = net.apply("a1", ops::Relu, &[z1]);
        let z2 = net.dense("z2", a1, "W2", "b2");
        let p = net.apply("p", ops::Softmax, &[z2]);
        let targets = net.one_hot(&[0, 2, 1, 2], 3);
        net.loss("loss", ops::CrossEntropy, [p, targets], 1.0);
        let run = net.run();
        assert!(run.program.fused_losses(run.value_of("p")).next().is_some(), "the pair is fused");
        run.check();
    }

    fn bias_trick<T>() {
        let mut net = Net::<T>::new("mse_sigmoid_bias_trick");
        let x = net.input("x");
        let w1 = net.parameter("W1");
        let z1 = net.apply("z1", ops::Linear { bias: false }, &[x, w1]);
        let a1 = net.apply("a1", ops::Sigmoid, &[z1]);
        let w2 = net.parameter("W2");
        let z2 = net.apply("z2", ops::Linear { bias: false }, &[a1, w2]);
        let a2 = net.apply("a2", ops::Sigmoid, &[z2]);
        let targets = net.targets();
        net.loss("loss", ops::HalfSumOfSquares, [a2, targets], 1.0);
        net.run().check();
    }

    fn dag_with_add_and_concat<T>() {
        let mut net = Net::<T>::new("dag_add_concat");
        let x = net.input("x");
        let z1 = net.dense("z1", x, "W1", "b1");
        let h1 = net.apply("h1", ops::Tanh, &[z1]);
        let z2 = net.dense("z2", h1, "W2", "b2");
        let h2 = net.apply("h2", ops::Relu, &[z2]);
        let sum = net.apply("sum", ops::Add, &[h1, h2]);
        let concat = net.apply("concat", ops::Concat, &[sum, x]);
        let y = net.dense("y", concat, "W3", "b3");
        let targets = net.targets();
        net.loss("loss", ops::Mse, [y, targets], 1.0);
        net.run().check();
    }

    fn two_weighted_losses<T>() {
        let mut net = Net::<T>::new("two_losses");
        let x = net.input("x");
        let z1 = net.dense("z1", x, "W1", "b1");
        let h = net.apply("h", ops::Tanh, &[z1]);
        let za = net.dense("za", h, "Wa", "ba");
        let yb = net.dense("yb", h, "Wb", "bb");
        let classes = net.one_hot(&[0, 1, 1], 2);
        net.loss("loss_a", ops::CrossEntropyWithLogits, [za, classes], 1.0);
        let targets = net.targets();
        net.loss("loss_b", ops::Mse, [yb, targets], 0.5);
        net.run().check();
    }
}
