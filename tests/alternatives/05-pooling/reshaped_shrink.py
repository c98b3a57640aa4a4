"""Shrinks by reshaping to four axes and pools with a table of sums for the mean (Crow 1984)."""

# %% [task-4-pool]
def pool2d(image, window=2, stride=None, mode="max"):
    wh, ww = (window, window) if isinstance(window, int) else window
    sy, sx = (wh, ww) if stride is None else ((stride, stride) if isinstance(stride, int) else stride)
    h, w = output_size(image.shape[0], wh, sy), output_size(image.shape[1], ww, sx)
    tops, lefts = np.arange(h)[:, None] * sy, np.arange(w) * sx
    if mode == "mean":
        sums = np.pad(image.astype(float).cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
        total = sums[tops + wh, lefts + ww] - sums[tops, lefts + ww] - sums[tops + wh, lefts] + sums[tops, lefts]
        return total / (wh * ww)
    if mode == "max":
        inside_rows, inside_columns = np.divmod(np.arange(wh * ww), ww)
        return image[tops[..., None] + inside_rows, lefts[:, None] + inside_columns].max(axis=-1)
    raise ValueError('mode must be "max" or "mean"')

# %% [task-5-shrink]
def shrink(image):
    h, w = image.shape[0] // 2, image.shape[1] // 2
    if h == 0 or w == 0:
        raise ValueError("too small")
    return image[:2 * h, :2 * w].reshape(h, 2, w, 2).max(axis=(1, 3))
