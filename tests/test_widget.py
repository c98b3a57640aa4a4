"""A figure with controls: it follows them, says what went wrong, and leaves a picture without a kernel."""

import base64
import html.parser
from types import SimpleNamespace

import matplotlib

matplotlib.use("agg")

import ipywidgets
import matplotlib.pyplot as plt
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from helpers import plot, widget

VIEW = "application/vnd.jupyter.widget-view+json"


def draw(height, kind):
    if height == 3:
        raise ValueError("no <bar> of height 3")
    fig, ax = plt.subplots(figsize=(2, 2))
    ax.bar([0, 1], [1, height] if kind == "up" else [height, 1])
    ax.set_ylim(-5, 5)
    return fig, f"{kind}: {height}"


@pytest.fixture
def page(monkeypatch):
    """What `explore` made: the controls by name, their box, the screen and the only output."""
    InteractiveShell.instance()
    boxes = []

    class Box(ipywidgets.VBox):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            boxes.append(self)

    monkeypatch.setattr(ipywidgets, "VBox", Box)
    controls = {
        "height": widget.slider("height of the bar", -4, 4, 0.5, value=1.5),
        "kind": widget.choice("kind", ["up", "down"]),
    }
    with capture_output() as captured:
        assert widget.explore(draw, **controls) is None
    ((box,), (output,)) = boxes, captured.outputs
    row, kind, screen = box.children
    field, handle = row.children
    assert (field, kind) == tuple(controls.values())
    return SimpleNamespace(box=box, screen=screen, output=output, handle=handle, **controls)


def image(text):
    """The attributes of the one element in an HTML text, which must be an image."""
    found = []
    parser = html.parser.HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.append((tag, dict(attributes)))
    parser.feed(text)
    ((tag, attributes),) = found
    assert tag == "img"
    return attributes


def expected(height, kind):
    return "data:image/png;base64," + base64.b64encode(plot.png(draw(height, kind)[0])).decode()


def test_one_output_holds_the_controls_and_a_figure_for_readers_without_a_kernel(page):
    data = page.output.data
    assert data[VIEW]["model_id"] == page.box.model_id
    assert data["text/plain"] == "up: 1.5"
    assert page.output.metadata["image/png"]["alt"] == image(data["text/html"])["alt"] == "up: 1.5"
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")


def test_the_figure_follows_every_setting(page):
    seen = set()
    for kind in ["up", "down"]:
        page.kind.value = kind
        for height in [-4, -1.5, 0, 0.5, 2, 4]:
            page.height.value = height
            shown = image(page.screen.value)
            assert shown["src"] == expected(height, kind)
            assert shown["alt"] == f"{kind}: {float(height)}"
            assert (shown["width"], shown["height"]) == ("200", "200")
            seen.add(shown["src"])
    assert len(seen) == 12


def test_slider_and_number_move_together(page):
    page.handle.value = 2.5
    assert (page.height.value, image(page.screen.value)["alt"]) == (2.5, "up: 2.5")
    page.height.value = -1
    assert (page.handle.value, image(page.screen.value)["alt"]) == (-1, "up: -1.0")


def test_a_number_outside_the_limits_becomes_the_nearest_limit(page):
    page.height.value = 1e9
    assert (page.handle.value, image(page.screen.value)["alt"]) == (4, "up: 4.0")


def test_rounding_noise_of_the_front_end_is_removed(page):
    page.handle.value = -0.49999999999999956
    assert (page.height.value, image(page.screen.value)["alt"]) == (-0.5, "up: -0.5")


def test_no_figure_stays_open(page):
    for height in [-2, -1, 0, 1]:
        page.height.value = height
    assert not plt.get_fignums()


def test_an_error_while_dragging_is_read_in_place_of_the_figure_and_goes_away(page):
    page.height.value = 3
    assert "ValueError: no &lt;bar&gt; of height 3" in page.screen.value
    assert "height = 3.0" in page.screen.value
    assert 'role="alert"' in page.screen.value
    page.height.value = 2
    assert image(page.screen.value)["src"] == expected(2, "up")


def test_an_error_in_the_first_drawing_is_raised():
    with pytest.raises(ValueError, match="height 3"):
        widget.explore(draw, height=widget.slider("height", 0, 4, 1, value=3), kind=widget.choice("kind", ["up"]))


def test_a_figure_without_text_is_refused():
    with pytest.raises(ValueError, match="no alternative text"):
        widget.explore(lambda: (plt.subplots()[0], ""))


def test_a_start_outside_the_slider_is_refused():
    with pytest.raises(ValueError, match="'w_1'.*outside -3 to 3"):
        widget.slider("w_1", -3, 3, 0.5, value=4)


def test_controls_are_labelled_and_follow_while_they_move(page):
    assert page.handle.continuous_update
    assert (page.handle.min, page.handle.max, page.handle.step) == (-4, 4, 0.5)
    slider = widget.slider("w_1", -3, 3, 0.5, value=1)
    assert slider.description == "w_1"
    assert (slider.min, slider.max, slider.step, slider.value) == (-3, 3, 0.5, 1)
    choice = widget.choice("task", ["AND", "OR"], value="OR")
    assert (choice.description, choice.value, choice.options) == ("task", "OR", ("AND", "OR"))
