# Known mistakes in unit 07, read by `course audit 07-cnn-case-study`. One mistake a cell: its code is put after the worked
# solution of the task, so that it replaces the functions it defines. The hint is a fragment of what its check must say.

# %% [task-1-parameters] bias forgotten in the convolution
# hint: The biases are forgotten: one for each filter
def conv2d_parameters(kernel_size, in_channels, filters):
    h, w = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return h * w * in_channels * filters

# %% [task-1-parameters] channels of the input forgotten
# hint: Each filter covers all channels
def conv2d_parameters(kernel_size, in_channels, filters):
    h, w = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return (h * w + 1) * filters

# %% [task-1-parameters] a bias for each channel
# hint: not one for each channel
def conv2d_parameters(kernel_size, in_channels, filters):
    h, w = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return (h * w + 1) * in_channels * filters

# %% [task-1-parameters] kernel not squared
# hint: A kernel of size 3 covers 3 x 3 pixels
def conv2d_parameters(kernel_size, in_channels, filters):
    kernel_size = kernel_size if isinstance(kernel_size, int) else kernel_size[0] * kernel_size[1]
    return (kernel_size * in_channels + 1) * filters

# %% [task-1-parameters] bias forgotten in the dense layer
# hint: The biases are forgotten: one for each neuron
def dense_parameters(n_in, n_out):
    return n_in * n_out

# %% [task-1-parameters] a bias for each input
# hint: there are n_out of them, not n_in
def dense_parameters(n_in, n_out):
    return n_in * (n_out + 1)

# %% [task-2-build-cnn] pooling before the convolution
# hint: Pooling comes before the convolution
def build_cnn(config):
    layers = [keras.Input((28, 28, 1))]
    for filters in config.filters:
        layers.append(keras.layers.MaxPooling2D(config.pool_size))
        layers.append(keras.layers.Conv2D(filters, config.kernel_size, padding=config.padding, activation=config.activation))
    layers.append(keras.layers.Flatten())
    layers.append(keras.layers.Dropout(config.dropout))
    for units in config.dense_units:
        layers.append(keras.layers.Dense(units, activation=config.activation))
    layers.append(keras.layers.Dense(10, activation="softmax"))
    model = keras.Sequential(layers)
    optimizer = keras.optimizers.get(config.optimizer)
    optimizer.learning_rate = config.learning_rate
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% [task-2-build-cnn] average pooling
# hint: This is average pooling
def build_cnn(config):
    layers = [keras.Input((28, 28, 1))]
    for filters in config.filters:
        layers.append(keras.layers.Conv2D(filters, config.kernel_size, padding=config.padding, activation=config.activation))
        layers.append(keras.layers.AveragePooling2D(config.pool_size))
    layers.append(keras.layers.Flatten())
    layers.append(keras.layers.Dropout(config.dropout))
    for units in config.dense_units:
        layers.append(keras.layers.Dense(units, activation=config.activation))
    layers.append(keras.layers.Dense(10, activation="softmax"))
    model = keras.Sequential(layers)
    optimizer = keras.optimizers.get(config.optimizer)
    optimizer.learning_rate = config.learning_rate
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% [task-2-build-cnn] softmax missing, loss for logits
# hint: softmax is missing
def build_cnn(config):
    layers = [keras.Input((28, 28, 1))]
    for filters in config.filters:
        layers.append(keras.layers.Conv2D(filters, config.kernel_size, padding=config.padding, activation=config.activation))
        layers.append(keras.layers.MaxPooling2D(config.pool_size))
    layers.append(keras.layers.Flatten())
    layers.append(keras.layers.Dropout(config.dropout))
    for units in config.dense_units:
        layers.append(keras.layers.Dense(units, activation=config.activation))
    layers.append(keras.layers.Dense(10))
    model = keras.Sequential(layers)
    optimizer = keras.optimizers.get(config.optimizer)
    optimizer.learning_rate = config.learning_rate
    model.compile(optimizer=optimizer, loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    return model

# %% [task-2-build-cnn] logits with the loss for probabilities
# hint: The network gives logits, and the loss takes them for probabilities
def build_cnn(config):
    layers = [keras.Input((28, 28, 1))]
    for filters in config.filters:
        layers.append(keras.layers.Conv2D(filters, config.kernel_size, padding=config.padding, activation=config.activation))
        layers.append(keras.layers.MaxPooling2D(config.pool_size))
    layers.append(keras.layers.Flatten())
    layers.append(keras.layers.Dropout(config.dropout))
    for units in config.dense_units:
        layers.append(keras.layers.Dense(units, activation=config.activation))
    layers.append(keras.layers.Dense(10))
    model = keras.Sequential(layers)
    optimizer = keras.optimizers.get(config.optimizer)
    optimizer.learning_rate = config.learning_rate
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% [task-2-build-cnn] softmax twice
# hint: Softmax is there twice
def build_cnn(config):
    layers = [keras.Input((28, 28, 1))]
    for filters in config.filters:
        layers.append(keras.layers.Conv2D(filters, config.kernel_size, padding=config.padding, activation=config.activation))
        layers.append(keras.layers.MaxPooling2D(config.pool_size))
    layers.append(keras.layers.Flatten())
    layers.append(keras.layers.Dropout(config.dropout))
    for units in config.dense_units:
        layers.append(keras.layers.Dense(units, activation=config.activation))
    layers.append(keras.layers.Dense(10, activation="softmax"))
    layers.append(keras.layers.Softmax())
    model = keras.Sequential(layers)
    optimizer = keras.optimizers.get(config.optimizer)
    optimizer.learning_rate = config.learning_rate
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% [task-2-build-cnn] loss for logits on probabilities
# hint: The loss expects logits (from_logits=True)
def build_cnn(config):
    layers = [keras.Input((28, 28, 1))]
    for filters in config.filters:
        layers.append(keras.layers.Conv2D(filters, config.kernel_size, padding=config.padding, activation=config.activation))
        layers.append(keras.layers.MaxPooling2D(config.pool_size))
    layers.append(keras.layers.Flatten())
    layers.append(keras.layers.Dropout(config.dropout))
    for units in config.dense_units:
        layers.append(keras.layers.Dense(units, activation=config.activation))
    layers.append(keras.layers.Dense(10, activation="softmax"))
    model = keras.Sequential(layers)
    optimizer = keras.optimizers.get(config.optimizer)
    optimizer.learning_rate = config.learning_rate
    model.compile(optimizer=optimizer, loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    return model

# %% [task-2-build-cnn] loss for one-hot labels
# hint: The loss cannot take whole numbers as labels
def build_cnn(config):
    layers = [keras.Input((28, 28, 1))]
    for filters in config.filters:
        layers.append(keras.layers.Conv2D(filters, config.kernel_size, padding=config.padding, activation=config.activation))
        layers.append(keras.layers.MaxPooling2D(config.pool_size))
    layers.append(keras.layers.Flatten())
    layers.append(keras.layers.Dropout(config.dropout))
    for units in config.dense_units:
        layers.append(keras.layers.Dense(units, activation=config.activation))
    layers.append(keras.layers.Dense(10, activation="softmax"))
    model = keras.Sequential(layers)
    optimizer = keras.optimizers.get(config.optimizer)
    optimizer.learning_rate = config.learning_rate
    model.compile(optimizer=optimizer, loss="categorical_crossentropy", metrics=["accuracy"])
    return model

# %% [task-2-build-cnn] learning rate ignored
# hint: The learning rate of the config is ignored
def build_cnn(config):
    layers = [keras.Input((28, 28, 1))]
    for filters in config.filters:
        layers.append(keras.layers.Conv2D(filters, config.kernel_size, padding=config.padding, activation=config.activation))
        layers.append(keras.layers.MaxPooling2D(config.pool_size))
    layers.append(keras.layers.Flatten())
    layers.append(keras.layers.Dropout(config.dropout))
    for units in config.dense_units:
        layers.append(keras.layers.Dense(units, activation=config.activation))
    layers.append(keras.layers.Dense(10, activation="softmax"))
    model = keras.Sequential(layers)
    optimizer = keras.optimizers.get(config.optimizer)
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% [task-2-build-cnn] always Adam
# hint: The optimizer of the config is ignored
def build_cnn(config):
    layers = [keras.Input((28, 28, 1))]
    for filters in config.filters:
        layers.append(keras.layers.Conv2D(filters, config.kernel_size, padding=config.padding, activation=config.activation))
        layers.append(keras.layers.MaxPooling2D(config.pool_size))
    layers.append(keras.layers.Flatten())
    layers.append(keras.layers.Dropout(config.dropout))
    for units in config.dense_units:
        layers.append(keras.layers.Dense(units, activation=config.activation))
    layers.append(keras.layers.Dense(10, activation="softmax"))
    model = keras.Sequential(layers)
    optimizer = keras.optimizers.Adam()
    optimizer.learning_rate = config.learning_rate
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% [task-2-build-cnn] padding ignored
# hint: The padding of the config is ignored
def build_cnn(config):
    layers = [keras.Input((28, 28, 1))]
    for filters in config.filters:
        layers.append(keras.layers.Conv2D(filters, config.kernel_size, activation=config.activation))
        layers.append(keras.layers.MaxPooling2D(config.pool_size))
    layers.append(keras.layers.Flatten())
    layers.append(keras.layers.Dropout(config.dropout))
    for units in config.dense_units:
        layers.append(keras.layers.Dense(units, activation=config.activation))
    layers.append(keras.layers.Dense(10, activation="softmax"))
    model = keras.Sequential(layers)
    optimizer = keras.optimizers.get(config.optimizer)
    optimizer.learning_rate = config.learning_rate
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% [task-2-build-cnn] kernel ignored
# hint: The config's kernel_size is ignored
def build_cnn(config):
    layers = [keras.Input((28, 28, 1))]
    for filters in config.filters:
        layers.append(keras.layers.Conv2D(filters, 3, padding=config.padding, activation=config.activation))
        layers.append(keras.layers.MaxPooling2D(config.pool_size))
    layers.append(keras.layers.Flatten())
    layers.append(keras.layers.Dropout(config.dropout))
    for units in config.dense_units:
        layers.append(keras.layers.Dense(units, activation=config.activation))
    layers.append(keras.layers.Dense(10, activation="softmax"))
    model = keras.Sequential(layers)
    optimizer = keras.optimizers.get(config.optimizer)
    optimizer.learning_rate = config.learning_rate
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% [task-2-build-cnn] pool size ignored
# hint: The config's pool_size is ignored
def build_cnn(config):
    layers = [keras.Input((28, 28, 1))]
    for filters in config.filters:
        layers.append(keras.layers.Conv2D(filters, config.kernel_size, padding=config.padding, activation=config.activation))
        layers.append(keras.layers.MaxPooling2D(2))
    layers.append(keras.layers.Flatten())
    layers.append(keras.layers.Dropout(config.dropout))
    for units in config.dense_units:
        layers.append(keras.layers.Dense(units, activation=config.activation))
    layers.append(keras.layers.Dense(10, activation="softmax"))
    model = keras.Sequential(layers)
    optimizer = keras.optimizers.get(config.optimizer)
    optimizer.learning_rate = config.learning_rate
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% [task-2-build-cnn] activation ignored
# hint: The config's activation is ignored
def build_cnn(config):
    layers = [keras.Input((28, 28, 1))]
    for filters in config.filters:
        layers.append(keras.layers.Conv2D(filters, config.kernel_size, padding=config.padding, activation="relu"))
        layers.append(keras.layers.MaxPooling2D(config.pool_size))
    layers.append(keras.layers.Flatten())
    layers.append(keras.layers.Dropout(config.dropout))
    for units in config.dense_units:
        layers.append(keras.layers.Dense(units, activation="relu"))
    layers.append(keras.layers.Dense(10, activation="softmax"))
    model = keras.Sequential(layers)
    optimizer = keras.optimizers.get(config.optimizer)
    optimizer.learning_rate = config.learning_rate
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% [task-2-build-cnn] convolutions without activation
# hint: The convolutions have no activation
def build_cnn(config):
    layers = [keras.Input((28, 28, 1))]
    for filters in config.filters:
        layers.append(keras.layers.Conv2D(filters, config.kernel_size, padding=config.padding))
        layers.append(keras.layers.MaxPooling2D(config.pool_size))
    layers.append(keras.layers.Flatten())
    layers.append(keras.layers.Dropout(config.dropout))
    for units in config.dense_units:
        layers.append(keras.layers.Dense(units, activation=config.activation))
    layers.append(keras.layers.Dense(10, activation="softmax"))
    model = keras.Sequential(layers)
    optimizer = keras.optimizers.get(config.optimizer)
    optimizer.learning_rate = config.learning_rate
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% [task-2-build-cnn] only the first dense layer
# hint: Only the first entry of dense_units
def build_cnn(config):
    layers = [keras.Input((28, 28, 1))]
    for filters in config.filters:
        layers.append(keras.layers.Conv2D(filters, config.kernel_size, padding=config.padding, activation=config.activation))
        layers.append(keras.layers.MaxPooling2D(config.pool_size))
    layers.append(keras.layers.Flatten())
    layers.append(keras.layers.Dropout(config.dropout))
    for units in config.dense_units[:1]:
        layers.append(keras.layers.Dense(units, activation=config.activation))
    layers.append(keras.layers.Dense(10, activation="softmax"))
    model = keras.Sequential(layers)
    optimizer = keras.optimizers.get(config.optimizer)
    optimizer.learning_rate = config.learning_rate
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% [task-2-build-cnn] dropout as the share that is kept
# hint: not the share that is kept
def build_cnn(config):
    layers = [keras.Input((28, 28, 1))]
    for filters in config.filters:
        layers.append(keras.layers.Conv2D(filters, config.kernel_size, padding=config.padding, activation=config.activation))
        layers.append(keras.layers.MaxPooling2D(config.pool_size))
    layers.append(keras.layers.Flatten())
    layers.append(keras.layers.Dropout(1 - config.dropout))
    for units in config.dense_units:
        layers.append(keras.layers.Dense(units, activation=config.activation))
    layers.append(keras.layers.Dense(10, activation="softmax"))
    model = keras.Sequential(layers)
    optimizer = keras.optimizers.get(config.optimizer)
    optimizer.learning_rate = config.learning_rate
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% [task-2-build-cnn] dropout after the dense layers
# hint: Dropout stands at the wrong place
def build_cnn(config):
    layers = [keras.Input((28, 28, 1))]
    for filters in config.filters:
        layers.append(keras.layers.Conv2D(filters, config.kernel_size, padding=config.padding, activation=config.activation))
        layers.append(keras.layers.MaxPooling2D(config.pool_size))
    layers.append(keras.layers.Flatten())
    for units in config.dense_units:
        layers.append(keras.layers.Dense(units, activation=config.activation))
    layers.append(keras.layers.Dropout(config.dropout))
    layers.append(keras.layers.Dense(10, activation="softmax"))
    model = keras.Sequential(layers)
    optimizer = keras.optimizers.get(config.optimizer)
    optimizer.learning_rate = config.learning_rate
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% [task-2-build-cnn] dropout in every block
# hint: There is one Dropout layer
def build_cnn(config):
    layers = [keras.Input((28, 28, 1))]
    for filters in config.filters:
        layers.append(keras.layers.Conv2D(filters, config.kernel_size, padding=config.padding, activation=config.activation))
        layers.append(keras.layers.MaxPooling2D(config.pool_size))
        layers.append(keras.layers.Dropout(config.dropout))
    layers.append(keras.layers.Flatten())
    layers.append(keras.layers.Dropout(config.dropout))
    for units in config.dense_units:
        layers.append(keras.layers.Dense(units, activation=config.activation))
    layers.append(keras.layers.Dense(10, activation="softmax"))
    model = keras.Sequential(layers)
    optimizer = keras.optimizers.get(config.optimizer)
    optimizer.learning_rate = config.learning_rate
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% [task-2-build-cnn] what compile returns
# hint: which itself returns None
def build_cnn(config):
    layers = [keras.Input((28, 28, 1))]
    for filters in config.filters:
        layers.append(keras.layers.Conv2D(filters, config.kernel_size, padding=config.padding, activation=config.activation))
        layers.append(keras.layers.MaxPooling2D(config.pool_size))
    layers.append(keras.layers.Flatten())
    layers.append(keras.layers.Dropout(config.dropout))
    for units in config.dense_units:
        layers.append(keras.layers.Dense(units, activation=config.activation))
    layers.append(keras.layers.Dense(10, activation="softmax"))
    model = keras.Sequential(layers)
    optimizer = keras.optimizers.get(config.optimizer)
    optimizer.learning_rate = config.learning_rate
    return model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% [task-2-build-cnn] not compiled
# hint: Call model.compile
def build_cnn(config):
    layers = [keras.Input((28, 28, 1))]
    for filters in config.filters:
        layers.append(keras.layers.Conv2D(filters, config.kernel_size, padding=config.padding, activation=config.activation))
        layers.append(keras.layers.MaxPooling2D(config.pool_size))
    layers.append(keras.layers.Flatten())
    layers.append(keras.layers.Dropout(config.dropout))
    for units in config.dense_units:
        layers.append(keras.layers.Dense(units, activation=config.activation))
    layers.append(keras.layers.Dense(10, activation="softmax"))
    model = keras.Sequential(layers)
    optimizer = keras.optimizers.get(config.optimizer)
    optimizer.learning_rate = config.learning_rate
    return model

# %% [task-2-build-cnn] no input
# hint: Begin with keras.Input((28, 28, 1))
def build_cnn(config):
    layers = []
    for filters in config.filters:
        layers.append(keras.layers.Conv2D(filters, config.kernel_size, padding=config.padding, activation=config.activation))
        layers.append(keras.layers.MaxPooling2D(config.pool_size))
    layers.append(keras.layers.Flatten())
    layers.append(keras.layers.Dropout(config.dropout))
    for units in config.dense_units:
        layers.append(keras.layers.Dense(units, activation=config.activation))
    layers.append(keras.layers.Dense(10, activation="softmax"))
    model = keras.Sequential(layers)
    optimizer = keras.optimizers.get(config.optimizer)
    optimizer.learning_rate = config.learning_rate
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% [task-2-build-cnn] layers shared by all networks
# hint: Two networks share their weights
_shared = {}

def build_cnn(config):
    if config not in _shared:
        _shared[config] = _build(config)
    return _shared[config]

def _build(config):
    layers = [keras.Input((28, 28, 1))]
    for filters in config.filters:
        layers.append(keras.layers.Conv2D(filters, config.kernel_size, padding=config.padding, activation=config.activation))
        layers.append(keras.layers.MaxPooling2D(config.pool_size))
    layers.append(keras.layers.Flatten())
    layers.append(keras.layers.Dropout(config.dropout))
    for units in config.dense_units:
        layers.append(keras.layers.Dense(units, activation=config.activation))
    layers.append(keras.layers.Dense(10, activation="softmax"))
    model = keras.Sequential(layers)
    optimizer = keras.optimizers.get(config.optimizer)
    optimizer.learning_rate = config.learning_rate
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% [task-3-confusion-matrix] rows and columns swapped
# hint: Rows and columns are swapped
def confusion_matrix(y_true, y_pred, n_classes):
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(matrix, (y_pred, y_true), 1)
    return matrix

# %% [task-3-confusion-matrix] each pair counted once
# hint: += with arrays as index adds a pair only once
def confusion_matrix(y_true, y_pred, n_classes):
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    matrix[y_true, y_pred] += 1
    return matrix

# %% [task-3-confusion-matrix] shares in place of counts
# hint: These are shares: count the images
def confusion_matrix(y_true, y_pred, n_classes):
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(matrix, (y_true, y_pred), 1)
    return matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)

# %% [task-3-confusion-matrix] only the classes that occur
# hint: Classes that do not occur have a row and a column too
def confusion_matrix(y_true, y_pred, n_classes):
    n = max(y_true.max(), y_pred.max()) + 1 if len(y_true) else n_classes
    matrix = np.zeros((n, n), dtype=int)
    np.add.at(matrix, (y_true, y_pred), 1)
    return matrix

# %% [task-3-confusion-matrix] uint8 overflows
# hint: which overflows above 255
def confusion_matrix(y_true, y_pred, n_classes):
    pairs = y_true * n_classes + y_pred if y_true.dtype != np.uint8 else y_true * np.uint8(n_classes) + y_pred
    return np.bincount(pairs, minlength=n_classes**2).reshape(n_classes, n_classes)

# %% [task-4-precision-recall] recall and precision swapped
# hint: Precision and recall are swapped
def precision_recall(matrix):
    right = np.diag(matrix)
    columns, rows = np.maximum(matrix.sum(axis=0), 1), np.maximum(matrix.sum(axis=1), 1)
    return right / rows, right / columns

# %% [task-4-precision-recall] division by zero
# hint: Division by zero: the sum of a column or row may be 0
def precision_recall(matrix):
    right = np.diag(matrix)
    return right / matrix.sum(axis=0), right / matrix.sum(axis=1)

# %% [task-4-precision-recall] division by zero, silenced
# hint: where nothing was predicted the precision is 0, not nan
def precision_recall(matrix):
    with np.errstate(all='ignore'):
        return np.diag(matrix) / matrix.sum(axis=0), np.diag(matrix) / matrix.sum(axis=1)

# %% [task-4-precision-recall] one where nothing was predicted
# hint: the precision is 0, not 1
def precision_recall(matrix):
    columns, rows, right = matrix.sum(axis=0), matrix.sum(axis=1), np.diag(matrix)
    return np.where(columns, right / np.maximum(columns, 1), 1), np.where(rows, right / np.maximum(rows, 1), 1)

# %% [task-4-precision-recall] divided by all images
# hint: not by all images
def precision_recall(matrix):
    share = np.diag(matrix) / max(matrix.sum(), 1)
    return share, share

# %% [task-5-run-experiment] accuracy on the training images
# hint: This is the accuracy on the training images
def run_experiment(config, data):
    (x_train, y_train), (x_val, y_val) = data
    model = build_cnn(config)
    begin = time.perf_counter()
    model.fit(x_train, y_train, batch_size=config.batch_size, epochs=config.epochs, verbose=0)
    seconds = time.perf_counter() - begin
    accuracy = float(np.mean(np.argmax(model.predict(x_train, verbose=0), axis=1) == y_train))
    return {**dataclasses.asdict(config), "val_accuracy": accuracy, "parameters": model.count_params(), "seconds": seconds}

# %% [task-5-run-experiment] percent
# hint: A share in [0, 1] is wanted
def run_experiment(config, data):
    (x_train, y_train), (x_val, y_val) = data
    model = build_cnn(config)
    begin = time.perf_counter()
    model.fit(x_train, y_train, batch_size=config.batch_size, epochs=config.epochs, verbose=0)
    seconds = time.perf_counter() - begin
    accuracy = float(np.mean(np.argmax(model.predict(x_val, verbose=0), axis=1) == y_val))
    return {**dataclasses.asdict(config), "val_accuracy": 100 * accuracy, "parameters": model.count_params(), "seconds": seconds}

# %% [task-5-run-experiment] batch size ignored
# hint: The config's batch size is ignored
def run_experiment(config, data):
    (x_train, y_train), (x_val, y_val) = data
    model = build_cnn(config)
    begin = time.perf_counter()
    model.fit(x_train, y_train, epochs=config.epochs, verbose=0)
    seconds = time.perf_counter() - begin
    accuracy = float(np.mean(np.argmax(model.predict(x_val, verbose=0), axis=1) == y_val))
    return {**dataclasses.asdict(config), "val_accuracy": accuracy, "parameters": model.count_params(), "seconds": seconds}

# %% [task-5-run-experiment] epochs ignored
# hint: The config's epochs are ignored
def run_experiment(config, data):
    (x_train, y_train), (x_val, y_val) = data
    model = build_cnn(config)
    begin = time.perf_counter()
    model.fit(x_train, y_train, batch_size=config.batch_size, verbose=0)
    seconds = time.perf_counter() - begin
    accuracy = float(np.mean(np.argmax(model.predict(x_val, verbose=0), axis=1) == y_val))
    return {**dataclasses.asdict(config), "val_accuracy": accuracy, "parameters": model.count_params(), "seconds": seconds}

# %% [task-5-run-experiment] trained on the validation images too
# hint: trained on the training images alone
def run_experiment(config, data):
    (x_train, y_train), (x_val, y_val) = data
    model = build_cnn(config)
    begin = time.perf_counter()
    model.fit(np.concatenate([x_train, x_val]), np.concatenate([y_train, y_val]), batch_size=config.batch_size, epochs=config.epochs, verbose=0)
    seconds = time.perf_counter() - begin
    accuracy = float(np.mean(np.argmax(model.predict(x_val, verbose=0), axis=1) == y_val))
    return {**dataclasses.asdict(config), "val_accuracy": accuracy, "parameters": model.count_params(), "seconds": seconds}

# %% [task-5-run-experiment] fields of the config missing
# hint: Missing in the dict
def run_experiment(config, data):
    (x_train, y_train), (x_val, y_val) = data
    model = build_cnn(config)
    begin = time.perf_counter()
    model.fit(x_train, y_train, batch_size=config.batch_size, epochs=config.epochs, verbose=0)
    seconds = time.perf_counter() - begin
    accuracy = float(np.mean(np.argmax(model.predict(x_val, verbose=0), axis=1) == y_val))
    return {"val_accuracy": accuracy, "parameters": model.count_params(), "seconds": seconds}

# %% [task-5-run-experiment] images divided by 255 in place
# hint: The images were changed in place
def run_experiment(config, data):
    (x_train, y_train), (x_val, y_val) = data
    x_train /= 255
    model = build_cnn(config)
    begin = time.perf_counter()
    model.fit(x_train, y_train, batch_size=config.batch_size, epochs=config.epochs, verbose=0)
    seconds = time.perf_counter() - begin
    accuracy = float(np.mean(np.argmax(model.predict(x_val, verbose=0), axis=1) == y_val))
    return {**dataclasses.asdict(config), "val_accuracy": accuracy, "parameters": model.count_params(), "seconds": seconds}

# %% [task-5-append-result] header with each row
# hint: The header is written again with each row
def append_result(path, row):
    new = not Path(path).exists()
    with open(path, "a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(row))
        writer.writeheader()
        writer.writerow(row)

# %% [task-5-append-result] file written anew
# hint: which keeps what is there
def append_result(path, row):
    new = not Path(path).exists()
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(row))
        if True:
            writer.writeheader()
        writer.writerow(row)

# %% [task-5-append-result] no header
# hint: The header is missing
def append_result(path, row):
    new = not Path(path).exists()
    with open(path, "a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(row))
        writer.writerow(row)

# %% [task-5-append-result] commas not quoted
# hint: A value with a comma in it falls into two fields
def append_result(path, row):
    lines = [] if Path(path).exists() else [",".join(row)]
    lines.append(",".join(str(value) for value in row.values()))
    with open(path, "a") as file:
        file.write("\n".join(lines) + "\n")

# %% [task-5-append-result] header once a session
# hint: The header is written again with each row
_seen = set()

def append_result(path, row):
    with open(path, "a", newline="") as file:
        writer = csv.writer(file)
        if str(path) not in _seen:
            writer.writerow(row)
        _seen.add(str(path))
        writer.writerow(row.values())

# %% [task-6-quality] the default network
# hint: right. Try larger steps
best_config = CNNConfig()

# %% [task-6-quality] no convolution
# hint: right. Try larger steps
best_config = CNNConfig(filters=(), dense_units=(), dropout=0.0, learning_rate=2e-3, batch_size=64, epochs=6)

# %% [task-6-quality] too many parameters
# hint: Most of them sit behind Flatten
best_config = CNNConfig(filters=(64,), dense_units=(256,))
