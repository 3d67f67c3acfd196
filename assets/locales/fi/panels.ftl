# Paneelit: tarkastelu, kuvaajat, vastavirta, lajien nimet.

kind-input = Syöte
kind-target = Tavoite
kind-dense = Dense
kind-identity = Identiteetti
kind-relu = ReLU
kind-leaky-relu = Vuotava ReLU
kind-elu = ELU
kind-gelu = GELU
kind-silu = SiLU
kind-softplus = Softplus
kind-sigmoid = Sigmoidi
kind-tanh = Tanh
kind-softmax = Softmax
kind-add = Summa
kind-multiply = Tulo
kind-concat = Yhdistä
kind-dropout = Dropout
kind-mse = MSE
kind-half-sum-of-squares = Puolet neliösummasta
kind-mae = MAE
kind-huber = Huber
kind-bce = BCE
kind-bce-with-logits = BCE logiteista
kind-cross-entropy = Ristientropia
kind-cross-entropy-with-logits = Ristientropia logiteista
