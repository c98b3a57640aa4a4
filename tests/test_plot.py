"""The course's figures: every image carries its alternative text, and the drawings show what they claim."""

import base64
import html.parser
import io

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from nbconvert import HTMLExporter
from PIL import Image

from helpers import plot


@pytest.fixture(autouse=True)
def course_style():
    with plt.rc_context():
        plot.use_style()
        yield
    plt.close("all")


@pytest.fixture
def ax():
    return plt.subplots()[1]


def shown(fig, alt):
    InteractiveShell.instance()
    with capture_output() as captured:
        plot.show(fig, alt)
    return captured.outputs


def images(page):
    """The attributes of every img element of an HTML page."""
    found = []
    parser = html.parser.HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.append(dict(attributes)) if tag == "img" else None
    parser.feed(page)
    return found


def pixels(fig):
    return np.asarray(Image.open(io.BytesIO(plot.png(fig))).convert("RGB")).astype(int)


def test_show_displays_one_png_with_its_text_and_closes_the_figure(ax):
    (output,) = shown(ax.figure, "A line that rises.")
    image = Image.open(io.BytesIO(base64.b64decode(output.data["image/png"])))
    assert image.size == (600, 400)
    assert output.data["text/plain"] == "A line that rises."
    assert output.metadata == {"image/png": {"alt": "A line that rises."}}
    assert not plt.get_fignums()


def test_text_reaches_the_html_page_as_the_images_alt(ax):
    alt = 'Where w < 0 & x > "1".'
    (output,) = shown(ax.figure, alt)
    cell = nbformat.v4.new_code_cell(
        outputs=[nbformat.v4.new_output("display_data", data=output.data, metadata=output.metadata)]
    )
    page, _ = HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    assert [image["alt"] for image in images(page)] == [alt]


@pytest.mark.parametrize("alt", ["", "  \n", None, 3])
def test_a_figure_without_text_is_refused(ax, alt):
    with pytest.raises(ValueError, match="no alternative text"):
        plot.show(ax.figure, alt)


def test_line_art_is_stored_small_and_photographs_exactly():
    def size_and_error(values):
        image = io.BytesIO()
        Image.fromarray(values).save(image, format="PNG")
        stored = base64.b64decode(plot.bundle(image.getvalue(), "Test picture.")[0]["image/png"])
        decoded = np.asarray(Image.open(io.BytesIO(stored)).convert("RGB")).astype(int)
        return len(stored) / len(image.getvalue()), np.abs(decoded - values).max()

    ramp = np.repeat(np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 50, axis=0), 3, axis=2)
    assert size_and_error(ramp)[1] == 0
    photograph = np.random.default_rng(1).integers(0, 256, (120, 160, 3), dtype=np.uint8)
    assert size_and_error(photograph) == (1, 0)


def test_style_keeps_text_readable_and_the_box_away(ax):
    assert ax.xaxis.label.get_size() == 11
    assert not any(spine.get_visible() for spine in ax.spines.values())
    assert ax.figure.dpi == 100


def test_classes_differ_in_marker_and_in_lightness():
    def lightness(color):
        return matplotlib.colors.to_rgb(color) @ np.array([0.2126, 0.7152, 0.0722])

    assert plot.CLASS_MARKERS[0] != plot.CLASS_MARKERS[1]
    assert abs(lightness(plot.CLASS_COLORS[0]) - lightness(plot.CLASS_COLORS[1])) > 0.2


def test_regions_tint_the_right_side(ax):
    ax.set_axis_off()
    ax.set_position([0, 0, 1, 1])
    ax.figure.set_size_inches(4, 4)
    ax.figure.set_layout_engine("none")
    plot.regions(ax, lambda points: points[:, 0] + 3 * points[:, 1] > 2, low=-1, high=2)
    ax.set_axis_off()
    picture = pixels(ax.figure).sum(axis=2)
    dark = picture < (picture.min() + picture.max()) / 2
    for x1, x2 in [(0, 0), (0, 1), (1, 0), (1, 1), (-0.9, 1.9), (1.9, -0.9), (1.9, 0.2), (-0.9, 0.9)]:
        row, column = round(400 * (2 - x2) / 3), round(400 * (x1 + 1) / 3)
        assert dark[row, column] == (x1 + 3 * x2 > 2), (x1, x2)


def test_samples_use_a_shape_per_class_and_cross_out_the_wrong_ones(ax):
    plot.samples(ax, [(0, 0), (0, 1), (1, 0)], [0, 1, 1], wrong=[False, False, True])
    drawn = {c.get_label(): np.asarray(c.get_offsets()).tolist() for c in ax.collections}
    assert drawn == {"target 0": [[0, 0]], "target 1": [[0, 1], [1, 0]], "wrong": [[1, 0]]}


def test_nothing_is_crossed_out_when_nothing_is_wrong(ax):
    plot.samples(ax, [(0, 0), (1, 1)], [0, 1], wrong=[False, False])
    assert [c.get_label() for c in ax.collections] == ["target 0", "target 1"]


@pytest.mark.parametrize("w", [(-1.5, 1, 1), (0.5, -1, 0), (0.5, 0, 2), (1, 1e-3, -40), (0, 3, 1)])
def test_line_lies_where_the_activity_is_zero(ax, w):
    ax.set(xlim=(-2, 3), ylim=(-1, 2))
    x1, x2 = plot.line(ax, w).get_data()
    np.testing.assert_allclose(w[0] + w[1] * x1 + w[2] * x2, 0, atol=1e-12)
    assert (ax.get_xlim(), ax.get_ylim()) == ((-2, 3), (-1, 2))
    # The ends reach opposite borders, so no part of the line is missing.
    assert sorted(x1) == [-2, 3] or sorted(x2) == [-1, 2]


def test_no_line_without_input_weights(ax):
    assert plot.line(ax, (1, 0, 0)) is None
    assert not ax.lines


def test_network_draws_every_neuron_and_label(ax):
    plot.network(ax, [["a", "b"], ["c"]], {((0, 0), (1, 0)): "v", ((0, 1), (1, 0)): "w"})
    assert sorted(t.get_text() for t in ax.texts if t.get_text()) == ["a", "b", "c", "v", "w"]
    a, b, c = (patch.center for patch in ax.patches)
    assert a[0] == b[0] < c[0] and a[1] > b[1]


def test_network_tells_where_its_neurons_are(ax):
    places = plot.network(ax, [["a", "b"], ["c"]], {})
    assert {key: tuple(place) for key, place in places.items()} == {
        (0, 0): (0, 0.5), (0, 1): (0, -0.5), (1, 0): (2.2, 0),
    }  # fmt: skip


def test_network_puts_labels_where_it_is_told(ax):
    plot.network(ax, [["a"], ["c"]], {((0, 0), (1, 0)): "v"}, at=0.25)
    (label,) = (text for text in ax.texts if text.get_text() == "v")
    assert label.get_position() == pytest.approx((0.55, 0))


def test_surface_puts_the_first_weight_on_the_horizontal_axis(ax):
    plot.surface(ax, lambda a, b: (a - 1) ** 2 + 9 * (b + 2) ** 2, (-3, 5), (-4, 1))
    assert (ax.get_xlim(), ax.get_ylim()) == ((-3, 5), (-4, 1))
    filled = ax.collections[0]
    lowest = np.concatenate([np.asarray(polygon) for polygon in filled.get_paths()[0].to_polygons()])
    assert lowest.mean(axis=0) == pytest.approx([1, -2], abs=0.1)
    # Three times as wide as high, as the ellipses of this error are.
    assert np.divide(*np.ptp(lowest, axis=0)) == pytest.approx(3, rel=0.1)
    bar = ax.figure.axes[1]
    assert bar.get_ylabel() == "error $E$"
    assert bar.get_yticklabels()[0].get_text() == "0"


def test_surface_has_a_colour_bar_unless_told_otherwise(ax):
    plot.surface(ax, lambda a, b: a**2 + b**2, (-1, 1), (-1, 1), bar=False)
    assert ax.figure.axes == [ax]
    plot.surface(ax, lambda a, b: a**2 + b**2, (-1, 1), (-1, 1))
    assert len(ax.figure.axes) == 2


def test_path_marks_every_step_and_rings_the_start(ax):
    plot.path(ax, [(2, 1), (1, 0.5), (0, 0.25)], label="eta = 0.5")
    _, line = ax.lines  # the first one is the white border that keeps the path apart from the surface
    assert line.get_xydata().tolist() == [[2, 1], [1, 0.5], [0, 0.25]]
    assert line.get_label() == "eta = 0.5"
    assert ax.collections[0].get_offsets().tolist() == [[2, 1]]
