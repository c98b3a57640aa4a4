# Known mistakes in unit 05, read by `course audit 05-pooling`. One mistake a cell: its code is put after the worked
# solution of the task, so that it replaces the functions it defines. The hint is a fragment of what its check must say.

# %% [task-1-output-size] one window too few
# hint: The + 1 is missing
def output_size(n, window, stride=1, padding=0):
    if min(n, window, stride) < 1 or padding < 0 or window > n + 2 * padding:
        raise ValueError("no")
    return (n + 2 * padding - window) // stride

# %% [task-1-output-size] incomplete last window kept
# hint: The last window sticks out over the edge
def output_size(n, window, stride=1, padding=0):
    if min(n, window, stride) < 1 or padding < 0 or window > n + 2 * padding:
        raise ValueError("no")
    return int(np.ceil((n + 2 * padding - window) / stride)) + 1

# %% [task-1-output-size] not a whole number
# hint: divide with // instead of /
def output_size(n, window, stride=1, padding=0):
    if min(n, window, stride) < 1 or padding < 0 or window > n + 2 * padding:
        raise ValueError("no")
    return (n + 2 * padding - window) / stride + 1

# %% [task-1-output-size] padding on one side
# hint: Padding adds pixels at both ends
def output_size(n, window, stride=1, padding=0):
    if min(n, window, stride) < 1 or padding < 0 or window > n + 2 * padding:
        raise ValueError("no")
    return (n + padding - window) // stride + 1

# %% [task-1-output-size] padding ignored
# hint: The padding is ignored
def output_size(n, window, stride=1, padding=0):
    if min(n, window, stride) < 1 or padding < 0 or window > n + 2 * padding:
        raise ValueError("no")
    return (n - window) // stride + 1

# %% [task-1-output-size] stride ignored
# hint: The stride is ignored
def output_size(n, window, stride=1, padding=0):
    if min(n, window, stride) < 1 or padding < 0 or window > n + 2 * padding:
        raise ValueError("no")
    return n + 2 * padding - window + 1

# %% [task-1-output-size] a window that does not fit gives 0
# hint: raise ValueError, do not return 0
def output_size(n, window, stride=1, padding=0):
    if min(n, window, stride) < 1 or padding < 0:
        raise ValueError("no")
    return max(0, (n + 2 * padding - window) // stride + 1)

# %% [task-1-output-size] refusal after the division
# hint: Compare before you divide
def output_size(n, window, stride=1, padding=0):
    if min(n, window, stride) < 1 or padding < 0:
        raise ValueError("no")
    size = int((n + 2 * padding - window) / stride) + 1
    if size < 1 or window == n + 2 * padding + 1 and stride == 1:
        raise ValueError("no")
    return size

# %% [task-1-output-size] negative padding let through
# hint: padding -1 makes no sense
def output_size(n, window, stride=1, padding=0):
    if min(n, window, stride) < 1 or window > n + 2 * padding:
        raise ValueError("no")
    return (n + 2 * padding - window) // stride + 1

# %% [task-2-to-grayscale] mean of the colours
# hint: The weights are missing
def to_grayscale(rgb):
    return rgb.mean(axis=2) / 255 if rgb.dtype == np.uint8 else rgb.mean(axis=2)

# %% [task-2-to-grayscale] not divided by 255
# hint: Divide uint8 by 255
def to_grayscale(rgb):
    return rgb @ np.array([0.299, 0.587, 0.114])

# %% [task-2-to-grayscale] red and blue swapped
# hint: Red and blue are swapped
def to_grayscale(rgb):
    grey = rgb @ np.array([0.114, 0.587, 0.299])
    return grey / 255 if rgb.dtype == np.uint8 else grey

# %% [task-2-to-grayscale] floats divided too
# hint: Only uint8 is divided by 255
def to_grayscale(rgb):
    return rgb @ np.array([0.299, 0.587, 0.114]) / 255

# %% [task-2-to-grayscale] judged by the brightest pixel
# hint: Ask the dtype, not the brightest pixel
def to_grayscale(rgb):
    grey = rgb @ np.array([0.299, 0.587, 0.114])
    return grey / 255 if rgb.max() > 1 else grey

# %% [task-2-to-grayscale] divided by 256
# hint: divide by 255 and not by 256
def to_grayscale(rgb):
    grey = rgb @ np.array([0.299, 0.587, 0.114])
    return grey / 256 if rgb.dtype == np.uint8 else grey

# %% [task-2-to-grayscale] written into the colours
# hint: rgb was changed in place
def to_grayscale(rgb):
    if rgb.dtype == np.uint8:
        rgb = rgb / 255
    rgb *= np.array([0.299, 0.587, 0.114])
    return rgb.sum(axis=2)

# %% [task-2-to-grayscale] cut to whole numbers
# hint: cut to whole numbers
def to_grayscale(rgb):
    grey = rgb @ np.array([0.299, 0.587, 0.114])
    return (grey / 255 + 1e-9).astype(int) if rgb.dtype == np.uint8 else grey

# %% [task-3-convolve] kernel flipped
# hint: The kernel is flipped
def convolve2d(image, kernel, stride=1, padding=0):
    kernel = kernel[::-1, ::-1]
    height = output_size(image.shape[0], kernel.shape[0], stride, padding)
    width = output_size(image.shape[1], kernel.shape[1], stride, padding)
    padded = np.pad(image.astype(float), padding)
    return np.array([[np.sum(padded[y * stride:y * stride + kernel.shape[0], x * stride:x * stride + kernel.shape[1]] * kernel)
                      for x in range(width)] for y in range(height)])

# %% [task-3-convolve] matrix product
# hint: This is the matrix product @
def convolve2d(image, kernel, stride=1, padding=0):
    height = output_size(image.shape[0], kernel.shape[0], stride, padding)
    width = output_size(image.shape[1], kernel.shape[1], stride, padding)
    padded = np.pad(image.astype(float), padding)
    return np.array([[np.sum(padded[y * stride:y * stride + kernel.shape[0], x * stride:x * stride + kernel.shape[1]] @ kernel)
                      for x in range(width)] for y in range(height)])

# %% [task-3-convolve] kernel transposed
# hint: The kernel is transposed
def convolve2d(image, kernel, stride=1, padding=0):
    kernel = kernel.T
    height = output_size(image.shape[0], kernel.shape[0], stride, padding)
    width = output_size(image.shape[1], kernel.shape[1], stride, padding)
    padded = np.pad(image.astype(float), padding)
    return np.array([[np.sum(padded[y * stride:y * stride + kernel.shape[0], x * stride:x * stride + kernel.shape[1]] * kernel)
                      for x in range(width)] for y in range(height)])

# %% [task-3-convolve] stride ignored
# hint: The stride is ignored
def convolve2d(image, kernel, stride=1, padding=0):
    height = output_size(image.shape[0], kernel.shape[0], 1, padding)
    width = output_size(image.shape[1], kernel.shape[1], 1, padding)
    padded = np.pad(image.astype(float), padding)
    return np.array([[np.sum(padded[y:y + kernel.shape[0], x:x + kernel.shape[1]] * kernel) for x in range(width)] for y in range(height)])

# %% [task-3-convolve] stride only in the size
# hint: The stride only changes the size
def convolve2d(image, kernel, stride=1, padding=0):
    height = output_size(image.shape[0], kernel.shape[0], stride, padding)
    width = output_size(image.shape[1], kernel.shape[1], stride, padding)
    padded = np.pad(image.astype(float), padding)
    return np.array([[np.sum(padded[y:y + kernel.shape[0], x:x + kernel.shape[1]] * kernel) for x in range(width)] for y in range(height)])

# %% [task-3-convolve] kernel's size as the stride
# hint: The kernel's size is taken as the stride
def convolve2d(image, kernel, stride=1, padding=0):
    if stride > 1:
        stride = kernel.shape[0]
    height = output_size(image.shape[0], kernel.shape[0], stride, padding)
    width = output_size(image.shape[1], kernel.shape[1], stride, padding)
    padded = np.pad(image.astype(float), padding)
    return np.array([[np.sum(padded[y * stride:y * stride + kernel.shape[0], x * stride:x * stride + kernel.shape[1]] * kernel)
                      for x in range(width)] for y in range(height)])

# %% [task-3-convolve] padding ignored
# hint: The padding is ignored
def convolve2d(image, kernel, stride=1, padding=0):
    height = output_size(image.shape[0], kernel.shape[0], stride)
    width = output_size(image.shape[1], kernel.shape[1], stride)
    return np.array([[np.sum(image[y * stride:y * stride + kernel.shape[0], x * stride:x * stride + kernel.shape[1]] * kernel)
                      for x in range(width)] for y in range(height)], dtype=float)

# %% [task-3-convolve] padded with the edge
# hint: The frame is made of copies of the edge
def convolve2d(image, kernel, stride=1, padding=0):
    height = output_size(image.shape[0], kernel.shape[0], stride, padding)
    width = output_size(image.shape[1], kernel.shape[1], stride, padding)
    padded = np.pad(image.astype(float), padding, mode="edge")
    return np.array([[np.sum(padded[y * stride:y * stride + kernel.shape[0], x * stride:x * stride + kernel.shape[1]] * kernel)
                      for x in range(width)] for y in range(height)])

# %% [task-3-convolve] output padded
# hint: The frame stands around the output
def convolve2d(image, kernel, stride=1, padding=0):
    height = output_size(image.shape[0], kernel.shape[0], stride)
    width = output_size(image.shape[1], kernel.shape[1], stride)
    return np.pad(np.array([[np.sum(image[y * stride:y * stride + kernel.shape[0], x * stride:x * stride + kernel.shape[1]] * kernel)
                             for x in range(width)] for y in range(height)], dtype=float), padding)

# %% [task-3-convolve] height and width of the output swapped
# hint: Height and width
def convolve2d(image, kernel, stride=1, padding=0):
    height = output_size(image.shape[0], kernel.shape[0], stride, padding)
    width = output_size(image.shape[1], kernel.shape[1], stride, padding)
    padded = np.pad(image.astype(float), padding)
    output = np.zeros((width, height))
    for y in range(height):
        for x in range(width):
            output[x, y] = np.sum(padded[y * stride:y * stride + kernel.shape[0], x * stride:x * stride + kernel.shape[1]] * kernel)
    return output if height != width else output.T

# %% [task-3-convolve] uint8 overflows
# hint: uint8 overflows above 255
def convolve2d(image, kernel, stride=1, padding=0):
    height = output_size(image.shape[0], kernel.shape[0], stride, padding)
    width = output_size(image.shape[1], kernel.shape[1], stride, padding)
    padded = np.pad(image, padding)
    return np.array([[np.sum(padded[y * stride:y * stride + kernel.shape[0], x * stride:x * stride + kernel.shape[1]] * kernel)
                      for x in range(width)] for y in range(height)], dtype=float)

# %% [task-3-convolve] output of the image's type
# hint: Compute with floats
def convolve2d(image, kernel, stride=1, padding=0):
    height = output_size(image.shape[0], kernel.shape[0], stride, padding)
    width = output_size(image.shape[1], kernel.shape[1], stride, padding)
    padded = np.pad(image.astype(float), padding)
    result = np.array([[np.sum(padded[y * stride:y * stride + kernel.shape[0], x * stride:x * stride + kernel.shape[1]] * kernel)
                        for x in range(width)] for y in range(height)])
    return result.astype(image.dtype)

# %% [task-3-convolve] mean of the products
# hint: The mean is taken
def convolve2d(image, kernel, stride=1, padding=0):
    height = output_size(image.shape[0], kernel.shape[0], stride, padding)
    width = output_size(image.shape[1], kernel.shape[1], stride, padding)
    padded = np.pad(image.astype(float), padding)
    return np.array([[np.mean(padded[y * stride:y * stride + kernel.shape[0], x * stride:x * stride + kernel.shape[1]] * kernel)
                      for x in range(width)] for y in range(height)])

# %% [task-3-convolve] kernel changed in place
# hint: image or kernel was changed in place
def convolve2d(image, kernel, stride=1, padding=0):
    height = output_size(image.shape[0], kernel.shape[0], stride, padding)
    width = output_size(image.shape[1], kernel.shape[1], stride, padding)
    padded = np.pad(image.astype(float), padding)
    if kernel.dtype.kind == "f":
        kernel += 1e-12
    return np.array([[np.sum(padded[y * stride:y * stride + kernel.shape[0], x * stride:x * stride + kernel.shape[1]] * kernel)
                      for x in range(width)] for y in range(height)])

# %% [task-4-pool] smallest instead of largest
# hint: This is the smallest pixel
def pool2d(image, window=2, stride=None, mode="max"):
    return -solved_pool(-np.asarray(image, dtype=float), window, stride, mode) if mode == "max" else solved_pool(image, window, stride, mode)

def solved_pool(image, window, stride, mode):
    if mode not in ("max", "mean"):
        raise ValueError(mode)
    stride = window if stride is None else stride
    (wh, ww), (sy, sx) = [(v, v) if isinstance(v, int) else v for v in (window, stride)]
    function = np.max if mode == "max" else np.mean
    return np.array([[function(image[y * sy:y * sy + wh, x * sx:x * sx + ww]) for x in range(output_size(image.shape[1], ww, sx))]
                     for y in range(output_size(image.shape[0], wh, sy))])

# %% [task-4-pool] search starts at 0
# hint: The search for the largest starts at 0
def pool2d(image, window=2, stride=None, mode="max"):
    if mode not in ("max", "mean"):
        raise ValueError(mode)
    if stride is None:
        stride = window
    wh, ww = (window, window) if isinstance(window, int) else window
    sy, sx = (stride, stride) if isinstance(stride, int) else stride
    height, width = output_size(image.shape[0], wh, sy), output_size(image.shape[1], ww, sx)
    output = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            part = image[y * sy:y * sy + wh, x * sx:x * sx + ww]
            output[y, x] = max(0, np.max(part)) if mode == "max" else np.mean(part)
    return output

# %% [task-4-pool] sizes compared instead of values
# hint: The size is taken instead of the value
def pool2d(image, window=2, stride=None, mode="max"):
    if mode not in ("max", "mean"):
        raise ValueError(mode)
    if stride is None:
        stride = window
    wh, ww = (window, window) if isinstance(window, int) else window
    sy, sx = (stride, stride) if isinstance(stride, int) else stride
    height, width = output_size(image.shape[0], wh, sy), output_size(image.shape[1], ww, sx)
    output = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            part = image[y * sy:y * sy + wh, x * sx:x * sx + ww]
            output[y, x] = np.max(np.abs(part)) if mode == "max" else np.mean(part)
    return output

# %% [task-4-pool] max padded with zeros
# hint: The image is padded with zeros, and 0 is larger
def pool2d(image, window=2, stride=None, mode="max"):
    if mode not in ("max", "mean"):
        raise ValueError(mode)
    if stride is None:
        stride = window
    wh, ww = (window, window) if isinstance(window, int) else window
    sy, sx = (stride, stride) if isinstance(stride, int) else stride
    output_size(image.shape[0], wh, sy), output_size(image.shape[1], ww, sx)
    if mode == "max" and image.min() < 0:
        image = np.pad(image, ((0, -(image.shape[0] - wh) % sy), (0, -(image.shape[1] - ww) % sx)))
    height, width = output_size(image.shape[0], wh, sy), output_size(image.shape[1], ww, sx)
    output = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            part = image[y * sy:y * sy + wh, x * sx:x * sx + ww]
            output[y, x] = np.max(part) if mode == "max" else np.mean(part)
    return output

# %% [task-4-pool] mean padded with zeros
# hint: The image is padded with zeros: nothing is padded
def pool2d(image, window=2, stride=None, mode="max"):
    if mode not in ("max", "mean"):
        raise ValueError(mode)
    if stride is None:
        stride = window
    wh, ww = (window, window) if isinstance(window, int) else window
    sy, sx = (stride, stride) if isinstance(stride, int) else stride
    output_size(image.shape[0], wh, sy), output_size(image.shape[1], ww, sx)
    if mode == "mean":
        image = np.pad(image, ((0, -(image.shape[0] - wh) % sy), (0, -(image.shape[1] - ww) % sx)))
    height, width = output_size(image.shape[0], wh, sy), output_size(image.shape[1], ww, sx)
    output = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            part = image[y * sy:y * sy + wh, x * sx:x * sx + ww]
            output[y, x] = np.max(part) if mode == "max" else np.mean(part)
    return output

# %% [task-4-pool] incomplete last window kept
# hint: The incomplete last window was kept
def pool2d(image, window=2, stride=None, mode="max"):
    if mode not in ("max", "mean"):
        raise ValueError(mode)
    if stride is None:
        stride = window
    wh, ww = (window, window) if isinstance(window, int) else window
    sy, sx = (stride, stride) if isinstance(stride, int) else stride
    output_size(image.shape[0], wh, sy), output_size(image.shape[1], ww, sx)
    height, width = -(-(image.shape[0] - wh) // sy) + 1, -(-(image.shape[1] - ww) // sx) + 1
    output = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            part = image[y * sy:y * sy + wh, x * sx:x * sx + ww]
            output[y, x] = np.max(part) if mode == "max" else np.mean(part)
    return output

# %% [task-4-pool] mean divided with //
# hint: The mean is cut to a whole number
def pool2d(image, window=2, stride=None, mode="max"):
    if mode not in ("max", "mean"):
        raise ValueError(mode)
    if stride is None:
        stride = window
    wh, ww = (window, window) if isinstance(window, int) else window
    sy, sx = (stride, stride) if isinstance(stride, int) else stride
    height, width = output_size(image.shape[0], wh, sy), output_size(image.shape[1], ww, sx)
    output = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            part = image[y * sy:y * sy + wh, x * sx:x * sx + ww]
            output[y, x] = np.max(part) if mode == "max" else np.sum(part) // part.size
    return output

# %% [task-4-pool] output of the image's type
# hint: The mean is cut to a whole number
def pool2d(image, window=2, stride=None, mode="max"):
    if mode not in ("max", "mean"):
        raise ValueError(mode)
    if stride is None:
        stride = window
    wh, ww = (window, window) if isinstance(window, int) else window
    sy, sx = (stride, stride) if isinstance(stride, int) else stride
    height, width = output_size(image.shape[0], wh, sy), output_size(image.shape[1], ww, sx)
    output = np.zeros((height, width), dtype=image.dtype)
    for y in range(height):
        for x in range(width):
            part = image[y * sy:y * sy + wh, x * sx:x * sx + ww]
            output[y, x] = np.max(part) if mode == "max" else np.mean(part)
    return output

# %% [task-4-pool] mean of uint8 summed in uint8
# hint: Sums of uint8 overflow
def pool2d(image, window=2, stride=None, mode="max"):
    if mode not in ("max", "mean"):
        raise ValueError(mode)
    if stride is None:
        stride = window
    wh, ww = (window, window) if isinstance(window, int) else window
    sy, sx = (stride, stride) if isinstance(stride, int) else stride
    height, width = output_size(image.shape[0], wh, sy), output_size(image.shape[1], ww, sx)
    output = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            part = image[y * sy:y * sy + wh, x * sx:x * sx + ww]
            output[y, x] = np.max(part) if mode == "max" else np.sum(part, dtype=part.dtype) / part.size
    return output

# %% [task-4-pool] mean divided by the height
# hint: Divide by the number of pixels in the window
def pool2d(image, window=2, stride=None, mode="max"):
    if mode not in ("max", "mean"):
        raise ValueError(mode)
    if stride is None:
        stride = window
    wh, ww = (window, window) if isinstance(window, int) else window
    sy, sx = (stride, stride) if isinstance(stride, int) else stride
    height, width = output_size(image.shape[0], wh, sy), output_size(image.shape[1], ww, sx)
    output = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            part = image[y * sy:y * sy + wh, x * sx:x * sx + ww]
            output[y, x] = np.max(part) if mode == "max" else np.sum(part) / wh
    return output

# %% [task-4-pool] sum instead of mean
# hint: This is the sum: divide
def pool2d(image, window=2, stride=None, mode="max"):
    if mode not in ("max", "mean"):
        raise ValueError(mode)
    if stride is None:
        stride = window
    wh, ww = (window, window) if isinstance(window, int) else window
    sy, sx = (stride, stride) if isinstance(stride, int) else stride
    height, width = output_size(image.shape[0], wh, sy), output_size(image.shape[1], ww, sx)
    output = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            part = image[y * sy:y * sy + wh, x * sx:x * sx + ww]
            output[y, x] = np.max(part) if mode == "max" else np.sum(part)
    return output

# %% [task-4-pool] mode ignored
# hint: The mode is ignored
def pool2d(image, window=2, stride=None, mode="max"):
    if mode not in ("max", "mean"):
        raise ValueError(mode)
    if stride is None:
        stride = window
    wh, ww = (window, window) if isinstance(window, int) else window
    sy, sx = (stride, stride) if isinstance(stride, int) else stride
    height, width = output_size(image.shape[0], wh, sy), output_size(image.shape[1], ww, sx)
    output = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            part = image[y * sy:y * sy + wh, x * sx:x * sx + ww]
            output[y, x] = np.max(part)
    return output

# %% [task-4-pool] mean as the default
# hint: This is the mean: the mode is
def pool2d(image, window=2, stride=None, mode="mean"):
    if mode not in ("max", "mean"):
        raise ValueError(mode)
    if stride is None:
        stride = window
    wh, ww = (window, window) if isinstance(window, int) else window
    sy, sx = (stride, stride) if isinstance(stride, int) else stride
    height, width = output_size(image.shape[0], wh, sy), output_size(image.shape[1], ww, sx)
    output = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            part = image[y * sy:y * sy + wh, x * sx:x * sx + ww]
            output[y, x] = np.max(part) if mode == "max" else np.mean(part)
    return output

# %% [task-4-pool] stride ignored
# hint: The stride is ignored
def pool2d(image, window=2, stride=None, mode="max"):
    if mode not in ("max", "mean"):
        raise ValueError(mode)
    if stride is None:
        stride = window
    wh, ww = (window, window) if isinstance(window, int) else window
    sy, sx = (stride, stride) if isinstance(stride, int) else stride
    sy, sx = min(sy, 1), min(sx, 1)
    height, width = output_size(image.shape[0], wh, sy), output_size(image.shape[1], ww, sx)
    output = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            part = image[y * sy:y * sy + wh, x * sx:x * sx + ww]
            output[y, x] = np.max(part) if mode == "max" else np.mean(part)
    return output

# %% [task-4-pool] stride taken as the window
# hint: The stride is taken as the window
def pool2d(image, window=2, stride=None, mode="max"):
    if mode not in ("max", "mean"):
        raise ValueError(mode)
    stride = window if stride is None or stride != 0 and np.min(stride) > 0 else stride
    wh, ww = (window, window) if isinstance(window, int) else window
    sy, sx = (stride, stride) if isinstance(stride, int) else stride
    height, width = output_size(image.shape[0], wh, sy), output_size(image.shape[1], ww, sx)
    output = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            part = image[y * sy:y * sy + wh, x * sx:x * sx + ww]
            output[y, x] = np.max(part) if mode == "max" else np.mean(part)
    return output

# %% [task-4-pool] window taken as the stride
# hint: The window is taken as large as the stride
def pool2d(image, window=2, stride=None, mode="max"):
    if mode not in ("max", "mean"):
        raise ValueError(mode)
    if stride is None:
        stride = window
    wh, ww = (window, window) if isinstance(window, int) else window
    sy, sx = (stride, stride) if isinstance(stride, int) else stride
    if np.ndim(stride) == 0 and min(wh, ww) > 0 and wh <= image.shape[0] and ww <= image.shape[1]:
        wh, ww = sy, sx
    height, width = output_size(image.shape[0], wh, sy), output_size(image.shape[1], ww, sx)
    output = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            part = image[y * sy:y * sy + wh, x * sx:x * sx + ww]
            output[y, x] = np.max(part) if mode == "max" else np.mean(part)
    return output

# %% [task-4-pool] stride only in the size
# hint: The stride only changes the size
def pool2d(image, window=2, stride=None, mode="max"):
    if mode not in ("max", "mean"):
        raise ValueError(mode)
    if stride is None:
        stride = window
    wh, ww = (window, window) if isinstance(window, int) else window
    sy, sx = (stride, stride) if isinstance(stride, int) else stride
    height, width = output_size(image.shape[0], wh, sy), output_size(image.shape[1], ww, sx)
    output = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            part = image[y:y + wh, x:x + ww]
            output[y, x] = np.max(part) if mode == "max" else np.mean(part)
    return output

# %% [task-4-pool] window's height and width swapped
# hint: Height and width of the window are swapped
def pool2d(image, window=2, stride=None, mode="max"):
    if mode not in ("max", "mean"):
        raise ValueError(mode)
    if stride is None:
        stride = window
    ww, wh = (window, window) if isinstance(window, int) else window
    sy, sx = (stride, stride) if isinstance(stride, int) else stride
    height, width = output_size(image.shape[0], wh, sy), output_size(image.shape[1], ww, sx)
    output = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            part = image[y * sy:y * sy + wh, x * sx:x * sx + ww]
            output[y, x] = np.max(part) if mode == "max" else np.mean(part)
    return output

# %% [task-4-pool] stride's directions swapped
# hint: The stride's directions are swapped
def pool2d(image, window=2, stride=None, mode="max"):
    if mode not in ("max", "mean"):
        raise ValueError(mode)
    if stride is None:
        stride = window if isinstance(window, int) else window[::-1]
    wh, ww = (window, window) if isinstance(window, int) else window
    sx, sy = (stride, stride) if isinstance(stride, int) else stride
    height, width = output_size(image.shape[0], wh, sy), output_size(image.shape[1], ww, sx)
    output = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            part = image[y * sy:y * sy + wh, x * sx:x * sx + ww]
            output[y, x] = np.max(part) if mode == "max" else np.mean(part)
    return output

# %% [task-4-pool] output's height and width swapped
# hint: Height and width are swapped
def pool2d(image, window=2, stride=None, mode="max"):
    if mode not in ("max", "mean"):
        raise ValueError(mode)
    if stride is None:
        stride = window
    wh, ww = (window, window) if isinstance(window, int) else window
    sy, sx = (stride, stride) if isinstance(stride, int) else stride
    height, width = output_size(image.shape[0], wh, sy), output_size(image.shape[1], ww, sx)
    output = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            part = image[y * sy:y * sy + wh, x * sx:x * sx + ww]
            output[y, x] = np.max(part) if mode == "max" else np.mean(part)
    return output if height == width or image.shape[0] == image.shape[1] or isinstance(window, int) or window == (1, 2) else output.T

# %% [task-4-pool] rows and columns of the image swapped
# hint: Height and width each have a size of their own
def pool2d(image, window=2, stride=None, mode="max"):
    if mode not in ("max", "mean"):
        raise ValueError(mode)
    if stride is None:
        stride = window
    wh, ww = (window, window) if isinstance(window, int) else window
    sy, sx = (stride, stride) if isinstance(stride, int) else stride
    height, width = output_size(image.shape[1], wh, sy), output_size(image.shape[0], ww, sx)
    output = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            part = image[y * sy:y * sy + wh, x * sx:x * sx + ww]
            if part.size:
                output[y, x] = np.max(part) if mode == "max" else np.mean(part)
    return output

# %% [task-4-pool] stride 1 where it is left out
# hint: Without a stride the window moves by its own size, not by 1
def pool2d(image, window=2, stride=None, mode="max"):
    if mode not in ("max", "mean"):
        raise ValueError(mode)
    if stride is None:
        stride = 1
    wh, ww = (window, window) if isinstance(window, int) else window
    sy, sx = (stride, stride) if isinstance(stride, int) else stride
    height, width = output_size(image.shape[0], wh, sy), output_size(image.shape[1], ww, sx)
    output = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            part = image[y * sy:y * sy + wh, x * sx:x * sx + ww]
            output[y, x] = np.max(part) if mode == "max" else np.mean(part)
    return output

# %% [task-4-pool] window's height for both strides
# hint: in each direction by another one
def pool2d(image, window=2, stride=None, mode="max"):
    if mode not in ("max", "mean"):
        raise ValueError(mode)
    if stride is None:
        stride = window if isinstance(window, int) else max(window)
    wh, ww = (window, window) if isinstance(window, int) else window
    sy, sx = (stride, stride) if isinstance(stride, int) else stride
    height, width = output_size(image.shape[0], wh, sy), output_size(image.shape[1], ww, sx)
    output = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            part = image[y * sy:y * sy + wh, x * sx:x * sx + ww]
            output[y, x] = np.max(part) if mode == "max" else np.mean(part)
    return output

# %% [task-4-pool] stride 0 taken for none
# hint: Only None means the window's size
def pool2d(image, window=2, stride=None, mode="max"):
    if mode not in ("max", "mean"):
        raise ValueError(mode)
    stride = stride or window
    wh, ww = (window, window) if isinstance(window, int) else window
    sy, sx = (stride, stride) if isinstance(stride, int) else stride
    height, width = output_size(image.shape[0], wh, sy), output_size(image.shape[1], ww, sx)
    output = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            part = image[y * sy:y * sy + wh, x * sx:x * sx + ww]
            output[y, x] = np.max(part) if mode == "max" else np.mean(part)
    return output

# %% [task-4-pool] unknown mode taken for mean
# hint: Only "max" and "mean" are modes
def pool2d(image, window=2, stride=None, mode="max"):
    if stride is None:
        stride = window
    wh, ww = (window, window) if isinstance(window, int) else window
    sy, sx = (stride, stride) if isinstance(stride, int) else stride
    height, width = output_size(image.shape[0], wh, sy), output_size(image.shape[1], ww, sx)
    output = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            part = image[y * sy:y * sy + wh, x * sx:x * sx + ww]
            output[y, x] = np.max(part) if mode == "max" else np.mean(part)
    return output

# %% [task-4-pool] window that does not fit is cut
# hint: A window that does not fit is refused
def pool2d(image, window=2, stride=None, mode="max"):
    if mode not in ("max", "mean"):
        raise ValueError(mode)
    if stride is None:
        stride = window
    wh, ww = (window, window) if isinstance(window, int) else window
    sy, sx = (stride, stride) if isinstance(stride, int) else stride
    if min(wh, ww) > 0:
        wh, ww = min(wh, image.shape[0]), min(ww, image.shape[1])
    height, width = output_size(image.shape[0], wh, sy), output_size(image.shape[1], ww, sx)
    output = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            part = image[y * sy:y * sy + wh, x * sx:x * sx + ww]
            output[y, x] = np.max(part) if mode == "max" else np.mean(part)
    return output

# %% [task-4-pool] first pixel of each window
# hint: This is the first pixel of each window
def pool2d(image, window=2, stride=None, mode="max"):
    if mode not in ("max", "mean"):
        raise ValueError(mode)
    if stride is None:
        stride = window
    wh, ww = (window, window) if isinstance(window, int) else window
    sy, sx = (stride, stride) if isinstance(stride, int) else stride
    height, width = output_size(image.shape[0], wh, sy), output_size(image.shape[1], ww, sx)
    output = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            part = image[y * sy:y * sy + wh, x * sx:x * sx + ww]
            output[y, x] = part[0, 0] if mode == "max" else np.mean(part)
    return output

# %% [task-4-pool] window fixed at 2
# hint: The window is fixed at 2
def pool2d(image, window=2, stride=None, mode="max"):
    if mode not in ("max", "mean"):
        raise ValueError(mode)
    if stride is None:
        stride = window
    wh, ww = 2, 2
    sy, sx = (stride, stride) if isinstance(stride, int) else stride
    height, width = output_size(image.shape[0], wh, sy), output_size(image.shape[1], ww, sx)
    output = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            part = image[y * sy:y * sy + wh, x * sx:x * sx + ww]
            output[y, x] = np.max(part) if mode == "max" else np.mean(part)
    return output

# %% [task-4-pool] image changed in place
# hint: The image was changed in place
def pool2d(image, window=2, stride=None, mode="max"):
    if mode not in ("max", "mean"):
        raise ValueError(mode)
    if stride is None:
        stride = window
    wh, ww = (window, window) if isinstance(window, int) else window
    sy, sx = (stride, stride) if isinstance(stride, int) else stride
    height, width = output_size(image.shape[0], wh, sy), output_size(image.shape[1], ww, sx)
    output = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            part = image[y * sy:y * sy + wh, x * sx:x * sx + ww]
            output[y, x] = np.max(part) if mode == "max" else np.mean(part)
            if image.dtype.kind == "f" and height > 2:
                image[y, x] = output[y, x]
    return output

# %% [task-4-pool] a view of the image
# hint: The output shares its memory
def pool2d(image, window=2, stride=None, mode="max"):
    if mode not in ("max", "mean"):
        raise ValueError(mode)
    if stride is None:
        stride = window
    wh, ww = (window, window) if isinstance(window, int) else window
    sy, sx = (stride, stride) if isinstance(stride, int) else stride
    height, width = output_size(image.shape[0], wh, sy), output_size(image.shape[1], ww, sx)
    if (wh, ww, sy, sx) == (1, 1, 1, 1):
        return image
    output = np.zeros((height, width))
    for y in range(height):
        for x in range(width):
            part = image[y * sy:y * sy + wh, x * sx:x * sx + ww]
            output[y, x] = np.max(part) if mode == "max" else np.mean(part)
    return output

# %% [task-5-shrink] every second pixel
# hint: These are every second row and column
def shrink(image):
    return image[::2, ::2]

# %% [task-5-shrink] average pooling
# hint: This is average pooling
def shrink(image):
    return pool2d(image, 2, 2, "mean")

# %% [task-5-shrink] overlapping windows
# hint: The windows overlap
def shrink(image):
    return pool2d(image, 2, 1)

# %% [task-5-shrink] height and width swapped
# hint: Height and width are swapped
def shrink(image):
    small = pool2d(image, 2, 2)
    return small if small.shape[0] == small.shape[1] else small.T

# %% [task-5-shrink] padded to even sizes
# hint: a last row or column left over is dropped
def shrink(image):
    return pool2d(np.pad(image, ((0, image.shape[0] % 2), (0, image.shape[1] % 2))), 2, 2)

# %% [task-5-shrink] one window over everything
# hint: not as large as the image
def shrink(image):
    return pool2d(image, image.shape)
