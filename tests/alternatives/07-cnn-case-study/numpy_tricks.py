"""One count of pairs by bincount, a division that leaves out what cannot be divided, weights counted by hand."""

# %% [task-1-parameters]
def conv2d_parameters(kernel_size, in_channels, filters):
    area = int(np.prod(np.broadcast_to(kernel_size, 2)))
    return dense_parameters(area * in_channels, filters)

def dense_parameters(n_in, n_out):
    return n_in * n_out + n_out

# %% [task-3-confusion-matrix]
def confusion_matrix(y_true, y_pred, n_classes):
    pairs = y_true.astype(int) * n_classes + y_pred.astype(int)
    return np.bincount(pairs, minlength=n_classes * n_classes).reshape(n_classes, n_classes)

# %% [task-4-precision-recall]
def precision_recall(matrix):
    right = np.diagonal(matrix).astype(float)
    parts = []
    for axis in (0, 1):
        total = matrix.sum(axis)
        parts.append(np.divide(right, total, out=np.zeros(len(matrix)), where=total > 0))
    return parts

# %% [task-5-run-experiment]
def run_experiment(config, data):
    (x, y), (x_val, y_val) = data
    model = build_cnn(config)
    x, y = keras.ops.convert_to_tensor(x), keras.ops.convert_to_tensor(y)
    begin = time.monotonic()
    rng = np.random.default_rng()
    for _ in range(config.epochs):
        order = rng.permutation(len(y))
        for start in range(0, len(y), config.batch_size):
            some = order[start:start + config.batch_size]
            model.train_on_batch(keras.ops.take(x, some, axis=0), keras.ops.take(y, some))
    seconds = time.monotonic() - begin
    outputs = np.concatenate([np.asarray(model(x_val[i:i + 500])) for i in range(0, len(x_val), 500)])
    right = sum(int(np.argmax(output) == label) for output, label in zip(outputs, y_val))
    return dict(dataclasses.asdict(config), val_accuracy=right / len(y_val), parameters=sum(w.size for w in model.get_weights()), seconds=seconds)

# %% [task-5-append-result]
def append_result(path, row):
    path = Path(path)
    lines = []
    if path.exists():
        with path.open(newline="") as file:
            lines = list(csv.reader(file))
    lines = lines or [list(row)]
    lines.append([str(row[name]) for name in lines[0]])
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(lines)
