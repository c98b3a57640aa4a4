"""Convolution and pooling do not use output_size: they count places with range and refuse on their own."""

# %% [task-1-output-size]
def output_size(n, window, stride=1, padding=0):
    if n <= 0 or window <= 0 or stride <= 0 or padding < 0:
        raise ValueError("sizes must be positive")
    places = len(range(0, n + 2 * padding - window + 1, stride))
    if not places:
        raise ValueError("the window does not fit")
    return places

# %% [task-3-convolve]
def convolve2d(image, kernel, stride=1, padding=0):
    if stride < 1 or padding < 0:
        raise ValueError("stride or padding")
    framed = np.pad(image, ((padding, padding), (padding, padding)), mode="constant").astype("float64")
    (h, w), (kh, kw) = framed.shape, kernel.shape
    if kh > h or kw > w:
        raise ValueError("kernel too large")
    return np.array([[np.vdot(framed[top:top + kh, left:left + kw], kernel) for left in range(0, w - kw + 1, stride)]
                     for top in range(0, h - kh + 1, stride)], dtype=float)

# %% [task-4-pool]
def pool2d(image, window=2, stride=None, mode="max"):
    if mode not in ("max", "mean"):
        raise ValueError("mode must be max or mean")
    try:
        wh, ww = window
    except TypeError:
        wh = ww = window
    if stride is None:
        sy, sx = wh, ww
    else:
        try:
            sy, sx = stride
        except TypeError:
            sy = sx = stride
    h, w = image.shape
    if not (1 <= wh <= h and 1 <= ww <= w and sy >= 1 and sx >= 1):
        raise ValueError("window or stride")
    return np.array([[getattr(np, mode)(image[top:top + wh, left:left + ww]) for left in range(0, w - ww + 1, sx)]
                     for top in range(0, h - wh + 1, sy)])
