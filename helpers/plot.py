"""The course's figures: one style, alternative text on every image, and the few drawings that units share."""

import base64
import html
import io

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import ListedColormap, to_rgba
from PIL import Image

# Class 0 and class 1 differ in hue, in lightness and in marker, so that no reader needs the colour.
CLASS_COLORS = ("#E69F00", "#0072B2")
CLASS_MARKERS = ("o", "s")
_REGION_TINTS = (to_rgba(CLASS_COLORS[0], 0.14), to_rgba(CLASS_COLORS[1], 0.42))
_GRID_POINTS = 300


def use_style():
    """Use the course's style sheet for every figure that follows."""
    plt.style.use("helpers.course")


def png(fig):
    """The figure as PNG bytes; the figure is closed, so that no backend shows it a second time."""
    buffer = io.BytesIO()
    # Straight to the canvas: savefig would draw twice, and a widget draws while a slider moves.
    FigureCanvasAgg(fig).print_png(buffer)
    plt.close(fig)
    return buffer.getvalue()


def html_image(image, alt):
    """An HTML image element for PNG bytes `image`, with its size and the alternative text `alt`.

    Raises ValueError if `alt` is empty.
    """
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError("This figure has no alternative text. Say in a sentence what a reader sees: alt='...'.")
    width, height = (int.from_bytes(image[at : at + 4], "big") for at in (16, 20))
    # Size and synchronous decoding keep the page still while a widget replaces one picture by the next.
    return (
        f'<img alt="{html.escape(alt)}" width="{width}" height="{height}" decoding="sync" '
        f'style="max-width: 100%; height: auto" src="data:image/png;base64,{_base64(image)}">'
    )


def bundle(image, alt):
    """(data, metadata) of one Jupyter display message: PNG bytes `image` with the alternative text `alt`.

    JupyterLab and nbconvert ignore alternative text in an image's metadata, so an HTML image carries it too.
    Raises ValueError if `alt` is empty.
    """
    image = _with_palette(image)
    data = {"text/html": html_image(image, alt), "image/png": _base64(image), "text/plain": alt}
    return data, {"image/png": {"alt": alt}}


def _with_palette(image):
    # Line art has few colours: a palette makes the stored notebook a third as large. Photographs stay exact.
    picture = Image.open(io.BytesIO(image)).convert("RGB")
    if picture.getcolors(maxcolors=10_000) is None:
        return image
    buffer = io.BytesIO()
    picture.quantize(256).save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()


def _base64(image):
    return base64.b64encode(image).decode("ascii")


def show(fig, alt):
    """Display the figure once, as a PNG with the alternative text `alt` (required), and close it."""
    data, metadata = bundle(png(fig), alt)
    display(data, metadata=metadata, raw=True)


def regions(ax, decide, low=-0.5, high=1.5):
    """Tint the square low..high of the input space by class: light where the answer is 0, dark where it is 1.

    `decide` takes points of shape (n, 2) and returns (n,) classes 0 or 1.
    """
    # Pixel centres, not edges: the picture then covers the square exactly.
    step = (high - low) / _GRID_POINTS
    axis = low + step * (np.arange(_GRID_POINTS) + 0.5)
    x1, x2 = np.meshgrid(axis, axis)
    classes = np.asarray(decide(np.column_stack([x1.ravel(), x2.ravel()]))).reshape(x1.shape)
    ax.imshow(
        classes,
        extent=(low, high, low, high),
        origin="lower",
        cmap=ListedColormap(_REGION_TINTS),
        vmin=0,
        vmax=1,
        interpolation="nearest",
        zorder=0,
    )
    ax.set(xlim=(low, high), ylim=(low, high), xlabel="$x_1$", ylabel="$x_2$")
    ax.locator_params(nbins=4, prune="both")


def samples(ax, X, targets, wrong=None):
    """Draw samples X (n, 2): circles for target 0, squares for target 1, a cross where `wrong` is true."""
    X, targets = np.asarray(X), np.asarray(targets)
    for target, color, marker in zip((0, 1), CLASS_COLORS, CLASS_MARKERS, strict=True):
        style = {"c": color, "marker": marker, "edgecolors": "black", "linewidths": 1.2}
        ax.scatter(*X[targets == target].T, s=90, zorder=3, label=f"target {target}", **style)
    if wrong is not None and np.any(wrong):
        points = X[np.asarray(wrong, dtype=bool)]
        ax.scatter(*points.T, s=240, c="black", marker="x", linewidths=2, zorder=4, label="wrong")


def line(ax, w, **style):
    """Draw w[0] + w[1] x1 + w[2] x2 = 0 across the current limits of `ax`.

    Returns the Line2D, or None where no line exists (w[1] = w[2] = 0). `style` goes to `Axes.plot`.
    """
    w0, w1, w2 = w
    if w1 == 0 and w2 == 0:
        return None
    limits = ax.get_xlim(), ax.get_ylim()
    # Solve for the coordinate with the larger weight: steep lines stay exact.
    if abs(w2) >= abs(w1):
        x1 = np.array(limits[0])
        x2 = -(w0 + w1 * x1) / w2
    else:
        x2 = np.array(limits[1])
        x1 = -(w0 + w2 * x2) / w1
    (drawn,) = ax.plot(x1, x2, **{"color": "black", "linestyle": "--", "zorder": 2} | style)
    ax.set(xlim=limits[0], ylim=limits[1])
    return drawn


def network(ax, layers, edges, at=0.38):
    """Draw neurons as circles, layer by layer from left to right, and the connections between them.

    `layers` is a list of lists of labels; `edges` maps (from, to) to a label, where from and to are
    (layer, position) with position 0 at the top. Example: two inputs and one neuron,
    `network(ax, [["$x_1$", "$x_2$"], ["$o$"]], {((0, 0), (1, 0)): "$w_1$", ((0, 1), (1, 0)): "$w_2$"})`.
    `at` is the part of the way at which the labels of the edges stand; move it where labels meet.
    Returns the places of the neurons, (layer, position) -> array (x, y), so that a caller can write beside them.
    """
    radius = 0.3
    places = {
        (column, row): np.array([2.2 * column, (len(labels) - 1) / 2 - row])
        for column, labels in enumerate(layers)
        for row in range(len(labels))
    }
    for (start, end), label in edges.items():
        a, b = places[start], places[end]
        along = (b - a) / np.linalg.norm(b - a)
        ax.annotate("", b - radius * along, a + radius * along, arrowprops={"arrowstyle": "->", "color": "#606060"})
        # Before the middle: labels of edges that meet in one neuron stay apart.
        ax.text(*(a + at * (b - a)), label, ha="center", va="center", backgroundcolor="white", fontsize=10)
    for (column, row), place in places.items():
        ax.add_patch(plt.Circle(place, radius, facecolor="#F4F4F4", edgecolor="black", zorder=3))
        ax.text(*place, layers[column][row], ha="center", va="center", zorder=4)
    ax.set_aspect("equal")
    ax.axis("off")
    ax.autoscale_view()
    return places


def surface(ax, error, horizontal, vertical, bands=14, bar=True):
    """Draw the error over two weights as coloured bands with contour lines, and a colour bar.

    `error(a, b)` takes two arrays of one shape and returns the errors, same shape; `horizontal` and `vertical`
    are the ranges (low, high) of a and b. The bands are narrow near the lowest error and wide near the highest.
    `bar=False` leaves out the colour bar, for small panels side by side.
    """
    a, b = np.meshgrid(np.linspace(*horizontal, 201), np.linspace(*vertical, 201))
    values = error(a, b)
    low, high = values.min(), values.max()
    levels = low + (high - low) * np.linspace(0, 1, bands + 1) ** 2
    filled = ax.contourf(a, b, values, levels, alpha=0.55, zorder=0)
    ax.contour(a, b, values, levels, colors="#606060", linewidths=0.5, zorder=1)
    if bar:
        shown = levels[:: max(1, bands // 5)]
        scale = ax.figure.colorbar(filled, ax=ax, label="error $E$", ticks=shown)
        # A lowest error of 1e-8 is a matter of where the grid's points lie.
        scale.set_ticklabels([f"{value if value > 1e-3 * high else 0:.2g}" for value in shown])
    ax.set(xlim=horizontal, ylim=vertical)
    ax.grid(False)


def path(ax, weights, label=None, color="black", marker="o"):
    """Draw the way of two weights (n_steps + 1, 2): a line with a mark at each step and a ring around the start."""
    weights = np.asarray(weights, dtype=float)
    ax.plot(*weights.T, color="white", linewidth=3.5, zorder=3)
    ax.plot(*weights.T, color=color, marker=marker, markersize=4, linewidth=1.5, label=label, zorder=3)
    ax.scatter(*weights[0], s=110, facecolors="none", edgecolors=color, linewidths=2, zorder=4)
