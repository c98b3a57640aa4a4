"""Top-k by argmax k times, each time without the classes that came before."""

# %% [task-5-top-k-accuracy]
def top_k_accuracy(probabilities, labels, k):
    rest = np.array(probabilities, dtype=float)
    found = np.zeros(len(rest), dtype=bool)
    for _ in range(k):
        best = rest.argmax(axis=1)
        found |= best == labels
        rest[np.arange(len(rest)), best] = -np.inf
    return found.mean()
