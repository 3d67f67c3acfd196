# Training and its errors.
