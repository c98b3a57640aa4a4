# Known mistakes in unit 04, read by `course audit 04-rbm`. One mistake a cell: its code is put after the worked
# solution of the task, so that it replaces the functions it defines. The hint is a fragment of what its check must say.

# %% [task-1-probabilities] W not transposed on the way up
# hint: W must be transposed on the way up
def hidden_probabilities(v, W, c):
    return sigmoid(v @ W + c)

# %% [task-1-probabilities] W not transposed on the way back
# hint: On the way back the sum runs over the hidden neurons
def visible_probabilities(h, W, b):
    return sigmoid(h @ W.T + b)

# %% [task-1-probabilities] bias of the hidden neurons left out
# hint: The bias c is left out
def hidden_probabilities(v, W, c):
    return sigmoid(v @ W.T)

# %% [task-1-probabilities] bias outside of the sigmoid
# hint: The bias is added outside of the sigmoid
def hidden_probabilities(v, W, c):
    return sigmoid(v @ W.T) + c

# %% [task-1-probabilities] activities instead of probabilities
# hint: These are activities, and some lie outside [0, 1]
def visible_probabilities(h, W, b):
    return h @ W + b

# %% [task-1-probabilities] the probability of 0
# hint: the activity has the wrong sign
def hidden_probabilities(v, W, c):
    return 1 / (1 + np.exp(v @ W.T + c))

# %% [task-1-probabilities] states made certain in place
# hint: An argument was changed in place
def visible_probabilities(h, W, b):
    h[h < 0.5] = 0
    h[h >= 0.5] = 1
    return sigmoid(h @ W + b)

# %% [task-1-probabilities] draws returned
# hint: nothing is drawn before task 2
def hidden_probabilities(v, W, c):
    p = sigmoid(v @ W.T + c)
    return (np.random.rand(*p.shape) < p).astype(float)

# %% [task-2-sample] zeros and ones swapped
# hint: Zeros and ones are swapped
def sample(p, rng):
    return (rng.random(p.shape) >= p).astype(float)

# %% [task-2-sample] rounded
# hint: Rounding p is no draw
def sample(p, rng):
    return np.round(p)

# %% [task-2-sample] probabilities returned
# hint: These are not draws of 0 and 1
def sample(p, rng):
    return p

# %% [task-2-sample] one random number for all
# hint: each entry needs a random number of its own
def sample(p, rng):
    return (rng.random() < p).astype(float)

# %% [task-2-sample] one random number for each column
# hint: copies of each other
def sample(p, rng):
    return (rng.random(p.shape[-1]) < p).astype(float)

# %% [task-2-sample] a fresh seed inside
# hint: a generator made inside the function starts again
def sample(p, rng):
    return (np.random.default_rng(0).random(p.shape) < p).astype(float)

# %% [task-2-sample] NumPy's global generator
# hint: Draw from rng and nothing else
def sample(p, rng):
    return (np.random.rand(*p.shape) < p).astype(float)

# %% [task-2-sample] draws written into p
# hint: p was changed in place
def sample(p, rng):
    p[...] = rng.random(p.shape) < p
    return p

# %% [task-3-cd1] sign of the gradients swapped
# hint: The sign is swapped
def cd1_gradients(v0, W, b, c, rng):
    h0 = hidden_probabilities(v0, W, c)
    v1 = visible_probabilities(sample(h0, rng), W, b)
    h1 = hidden_probabilities(v1, W, c)
    return (h1.T @ v1 - h0.T @ v0) / len(v0), np.mean(v1 - v0, axis=0), np.mean(h1 - h0, axis=0)

# %% [task-3-cd1] sum instead of mean
# hint: This is the sum over the batch
def cd1_gradients(v0, W, b, c, rng):
    h0 = hidden_probabilities(v0, W, c)
    v1 = visible_probabilities(sample(h0, rng), W, b)
    h1 = hidden_probabilities(v1, W, c)
    return h0.T @ v0 - h1.T @ v1, np.sum(v0 - v1, axis=0), np.sum(h0 - h1, axis=0)

# %% [task-3-cd1] mean over the wrong axis
# hint: The mean runs over the wrong axis
def cd1_gradients(v0, W, b, c, rng):
    h0 = hidden_probabilities(v0, W, c)
    v1 = visible_probabilities(sample(h0, rng), W, b)
    h1 = hidden_probabilities(v1, W, c)
    return (h0.T @ v0 - h1.T @ v1) / len(v0), np.mean(v0 - v1, axis=1), np.mean(h0 - h1, axis=1)

# %% [task-3-cd1] W not transposed on the way back
# hint: The way back uses W, the way up W.T
def cd1_gradients(v0, W, b, c, rng):
    h0 = sigmoid(v0 @ W.T + c)
    v1 = sigmoid(sample(h0, rng) @ W.T + b)
    h1 = sigmoid(v1 @ W.T + c)
    return (h0.T @ v0 - h1.T @ v1) / len(v0), np.mean(v0 - v1, axis=0), np.mean(h0 - h1, axis=0)

# %% [task-3-cd1] biases swapped
# hint: The biases are swapped
def cd1_gradients(v0, W, b, c, rng):
    h0 = hidden_probabilities(v0, W, b)
    v1 = visible_probabilities(sample(h0, rng), W, c)
    h1 = hidden_probabilities(v1, W, b)
    return (h0.T @ v0 - h1.T @ v1) / len(v0), np.mean(v0 - v1, axis=0), np.mean(h0 - h1, axis=0)

# %% [task-3-cd1] no sampling at all
# hint: h0 is not drawn
def cd1_gradients(v0, W, b, c, rng):
    h0 = hidden_probabilities(v0, W, c)
    v1 = visible_probabilities(h0, W, b)
    h1 = hidden_probabilities(v1, W, c)
    return (h0.T @ v0 - h1.T @ v1) / len(v0), np.mean(v0 - v1, axis=0), np.mean(h0 - h1, axis=0)

# %% [task-3-cd1] rounded instead of drawn
# hint: h0 is rounded, not drawn
def cd1_gradients(v0, W, b, c, rng):
    h0 = hidden_probabilities(v0, W, c)
    v1 = visible_probabilities((h0 > 0.5).astype(float), W, b)
    h1 = hidden_probabilities(v1, W, c)
    return (h0.T @ v0 - h1.T @ v1) / len(v0), np.mean(v0 - v1, axis=0), np.mean(h0 - h1, axis=0)

# %% [task-3-cd1] one random number for all hidden neurons of a sample
# hint: All neurons of a sample share one random number
def cd1_gradients(v0, W, b, c, rng):
    h0 = hidden_probabilities(v0, W, c)
    v1 = visible_probabilities((rng.random((len(v0), 1)) < h0).astype(float), W, b)
    h1 = hidden_probabilities(v1, W, c)
    return (h0.T @ v0 - h1.T @ v1) / len(v0), np.mean(v0 - v1, axis=0), np.mean(h0 - h1, axis=0)

# %% [task-3-cd1] one draw for the whole batch
# hint: The samples of a batch share their random numbers
def cd1_gradients(v0, W, b, c, rng):
    h0 = hidden_probabilities(v0, W, c)
    v1 = visible_probabilities((rng.random(len(c)) < h0).astype(float), W, b)
    h1 = hidden_probabilities(v1, W, c)
    return (h0.T @ v0 - h1.T @ v1) / len(v0), np.mean(v0 - v1, axis=0), np.mean(h0 - h1, axis=0)

# %% [task-3-cd1] a fresh seed inside
# hint: a generator with a fresh seed inside draws the same numbers
def cd1_gradients(v0, W, b, c, rng):
    rng = np.random.default_rng(42)
    h0 = hidden_probabilities(v0, W, c)
    v1 = visible_probabilities(sample(h0, rng), W, b)
    h1 = hidden_probabilities(v1, W, c)
    return (h0.T @ v0 - h1.T @ v1) / len(v0), np.mean(v0 - v1, axis=0), np.mean(h0 - h1, axis=0)

# %% [task-3-cd1] NumPy's global generator
# hint: Draw from rng and nothing else
def cd1_gradients(v0, W, b, c, rng):
    h0 = hidden_probabilities(v0, W, c)
    v1 = visible_probabilities((np.random.rand(*h0.shape) < h0).astype(float), W, b)
    h1 = hidden_probabilities(v1, W, c)
    return (h0.T @ v0 - h1.T @ v1) / len(v0), np.mean(v0 - v1, axis=0), np.mean(h0 - h1, axis=0)

# %% [task-3-cd1] hidden phase reused for the negative term
# hint: h0 is used again in the negative phase
def cd1_gradients(v0, W, b, c, rng):
    h0 = hidden_probabilities(v0, W, c)
    v1 = visible_probabilities(sample(h0, rng), W, b)
    return (h0.T @ v0 - h0.T @ v1) / len(v0), np.mean(v0 - v1, axis=0), np.mean(h0 - h0, axis=0)

# %% [task-3-cd1] data in the product of the negative phase
# hint: The negative phase needs v1 in the product
def cd1_gradients(v0, W, b, c, rng):
    h0 = hidden_probabilities(v0, W, c)
    v1 = visible_probabilities(sample(h0, rng), W, b)
    h1 = hidden_probabilities(v1, W, c)
    return (h0 - h1).T @ v0 / len(v0), np.mean(v0 - v1, axis=0), np.mean(h0 - h1, axis=0)

# %% [task-3-cd1] negative phase missing
# hint: The negative phase is missing
def cd1_gradients(v0, W, b, c, rng):
    h0 = sample(hidden_probabilities(v0, W, c), rng)
    return h0.T @ v0 / len(v0), np.mean(v0, axis=0), np.mean(h0, axis=0)

# %% [task-3-cd1] divided by the number of neurons
# hint: Divide by the number of samples, not by the number of neurons
def cd1_gradients(v0, W, b, c, rng):
    h0 = hidden_probabilities(v0, W, c)
    v1 = visible_probabilities(sample(h0, rng), W, b)
    h1 = hidden_probabilities(v1, W, c)
    return (h0.T @ v0 - h1.T @ v1) / v0.shape[1], np.mean(v0 - v1, axis=0), np.mean(h0 - h1, axis=0)

# %% [task-3-cd1] gradients of the biases in the other order
# hint: db and dc are swapped
def cd1_gradients(v0, W, b, c, rng):
    h0 = hidden_probabilities(v0, W, c)
    v1 = visible_probabilities(sample(h0, rng), W, b)
    h1 = hidden_probabilities(v1, W, c)
    return (h0.T @ v0 - h1.T @ v1) / len(v0), np.mean(h0 - h1, axis=0), np.mean(v0 - v1, axis=0)

# %% [task-3-cd1] data changed in place
# hint: An argument was changed in place
def cd1_gradients(v0, W, b, c, rng):
    h0 = hidden_probabilities(v0, W, c)
    v1 = visible_probabilities(sample(h0, rng), W, b)
    h1 = hidden_probabilities(v1, W, c)
    dW = (h0.T @ v0 - h1.T @ v1) / len(v0)
    v0 -= v1
    return dW, v0.mean(axis=0), np.mean(h0 - h1, axis=0)

# %% [task-3-cd1] reconstruction rounded
# hint: v1 is not rounded
def cd1_gradients(v0, W, b, c, rng):
    h0 = hidden_probabilities(v0, W, c)
    v1 = np.round(visible_probabilities(sample(h0, rng), W, b))
    h1 = hidden_probabilities(v1, W, c)
    return (h0.T @ v0 - h1.T @ v1) / len(v0), np.mean(v0 - v1, axis=0), np.mean(h0 - h1, axis=0)

# %% [task-3-cd1] last hidden states rounded
# hint: h1 is rounded: use its probabilities
def cd1_gradients(v0, W, b, c, rng):
    h0 = hidden_probabilities(v0, W, c)
    v1 = visible_probabilities(sample(h0, rng), W, b)
    h1 = np.round(hidden_probabilities(v1, W, c))
    return (h0.T @ v0 - h1.T @ v1) / len(v0), np.mean(v0 - v1, axis=0), np.mean(h0 - h1, axis=0)

# %% [task-4-train] gradients subtracted
# hint: CD-1 gradients point uphill: add them
def train_rbm(V, n_hidden, epochs, eta, batch_size, rng):
    W, b, c, errors = rng.normal(0, 0.01, (n_hidden, V.shape[1])), np.zeros(V.shape[1]), np.zeros(n_hidden), []
    for _ in range(epochs):
        order = rng.permutation(len(V))
        for start in range(0, len(V), batch_size):
            dW, db, dc = cd1_gradients(V[order[start:start + batch_size]], W, b, c, rng)
            W, b, c = W - eta * dW, b - eta * db, c - eta * dc
        errors.append(np.mean((V - visible_probabilities(hidden_probabilities(V, W, c), W, b)) ** 2))
    return W, b, c, errors

# %% [task-4-train] only the gradient of c subtracted
# hint: c falls where it must rise
def train_rbm(V, n_hidden, epochs, eta, batch_size, rng):
    W, b, c, errors = rng.normal(0, 0.01, (n_hidden, V.shape[1])), np.zeros(V.shape[1]), np.zeros(n_hidden), []
    for _ in range(epochs):
        order = rng.permutation(len(V))
        for start in range(0, len(V), batch_size):
            dW, db, dc = cd1_gradients(V[order[start:start + batch_size]], W, b, c, rng)
            W, b, c = W + eta * dW, b + eta * db, c - eta * dc
        errors.append(np.mean((V - visible_probabilities(hidden_probabilities(V, W, c), W, b)) ** 2))
    return W, b, c, errors

# %% [task-4-train] last incomplete batch left out
# hint: the last batch of an epoch is smaller, and it is used too
def train_rbm(V, n_hidden, epochs, eta, batch_size, rng):
    W, b, c, errors = rng.normal(0, 0.01, (n_hidden, V.shape[1])), np.zeros(V.shape[1]), np.zeros(n_hidden), []
    for _ in range(epochs):
        order = rng.permutation(len(V))
        for k in range(len(V) // batch_size):
            dW, db, dc = cd1_gradients(V[order[k * batch_size:(k + 1) * batch_size]], W, b, c, rng)
            W, b, c = W + eta * dW, b + eta * db, c + eta * dc
        errors.append(np.mean((V - visible_probabilities(hidden_probabilities(V, W, c), W, b)) ** 2))
    return W, b, c, errors

# %% [task-4-train] all samples in one batch
# hint: batch_size is ignored, all samples form one batch
def train_rbm(V, n_hidden, epochs, eta, batch_size, rng):
    W, b, c, errors = rng.normal(0, 0.01, (n_hidden, V.shape[1])), np.zeros(V.shape[1]), np.zeros(n_hidden), []
    for _ in range(epochs):
        dW, db, dc = cd1_gradients(V, W, b, c, rng)
        W, b, c = W + eta * dW, b + eta * db, c + eta * dc
        errors.append(np.mean((V - visible_probabilities(hidden_probabilities(V, W, c), W, b)) ** 2))
    return W, b, c, errors

# %% [task-4-train] each sample a batch
# hint: batch_size is ignored, each sample is a batch
def train_rbm(V, n_hidden, epochs, eta, batch_size, rng):
    W, b, c, errors = rng.normal(0, 0.01, (n_hidden, V.shape[1])), np.zeros(V.shape[1]), np.zeros(n_hidden), []
    for _ in range(epochs):
        for k in rng.permutation(len(V)):
            dW, db, dc = cd1_gradients(V[k:k + 1], W, b, c, rng)
            W, b, c = W + eta * dW, b + eta * db, c + eta * dc
        errors.append(np.mean((V - visible_probabilities(hidden_probabilities(V, W, c), W, b)) ** 2))
    return W, b, c, errors

# %% [task-4-train] one sample too many in each batch
# hint: A sample is used twice in one epoch
def train_rbm(V, n_hidden, epochs, eta, batch_size, rng):
    W, b, c, errors = rng.normal(0, 0.01, (n_hidden, V.shape[1])), np.zeros(V.shape[1]), np.zeros(n_hidden), []
    for _ in range(epochs):
        order = rng.permutation(len(V))
        for start in range(0, len(V), batch_size):
            dW, db, dc = cd1_gradients(V[order[start:start + batch_size + 1]], W, b, c, rng)
            W, b, c = W + eta * dW, b + eta * db, c + eta * dc
        errors.append(np.mean((V - visible_probabilities(hidden_probabilities(V, W, c), W, b)) ** 2))
    return W, b, c, errors

# %% [task-4-train] learning rate ignored
# hint: is the learning rate eta ignored
def train_rbm(V, n_hidden, epochs, eta, batch_size, rng):
    W, b, c, errors = rng.normal(0, 0.01, (n_hidden, V.shape[1])), np.zeros(V.shape[1]), np.zeros(n_hidden), []
    for _ in range(epochs):
        order = rng.permutation(len(V))
        for start in range(0, len(V), batch_size):
            dW, db, dc = cd1_gradients(V[order[start:start + batch_size]], W, b, c, rng)
            W, b, c = W + dW, b + db, c + dc
        errors.append(np.mean((V - visible_probabilities(hidden_probabilities(V, W, c), W, b)) ** 2))
    return W, b, c, errors

# %% [task-4-train] biases never updated
# hint: is it updated, and is eta * db added
def train_rbm(V, n_hidden, epochs, eta, batch_size, rng):
    W, b, c, errors = rng.normal(0, 0.01, (n_hidden, V.shape[1])), np.zeros(V.shape[1]), np.zeros(n_hidden), []
    for _ in range(epochs):
        order = rng.permutation(len(V))
        for start in range(0, len(V), batch_size):
            dW, db, dc = cd1_gradients(V[order[start:start + batch_size]], W, b, c, rng)
            W = W + eta * dW
        errors.append(np.mean((V - visible_probabilities(hidden_probabilities(V, W, c), W, b)) ** 2))
    return W, b, c, errors

# %% [task-4-train] hidden biases never updated
# hint: c never changes
def train_rbm(V, n_hidden, epochs, eta, batch_size, rng):
    W, b, c, errors = rng.normal(0, 0.01, (n_hidden, V.shape[1])), np.zeros(V.shape[1]), np.zeros(n_hidden), []
    for _ in range(epochs):
        order = rng.permutation(len(V))
        for start in range(0, len(V), batch_size):
            dW, db, dc = cd1_gradients(V[order[start:start + batch_size]], W, b, c, rng)
            W, b = W + eta * dW, b + eta * db
        errors.append(np.mean((V - visible_probabilities(hidden_probabilities(V, W, c), W, b)) ** 2))
    return W, b, c, errors

# %% [task-4-train] error measured before the epoch
# hint: The error is measured before the updates
def train_rbm(V, n_hidden, epochs, eta, batch_size, rng):
    W, b, c, errors = rng.normal(0, 0.01, (n_hidden, V.shape[1])), np.zeros(V.shape[1]), np.zeros(n_hidden), []
    for _ in range(epochs):
        errors.append(np.mean((V - visible_probabilities(hidden_probabilities(V, W, c), W, b)) ** 2))
        order = rng.permutation(len(V))
        for start in range(0, len(V), batch_size):
            dW, db, dc = cd1_gradients(V[order[start:start + batch_size]], W, b, c, rng)
            W, b, c = W + eta * dW, b + eta * db, c + eta * dc
    return W, b, c, errors

# %% [task-4-train] error of drawn reconstructions
# hint: all of V and without drawing
def train_rbm(V, n_hidden, epochs, eta, batch_size, rng):
    W, b, c, errors = rng.normal(0, 0.01, (n_hidden, V.shape[1])), np.zeros(V.shape[1]), np.zeros(n_hidden), []
    for _ in range(epochs):
        order = rng.permutation(len(V))
        for start in range(0, len(V), batch_size):
            dW, db, dc = cd1_gradients(V[order[start:start + batch_size]], W, b, c, rng)
            W, b, c = W + eta * dW, b + eta * db, c + eta * dc
        errors.append(np.mean((V - visible_probabilities(sample(hidden_probabilities(V, W, c), rng), W, b)) ** 2))
    return W, b, c, errors

# %% [task-4-train] one error for each batch
# hint: append it after the loop over the batches
def train_rbm(V, n_hidden, epochs, eta, batch_size, rng):
    W, b, c, errors = rng.normal(0, 0.01, (n_hidden, V.shape[1])), np.zeros(V.shape[1]), np.zeros(n_hidden), []
    for _ in range(epochs):
        order = rng.permutation(len(V))
        for start in range(0, len(V), batch_size):
            dW, db, dc = cd1_gradients(V[order[start:start + batch_size]], W, b, c, rng)
            W, b, c = W + eta * dW, b + eta * db, c + eta * dc
            errors.append(np.mean((V - visible_probabilities(hidden_probabilities(V, W, c), W, b)) ** 2))
    return W, b, c, errors

# %% [task-4-train] a fresh seed inside
# hint: no fresh seed inside
def train_rbm(V, n_hidden, epochs, eta, batch_size, rng):
    rng = np.random.default_rng(1)
    W, b, c, errors = rng.normal(0, 0.01, (n_hidden, V.shape[1])), np.zeros(V.shape[1]), np.zeros(n_hidden), []
    for _ in range(epochs):
        order = rng.permutation(len(V))
        for start in range(0, len(V), batch_size):
            dW, db, dc = cd1_gradients(V[order[start:start + batch_size]], W, b, c, rng)
            W, b, c = W + eta * dW, b + eta * db, c + eta * dc
        errors.append(np.mean((V - visible_probabilities(hidden_probabilities(V, W, c), W, b)) ** 2))
    return W, b, c, errors

# %% [task-4-train] data shuffled in place
# hint: V was changed in place
def train_rbm(V, n_hidden, epochs, eta, batch_size, rng):
    W, b, c, errors = rng.normal(0, 0.01, (n_hidden, V.shape[1])), np.zeros(V.shape[1]), np.zeros(n_hidden), []
    for _ in range(epochs):
        rng.shuffle(V)
        for start in range(0, len(V), batch_size):
            dW, db, dc = cd1_gradients(V[start:start + batch_size], W, b, c, rng)
            W, b, c = W + eta * dW, b + eta * db, c + eta * dc
        errors.append(np.mean((V - visible_probabilities(hidden_probabilities(V, W, c), W, b)) ** 2))
    return W, b, c, errors

# %% [task-4-train] weights start large
# hint: Start with small random weights
def train_rbm(V, n_hidden, epochs, eta, batch_size, rng):
    W, b, c, errors = rng.normal(0, 1, (n_hidden, V.shape[1])), np.zeros(V.shape[1]), np.zeros(n_hidden), []
    for _ in range(epochs):
        order = rng.permutation(len(V))
        for start in range(0, len(V), batch_size):
            dW, db, dc = cd1_gradients(V[order[start:start + batch_size]], W, b, c, rng)
            W, b, c = W + eta * dW, b + eta * db, c + eta * dc
        errors.append(np.mean((V - visible_probabilities(hidden_probabilities(V, W, c), W, b)) ** 2))
    return W, b, c, errors

# %% [task-4-train] results in another order
# hint: W is (n_hidden, n_visible)
def train_rbm(V, n_hidden, epochs, eta, batch_size, rng):
    W, b, c, errors = rng.normal(0, 0.01, (n_hidden, V.shape[1])), np.zeros(V.shape[1]), np.zeros(n_hidden), []
    for _ in range(epochs):
        order = rng.permutation(len(V))
        for start in range(0, len(V), batch_size):
            dW, db, dc = cd1_gradients(V[order[start:start + batch_size]], W, b, c, rng)
            W, b, c = W + eta * dW, b + eta * db, c + eta * dc
        errors.append(np.mean((V - visible_probabilities(hidden_probabilities(V, W, c), W, b)) ** 2))
    return b, c, W, errors

# %% [task-5-reconstruct] hidden layer drawn
# hint: Two calls gave different results
def reconstruct(v, W, b, c):
    h = hidden_probabilities(v, W, c)
    return visible_probabilities((np.random.rand(*h.shape) < h).astype(float), W, b)

# %% [task-5-reconstruct] biases swapped
# hint: The biases are swapped
def reconstruct(v, W, b, c):
    return visible_probabilities(hidden_probabilities(v, W, b), W, c)

# %% [task-5-reconstruct] sigmoid missing on the way back
# hint: outside [0, 1]
def reconstruct(v, W, b, c):
    return hidden_probabilities(v, W, c) @ W + b

# %% [task-5-reconstruct] only the way up
# hint: go back to the visible neurons
def reconstruct(v, W, b, c):
    return hidden_probabilities(v, W, c)

# %% [task-5-reconstruct] hidden layer rounded
# hint: The hidden layer is rounded
def reconstruct(v, W, b, c):
    return visible_probabilities(np.round(hidden_probabilities(v, W, c)), W, b)

# %% [task-6-quality] one epoch
# hint: it is not trained long enough
def digit_rbm(V, rng):
    return train_rbm(V, 100, 1, 0.1, 20, rng)

# %% [task-6-quality] no learning
# hint: it is not trained long enough
def digit_rbm(V, rng):
    return train_rbm(V, 100, 3, 0.0, 50, rng)

# %% [task-6-quality] too few hidden neurons
# hint: The machine has 100 hidden neurons
def digit_rbm(V, rng):
    return train_rbm(V, 10, 5, 0.1, 20, rng)

# %% [task-6-quality] a fresh seed inside
# hint: no fresh seed inside
def digit_rbm(V, rng):
    return train_rbm(V, 100, 10, 0.1, 20, np.random.default_rng(3))
