# Panels: inspector, plots, backward pass, names of kinds.

kind-input = Input
kind-target = Target
kind-dense = Dense
kind-identity = Identity
kind-relu = ReLU
kind-leaky-relu = Leaky ReLU
kind-elu = ELU
kind-gelu = GELU
kind-silu = SiLU
kind-softplus = Softplus
kind-sigmoid = Sigmoid
kind-tanh = Tanh
kind-softmax = Softmax
kind-add = Add
kind-multiply = Multiply
kind-concat = Concat
kind-dropout = Dropout
kind-mse = MSE
kind-half-sum-of-squares = Half sum of squares
kind-mae = MAE
kind-huber = Huber
kind-bce = BCE
kind-bce-with-logits = BCE with logits
kind-cross-entropy = Cross-entropy
kind-cross-entropy-with-logits = Cross-entropy with logits
