"""Scikit-learn counts and measures, Keras says how many parameters a layer has."""

# %% [task-1-parameters]
def conv2d_parameters(kernel_size, in_channels, filters):
    layer = keras.layers.Conv2D(filters, kernel_size)
    layer.build((None, None, None, in_channels))
    return layer.count_params()

def dense_parameters(n_in, n_out):
    layer = keras.layers.Dense(n_out)
    layer.build((None, n_in))
    return layer.count_params()

# %% [task-3-confusion-matrix]
def confusion_matrix(y_true, y_pred, n_classes):
    from sklearn import metrics

    if len(y_true) == 0:
        return np.zeros((n_classes, n_classes), dtype=int)
    return metrics.confusion_matrix(y_true, y_pred, labels=range(n_classes))

# %% [task-4-precision-recall]
def precision_recall(matrix):
    from sklearn import metrics

    if matrix.sum() == 0:
        return np.zeros(len(matrix)), np.zeros(len(matrix))
    true, predicted = np.indices(matrix.shape)
    both = [metrics.precision_recall_fscore_support(true.ravel(), predicted.ravel(), labels=range(len(matrix)), sample_weight=matrix.ravel(), zero_division=0)[i] for i in (0, 1)]
    return tuple(both)
