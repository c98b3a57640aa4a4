"""Four loops in plain Python over lists, converted to arrays at the end."""

# %% [task-2-to-grayscale]
def to_grayscale(rgb):
    scale = 255 if rgb.dtype == "uint8" else 1
    rows = []
    for row in rgb.tolist():
        rows.append([(0.299 * r + 0.587 * g + 0.114 * b) / scale for r, g, b in row])
    return np.array(rows)

# %% [task-3-convolve]
def convolve2d(image, kernel, stride=1, padding=0):
    h, w = image.shape
    kh, kw = kernel.shape
    rows = []
    for y in range(output_size(h, kh, stride, padding)):
        rows.append([])
        for x in range(output_size(w, kw, stride, padding)):
            total = 0.0
            for i in range(kh):
                for j in range(kw):
                    a, b = y * stride + i - padding, x * stride + j - padding
                    if 0 <= a < h and 0 <= b < w:
                        total += float(image[a, b]) * float(kernel[i, j])
            rows[-1].append(total)
    return np.array(rows)

# %% [task-4-pool]
def pool2d(image, window=2, stride=None, mode="max"):
    if mode != "max" and mode != "mean":
        raise ValueError("unknown mode")
    if type(window) is int:
        window = [window, window]
    if stride is None:
        stride = window
    elif type(stride) is int:
        stride = [stride, stride]
    rows, pixels = [], image.tolist()
    for y in range(output_size(len(pixels), window[0], stride[0])):
        row = []
        for x in range(output_size(len(pixels[0]), window[1], stride[1])):
            largest, total = -float("inf"), 0
            for i in range(window[0]):
                for j in range(window[1]):
                    pixel = pixels[y * stride[0] + i][x * stride[1] + j]
                    total += pixel
                    if pixel > largest:
                        largest = pixel
            row.append(largest if mode == "max" else total / (window[0] * window[1]))
        rows.append(row)
    return np.array(rows)

# %% [task-5-shrink]
def shrink(image):
    return pool2d(image)
