"""Layers added one by one, the input named by the first layer, the learning rate set after compiling, a loop for each count."""

# %% [task-1-parameters]
def conv2d_parameters(kernel_size, in_channels, filters):
    if isinstance(kernel_size, tuple):
        h, w = kernel_size
    else:
        h = w = kernel_size
    weights = h * w * in_channels * filters
    biases = filters
    return weights + biases

def dense_parameters(n_in, n_out):
    total = 0
    for neuron in range(n_out):
        total += n_in + 1
    return total

# %% [task-2-build-cnn]
def build_cnn(config):
    model = keras.models.Sequential(name="mine")
    model.add(keras.layers.InputLayer(shape=(28, 28, 1)))
    for filters in config.filters:
        model.add(keras.layers.Convolution2D(filters=filters, kernel_size=(config.kernel_size,) * 2, padding=config.padding))
        model.add(keras.layers.Activation(config.activation))
        model.add(keras.layers.MaxPooling2D((config.pool_size, config.pool_size)))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dropout(rate=config.dropout))
    for units in config.dense_units:
        model.add(keras.layers.Dense(units=units, activation=config.activation, kernel_initializer="he_normal"))
    model.add(keras.layers.Dense(10))
    model.add(keras.layers.Activation("softmax"))
    model.compile(optimizer=config.optimizer, loss=keras.losses.sparse_categorical_crossentropy, metrics=["accuracy"])
    model.optimizer.learning_rate = config.learning_rate
    return model

# %% [task-3-confusion-matrix]
def confusion_matrix(y_true, y_pred, n_classes):
    counts = [[0] * n_classes for _ in range(n_classes)]
    for i, j in zip(y_true, y_pred):
        counts[i][j] += 1
    return np.array(counts)

# %% [task-4-precision-recall]
def precision_recall(matrix):
    n = len(matrix)
    precision, recall = np.zeros(n), np.zeros(n)
    for k in range(n):
        if matrix[:, k].sum() > 0:
            precision[k] = matrix[k, k] / matrix[:, k].sum()
        if matrix[k].sum() > 0:
            recall[k] = matrix[k, k] / matrix[k].sum()
    return precision, recall

# %% [task-5-append-result]
def append_result(path, row):
    with open(path, "a", newline="") as file:
        writer = csv.writer(file)
        if file.tell() == 0:
            writer.writerow(row.keys())
        writer.writerow(row.values())
