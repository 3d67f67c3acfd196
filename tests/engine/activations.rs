//! Every activation against PyTorch: loss = Σ w·f(z), w = [1, −2, 3, 0.5, −1.5, 2.5].

use vastavirta::autodiff::{Op, ops};
use vastavirta::tensor::{Matrix, Real, Shape};

use crate::case::{Net, both_precisions, matrix};

fn check<T: Real>(name: &str, op: impl Op<T> + 'static) {
    let mut net = Net::<T>::new(&format!("activation_{name}"));
    let z = matrix(&net.json["parameters"]["z"]);
    let z = net.leaf_of("z", z);
    let a = net.apply("a", op, &[z]);
    // A weighted sum of one sample's features is a linear map to one unit.
    let weights = net.builder.parameter("w", Shape::fixed(&[1, 6]));
    let loss = net.apply("sum", ops::Linear { bias: false }, &[a, weights]);
    net.builder.add_loss(loss, T::one());
    let mut run = net.run();
    let id = run.store.ids().next().unwrap();
    let w = Matrix::from_iterator(6, 1, [1.0, -2.0, 3.0, 0.5, -1.5, 2.5].map(T::of));
    run.store.value_mut(id).copy_from(&w);
    run.program.run(&mut run.store, &mut run.trace);
    run.program.complete_grads(&mut run.store, &mut run.trace);
    run.check();
}

both_precisions! {
    fn identity<T>() { check::<T>("identity", ops::Identity) }
    fn relu<T>() { check::<T>("relu", ops::Relu) }
    fn leaky_relu<T>() { check::<T>("leaky_relu_0.01", ops::LeakyRelu { negative_slope: 0.01 }) }
    fn elu<T>() { check::<T>("elu_1", ops::Elu { alpha: 1.0 }) }
    fn gelu<T>() { check::<T>("gelu_exact", ops::Gelu) }
    fn silu<T>() { check::<T>("silu", ops::Silu) }
    fn softplus<T>() { check::<T>("softplus", ops::Softplus) }
    fn sigmoid<T>() { check::<T>("sigmoid", ops::Sigmoid) }
    fn tanh<T>() { check::<T>("tanh", ops::Tanh) }
    fn softmax<T>() { check::<T>("softmax", ops::Softmax) }
}
