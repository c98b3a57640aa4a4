"""Warnings switched off and nan replaced, quotation marks by hand, sets of pairs, accuracy by Keras's metric."""

# %% [task-3-confusion-matrix]
def confusion_matrix(y_true, y_pred, n_classes):
    return np.array([[np.count_nonzero((y_true == i) & (y_pred == j)) for j in range(n_classes)] for i in range(n_classes)])

# %% [task-4-precision-recall]
def precision_recall(matrix):
    with np.errstate(divide="ignore", invalid="ignore"):
        precision = np.diag(matrix) / matrix.sum(0)
        recall = np.diag(matrix) / matrix.sum(1)
    return np.nan_to_num(precision), np.nan_to_num(recall)

# %% [task-5-run-experiment]
def run_experiment(config, data):
    (x_train, y_train), val = data
    begin = time.perf_counter()
    model = build_cnn(config)
    model.fit(x_train, y_train, epochs=config.epochs, batch_size=config.batch_size, verbose=0, shuffle=False)
    seconds = time.perf_counter() - begin
    metric = keras.metrics.SparseCategoricalAccuracy()
    metric.update_state(val[1], model.predict(val[0], verbose=0))
    result = dataclasses.asdict(config)
    result.update({"val_accuracy": float(metric.result()), "parameters": model.count_params(), "seconds": seconds, "loss": "cross entropy"})
    return result

# %% [task-5-append-result]
def append_result(path, row):
    def line(values):
        return ",".join('"' + str(value).replace('"', '""') + '"' for value in values) + "\n"

    missing = not os.path.isfile(path)
    with open(path, "a") as file:
        if missing:
            file.write(line(row))
        file.write(line(row.values()))
