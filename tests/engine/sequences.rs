//! Recurrent networks as the engine sees them: unrolled by hand, with shared parameters.

use vastavirta::autodiff::{ValueId, ops};
use vastavirta::tensor::{Matrix, Real};

use crate::case::{Net, Run, both_precisions, compare, numbers};

/// How an Elman network is unrolled.
#[derive(Clone, Copy, Default)]
struct Elman {
    /// Names are `h1`, `h2`, … and one `y`, instead of `h0`, `y0`, `h1`, ….
    from_one: bool,
    /// The state is detached before this step.
    detach_before: Option<usize>,
    /// The state before the first step is the parameter `h0`.
    trained_state: bool,
    /// The loss counts every step.
    every_step: bool,
}

/// Dense(x) + Dense(h, no bias) → Add → Tanh, step after step, and a Dense read-out.
fn unroll<T: Real>(name: &str, how: Elman) -> Run<T> {
    let mut net = Net::<T>::new(name);
    let json = net.json.clone();
    let [batch, steps, _] = numbers(&json["inputs"]["x"]).0[..] else { panic!("x is [N, T, features]") };
    let units = numbers(&json["parameters"]["bh"]).0[0];
    let mut state: ValueId = if how.trained_state {
        let parameter = net.parameter("h0");
        net.apply("initial", ops::Expand { row: 0 }, &[parameter])
    } else {
        net.leaf_of("initial", Matrix::zeros(units, batch))
    };
    // The parameter gives its name to the state after step 0, as the reference does.
    let h0_parameter = net.names.remove("h0");
    for step in 0..steps {
        let x = net.step_of(&json["inputs"]["x"], &format!("x{step}"), step);
        if how.detach_before == Some(step) {
            state = net.apply("detached", ops::Barrier::Detach, &[state]);
        }
        let input_part = net.dense("input part", x, "Wxh", "bh");
        let whh = net.parameter("Whh");
        let state_part = net.apply(&format!("state part {step}"), ops::Linear { bias: false }, &[state, whh]);
        let z = net.apply("z", ops::Add, &[input_part, state_part]);
        let label = if how.from_one { step + 1 } else { step };
        state = net.apply(&format!("h{label}"), ops::Tanh, &[z]);
        let is_last = step + 1 == steps;
        let y_name = if how.from_one { "y".to_owned() } else { format!("y{step}") };
        let y = net.dense(&y_name, state, "Why", "by");
        let seed = match (how.every_step, is_last) {
            (true, _) => 1.0 / steps as f64,
            (false, true) => 1.0,
            (false, false) => 0.0,
        };
        let targets =
            if how.every_step { net.step_of(&json["targets"], "target", step) } else { net.targets() };
        net.loss("step loss", ops::Mse, [y, targets], seed);
    }
    if let Some(parameter) = h0_parameter {
        net.names.insert("h0 parameter".to_owned(), parameter);
    }
    net.run()
}

fn check_all<T: Real>(name: &str, how: Elman) -> Run<T> {
    let mut run = unroll::<T>(name, how);
    // The trained state is checked by hand: its name is also that of a value.
    let expected = run.json["gradients"].as_object_mut().unwrap().remove("h0");
    if let Some(expected) = expected {
        let id = run.program.parameter_of(run.value_of("h0 parameter")).unwrap();
        compare("grad of the initial state", run.store.grad(id).unwrap(), &expected);
    }
    run.check();
    for (sample, steps) in run.json["input_gradients"]["x"].as_array().unwrap().iter().enumerate() {
        for (step, expected) in steps.as_array().unwrap().iter().enumerate() {
            let grad = run.grad_of(&format!("x{step}")).unwrap();
            let column = Matrix::from_iterator(grad.nrows(), 1, grad.column(sample).iter().copied());
            compare(&format!("grad x[{sample}][{step}]"), &column, expected);
        }
    }
    run
}

both_precisions! {
    fn one_unit_three_steps<T>() {
        check_all::<T>("rnn_scalar_t3", Elman { from_one: true, ..Elman::default() });
    }

    fn two_three_one_five_steps<T>() {
        check_all::<T>("rnn_2_3_1_t5", Elman { from_one: true, ..Elman::default() });
    }

    fn loss_on_every_step<T>() {
        check_all::<T>("rnn_loss_every_step", Elman { every_step: true, ..Elman::default() });
    }

    fn trained_initial_state<T>() {
        check_all::<T>("rnn_trained_initial_state", Elman { trained_state: true, ..Elman::default() });
    }

    fn truncated_before_step_2<T>() {
        let run = check_all::<T>("rnn_truncated_k2", Elman { detach_before: Some(2), ..Elman::default() });
        assert!(run.grad_of("h1").unwrap().iter().all(|g| *g == T::zero()), "cut off, but computed: zeros");
    }

    fn shares_of_every_step_sum_to_the_gradient<T>() {
        let run = unroll_case_of_shares::<T>();
        let whh = run.value_of("Whh");
        let mut sum = Matrix::zeros(3, 3);
        let mut share = Matrix::zeros(0, 0);
        let expected = run.json["grad_steps"].as_array().unwrap();
        assert_eq!(run.program.uses(whh).len(), expected.len());
        for (&(instruction, arg), expected) in run.program.uses(whh).iter().zip(expected) {
            assert!(run.program.edge_grad(&run.store, &run.trace, instruction, arg, &mut share));
            compare("share", &share, expected);
            sum += &share;
        }
        compare("sum of shares", &sum, &run.json["grad"]);
        let parameter = run.program.parameter_of(whh).unwrap();
        compare("gradient", run.store.grad(parameter).unwrap(), &run.json["grad"]);
    }

    fn shares_of_every_sample_sum_to_the_gradient<T>() {
        let run = unroll_case_of_shares::<T>();
        let mut sum = Matrix::zeros(3, 3);
        let mut share = Matrix::zeros(0, 0);
        for &(instruction, arg) in run.program.uses(run.value_of("Whh")) {
            for sample in 0..run.trace.batch() {
                assert!(run.program.edge_grad_of_sample(
                    &run.store, &run.trace, instruction, arg, sample, &mut share
                ));
                sum += &share;
            }
        }
        compare("sum of shares", &sum, &run.json["grad"]);
    }
}

/// Two samples, four steps, loss on the last.
fn unroll_case_of_shares<T: Real>() -> Run<T> {
    unroll::<T>("rnn_grad_steps", Elman::default())
}

#[test]
fn ten_thousand_steps_need_no_deep_stack() {
    let worker = std::thread::Builder::new().stack_size(256 * 1024).spawn(|| {
        use std::sync::Arc;
        use vastavirta::autodiff::ProgramBuilder;
        use vastavirta::tensor::Shape;
        let mut builder = ProgramBuilder::<f64>::new();
        let mut state = builder.leaf("x", Shape::batched(&[1]));
        let target = builder.leaf("target", Shape::batched(&[1]));
        let weight = builder.parameter("w", Shape::fixed(&[1, 1]));
        for _ in 0..10_000 {
            state = builder.apply(Arc::new(ops::Linear { bias: false }), &[state, weight]).unwrap();
        }
        let loss = builder.apply(Arc::new(ops::HalfSumOfSquares), &[state, target]).unwrap();
        builder.add_loss(loss, 1.0);
        let program = builder.finish();
        let mut store = program.parameters();
        let id = store.ids().next().unwrap();
        store.value_mut(id)[0] = 1.0;
        let mut trace = program.trace(1);
        trace.value_mut(program.instruction(program.instruction_ids().next().unwrap()).inputs[0])[0] = 1.0;
        program.run(&mut store, &mut trace);
        // d/dw ½ (w^T)² at w = 1 is T.
        store.grad(id).unwrap()[0]
    });
    assert_eq!(worker.unwrap().join().unwrap(), 10_000.0);
}
