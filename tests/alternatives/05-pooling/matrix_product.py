"""The windows as rows of one matrix (im2col): the convolution is its product with the kernel as a column."""

# %% [extra after task-2-to-grayscale]
def im2col(image, size, step):
    h, w = output_size(image.shape[0], size[0], step[0]), output_size(image.shape[1], size[1], step[1])
    rows = [image[y * step[0]:y * step[0] + size[0], x * step[1]:x * step[1] + size[1]].ravel() for y in range(h) for x in range(w)]
    return np.stack(rows), (h, w)

# %% [task-3-convolve]
def convolve2d(image, kernel, stride=1, padding=0):
    output_size(image.shape[0], kernel.shape[0], stride, padding)
    rows, shape = im2col(np.pad(image.astype(float), padding), kernel.shape, (stride, stride))
    return (rows @ kernel.ravel()).reshape(shape)

# %% [task-4-pool]
def pool2d(image, window=2, stride=None, mode="max"):
    pair = lambda value: (value, value) if isinstance(value, int) else value
    rows, shape = im2col(image, pair(window), pair(window if stride is None else stride))
    match mode:
        case "max":
            return rows.max(axis=1).reshape(shape)
        case "mean":
            return rows.mean(axis=1).reshape(shape)
    raise ValueError(mode)
