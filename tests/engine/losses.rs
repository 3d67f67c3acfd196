//! Every loss against PyTorch, and the fused ones where plain formulas overflow.

use vastavirta::autodiff::{Op, ops};
use vastavirta::tensor::{Matrix, Real};

use crate::case::{Net, both_precisions, compare, matrix};

fn check<T: Real>(name: &str, op: impl Op<T> + 'static) {
    let mut net = Net::<T>::new(&format!("loss_{name}"));
    let y = matrix(&net.json["parameters"]["y"]);
    let y = net.leaf_of("y", y);
    let targets = net.targets();
    net.loss("loss", op, [y, targets], 1.0);
    net.run().check();
}

both_precisions! {
    fn mse<T>() { check::<T>("mse", ops::Mse) }
    fn half_sum_of_squares<T>() { check::<T>("half_sum_of_squares", ops::HalfSumOfSquares) }
    fn mae<T>() { check::<T>("mae", ops::Mae) }
    fn huber<T>() { check::<T>("huber_delta1", ops::Huber { delta: 1.0 }) }

    fn bce_of_a_sigmoid_at_a_thousand<T>() {
        let mut net = Net::<T>::new("bce_sigmoid_extreme");
        let z = matrix(&net.json["parameters"]["z"]);
        let z = net.leaf_of("z", z);
        let targets = net.targets();
        let a = net.apply("a", ops::Sigmoid, &[z]);
        net.loss("loss", ops::Bce, [a, targets], 1.0);
        net.run().check();
    }

    fn bce_with_logits_at_a_thousand<T>() {
        let mut net = Net::<T>::new("bce_sigmoid_extreme");
        let z = matrix(&net.json["parameters"]["z"]);
        let z = net.leaf_of("z", z);
        let targets = net.targets();
        net.loss("loss", ops::BceWithLogits, [z, targets], 1.0);
        net.run().check();
    }

    fn cross_entropy_of_a_softmax_at_a_thousand<T>() {
        let mut net = Net::<T>::new("cross_entropy_extreme");
        let z = matrix(&net.json["parameters"]["z"]);
        let z = net.leaf_of("z", z);
        let targets = net.one_hot(&[1, 2], 3);
        let a = net.apply("a", ops::Softmax, &[z]);
        net.loss("loss", ops::CrossEntropy, [a, targets], 1.0);
        let run = net.run();
        run.check();
        // The long way divides by a probability of exactly zero: there is none to show.
        assert!(run.grad_of("a").is_none());
        assert!(run.program.fused_losses(run.value_of("a")).next().is_some());
    }

    fn cross_entropy_with_logits_at_a_thousand<T>() {
        let mut net = Net::<T>::new("cross_entropy_extreme");
        let z = matrix(&net.json["parameters"]["z"]);
        let z = net.leaf_of("z", z);
        let targets = net.one_hot(&[1, 2], 3);
        net.loss("loss", ops::CrossEntropyWithLogits, [z, targets], 1.0);
        net.run().check();
    }

    fn a_batch_of_one_has_the_scale_of_one<T>() {
        let mut net = Net::<T>::new("loss_mse");
        let y = net.leaf_of("y", Matrix::from_element(1, 1, T::of(3.0)));
        let target = net.leaf_of("target", Matrix::from_element(1, 1, T::of(1.0)));
        net.loss("loss", ops::Mse, [y, target], 1.0);
        let run = net.run();
        // (3 − 1)² = 4 and 2·(3 − 1) = 4
        compare("loss", run.trace.value(run.value_of("loss")), &serde_json::json!(4.0));
        compare("grad", &run.grad_of("y").unwrap(), &serde_json::json!(4.0));
        assert!(run.grad_of("target").is_none(), "no gradient enters a target");
    }
}
