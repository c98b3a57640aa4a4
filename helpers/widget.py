"""A figure with controls: live with a kernel, the first figure without one."""

import html

import ipywidgets
from IPython.display import display

from helpers import plot

_VIEW = "application/vnd.jupyter.widget-view+json"
_LABEL = {"description_width": "12em"}


def slider(label, low, high, step, value):
    """A number to type, to drag, or to move with the arrow keys; the figure follows while it moves.

    Raises ValueError where `value` lies outside of `low` to `high`.
    """
    if not low <= value <= high:
        raise ValueError(f"slider {label!r}: the start {value} is outside {low} to {high}.")
    return ipywidgets.BoundedFloatText(
        description=label, min=low, max=high, step=step, value=value, style=_LABEL, layout={"width": "19em"}
    )


def choice(label, options, value=None):
    """A labelled drop-down list of strings; the first one is chosen unless `value` names another."""
    return ipywidgets.Dropdown(
        description=label, options=list(options), value=value or options[0], style=_LABEL, layout={"width": "32em"}
    )


def explore(draw, **controls):
    """Show a figure with controls and draw it again whenever one of them changes.

    `draw(**values)` returns the matplotlib Figure and its alternative text; `controls` maps the arguments of
    `draw` to controls made by `slider` or `choice`. The cell gets one output: controls and figure for a front
    end with a kernel, and the first figure as a PNG for GitHub, nbconvert and a notebook opened without a
    kernel. An error in the first drawing is raised; a later one is shown in place of the figure, because an
    exception in a callback would be lost.
    """

    def values():
        return {name: control.value for name, control in controls.items()}

    def render():
        fig, alt = draw(**values())
        return plot.png(fig), alt

    def redraw(_):
        try:
            screen.value = plot.html_image(*render())
        except Exception as error:
            screen.value = _error_html(error, values())

    image, alt = render()
    data, metadata = plot.bundle(image, alt)
    screen = ipywidgets.HTML(plot.html_image(image, alt))
    for control in controls.values():
        control.observe(redraw, names="value")
    box = ipywidgets.VBox([*map(_row, controls.values()), screen])
    # Written out because ipywidgets 7 has no _repr_mimebundle_; 2.0 is the view's protocol in 7 and in 8.
    data[_VIEW] = {"version_major": 2, "version_minor": 0, "model_id": box.model_id}
    display(data, metadata=metadata, raw=True)


def _row(control):
    if not isinstance(control, ipywidgets.BoundedFloatText):
        return control
    # The number has a field of its own because the field has a label that screen readers find; sliders have none.
    limits = {"min": control.min, "max": control.max, "step": control.step}
    handle = ipywidgets.FloatSlider(**limits, value=control.value, readout=False, layout={"width": "13em"})
    # Front ends send -0.49999999999999956 for -0.5, enough to move a point to the other side of a line.
    ipywidgets.link((control, "value"), (handle, "value"), transform=(lambda x: x, lambda x: round(x, 10)))
    return ipywidgets.HBox([control, handle])


def _error_html(error, values):
    settings = ", ".join(f"{name} = {value!r}" for name, value in values.items())
    return (
        '<pre role="alert" style="white-space: pre-wrap">'
        f"The figure could not be drawn with {html.escape(settings)}.\n"
        f"{html.escape(type(error).__name__)}: {html.escape(str(error))}</pre>"
    )
