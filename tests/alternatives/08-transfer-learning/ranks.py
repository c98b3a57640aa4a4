"""Top-k by the rank of the label: how many classes come before it."""

# %% [task-3-trainable-parameters]
def trainable_parameters(model):
    frozen = sum(int(np.prod(w.shape)) for w in model.non_trainable_weights)
    return model.count_params() - frozen

# %% [task-5-top-k-accuracy]
def top_k_accuracy(probabilities, labels, k):
    own = np.take_along_axis(probabilities, labels[:, None].astype(int), axis=1)
    earlier = np.arange(probabilities.shape[1]) < labels[:, None]
    before = np.sum((probabilities > own) | ((probabilities == own) & earlier), axis=1)
    return np.mean(before < k)
