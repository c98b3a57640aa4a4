"""Letters A to Z as grey images, drawn in matplotlib's fonts: what the course's backbone was trained on."""

import functools
import string
from pathlib import Path

import numpy as np

LETTERS = string.ascii_uppercase
# Kept out of the training, one of each family: what a network has not seen of letters.
UNSEEN_FONTS = ("DejaVuSerif-BoldItalic", "DejaVuSansMono-Oblique", "STIXGeneralItalic", "cmss10", "STIXGeneral script")
_FONTS = (
    *("DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSans-BoldOblique"),
    *("DejaVuSansMono", "DejaVuSansMono-Bold", "DejaVuSansMono-Oblique", "DejaVuSansMono-BoldOblique"),
    *("DejaVuSerif", "DejaVuSerif-Bold", "DejaVuSerif-Italic", "DejaVuSerif-BoldItalic"),
    *("STIXGeneral", "STIXGeneralItalic", "STIXGeneralBol", "STIXGeneralBolIta"),
    *("cmr10", "cmb10", "cmti10", "cmmi10", "cmss10", "cmtt10"),
)
# Unicode's mathematical alphabets in STIXGeneral: written by hand, broken, double and without serifs.
_ALPHABETS = {"bold script": 4, "script": 3, "fraktur": 5, "double": 6, "bold fraktur": 7, "sans": 8, "bold sans": 9}
_SIZE, _LARGE = 28, 64


def font_names():
    """The names of all fonts, seen in the training of the backbone or not (`UNSEEN_FONTS`)."""
    return [*_FONTS, *(f"STIXGeneral {name}" for name in _ALPHABETS)]


def draw_letters(n, rng, fonts=None):
    """Draw n random letters: images (n, 28, 28) float32 from 0 (paper) to 1 (ink), labels (n,) from 0 (A) to 25 (Z).

    Upper and lower case are one class. Each letter has a random font of `fonts` (default: all of `font_names()`),
    size, place, slant, turn, thickness and bend, and some noise, all from the Generator `rng`.
    """
    glyphs, labels = _glyphs(tuple(fonts or font_names()))
    present = np.unique(labels)  # the mathematical alphabets have gaps
    chosen = present[rng.integers(len(present), size=n)]
    order = np.argsort(labels, kind="stable")
    first = np.searchsorted(labels[order], np.arange(len(LETTERS) + 1))
    rows = order[rng.integers(first[chosen], first[chosen + 1])]
    images = np.empty((n, _SIZE, _SIZE), dtype=np.float32)
    for start in range(0, n, 4096):
        part = slice(start, start + 4096)
        images[part] = _warped(glyphs, rows[part], rng)
    return images, chosen


@functools.lru_cache(maxsize=8)
def _glyphs(fonts):
    """Every letter of every font in the middle of 64 x 64, its longer side 40, blurred: (m, 64, 64), labels (m,)."""
    import matplotlib
    from PIL import Image, ImageFont

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    glyphs, labels = [], []
    for name in fonts:
        file, _, alphabet = name.partition(" ")
        font = ImageFont.truetype(folder / f"{file}.ttf", 96)
        missing = bytes(font.getmask("\uffff"))
        for i, character in enumerate(string.ascii_uppercase + string.ascii_lowercase):
            if alphabet:
                character = chr(0x1D400 + 52 * _ALPHABETS[alphabet] + i)
            mask = font.getmask(character)
            if bytes(mask) == missing:
                continue  # some mathematical letters stand elsewhere in Unicode, such as the script B
            large = Image.frombytes("L", mask.size, bytes(mask))
            large = large.crop(large.getbbox())
            scale = 40 / max(large.size)
            large = large.resize([max(1, round(scale * side)) for side in large.size], Image.Resampling.BOX)
            page = Image.new("L", (_LARGE, _LARGE))
            page.paste(large, [(_LARGE - side) // 2 for side in large.size])
            glyphs.append(np.asarray(page))
            labels.append(i % 26)
    return _blurred(np.stack(glyphs)), np.array(labels)


def _warped(glyphs, rows, rng):
    n = len(rows)
    axis = np.linspace(-1, 1, _SIZE)
    y, x = np.meshgrid(axis, axis, indexing="ij")
    grid = np.stack([x, y]).reshape(2, -1)  # where each pixel of the output looks, -1 to 1
    turn, slant = rng.normal(0, 0.12, n), rng.normal(0, 0.2, n)
    wide, high = rng.uniform(0.8, 1.35, (2, n))
    cos, sin = np.cos(turn), np.sin(turn)
    # Turn, slant and enlarge the letter = turn, slant and shrink the grid on which it is read.
    matrix = np.stack([cos + slant * sin, -sin + slant * cos, sin, cos], axis=1).reshape(n, 2, 2)
    matrix *= 1 / np.stack([wide, high], axis=1)[:, :, None]
    looks = matrix @ grid + rng.normal(0, 0.06, (n, 2, 1)) + _bends(n, rng)
    image = _read(glyphs, rows, looks).reshape(n, _SIZE, _SIZE)
    # A blurred letter cut at a low threshold is thick, at a high one thin; the slope sets how soft its edge is.
    threshold, slope = rng.uniform(0.12, 0.45, (n, 1, 1)), np.exp(rng.uniform(0, 1.8, (n, 1, 1)))
    image = np.clip((image - threshold) * slope + 0.5 * rng.uniform(0, 1, (n, 1, 1)), 0, 1)
    image = image * rng.uniform(0.7, 1, (n, 1, 1)) + rng.normal(0, 0.03, image.shape)
    return np.clip(image, 0, 1)


def _bends(n, rng):
    """A smooth random displacement of every pixel, (n, 2, 784): 5 x 5 random numbers with straight lines between."""
    place = np.linspace(0, 4, _SIZE)
    weights = np.maximum(0, 1 - np.abs(place[:, None] - np.arange(5)))
    return (weights @ rng.normal(0, 0.08, (n, 2, 5, 5)) @ weights.T).reshape(n, 2, -1)


def _read(glyphs, rows, looks):
    """The glyphs at the places `looks` (n, 2, m), x and y from -1 to 1, by bilinear interpolation."""
    blurred = glyphs[rows]
    place = np.clip((looks + 1) / 2 * (_LARGE - 1), 0, _LARGE - 1.001)
    low = place.astype(int)
    (fx, fy), (x, y), i = np.moveaxis(place - low, 1, 0), np.moveaxis(low, 1, 0), np.arange(len(rows))[:, None]
    top = blurred[i, y, x] * (1 - fx) + blurred[i, y, x + 1] * fx
    bottom = blurred[i, y + 1, x] * (1 - fx) + blurred[i, y + 1, x + 1] * fx
    return top * (1 - fy) + bottom * fy


def _blurred(glyphs):
    offsets = np.arange(_LARGE)[:, None] - np.arange(_LARGE)
    weights = np.exp(-0.5 * (offsets / 1.5) ** 2)
    weights = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    return weights @ (glyphs.astype(np.float32) / 255) @ weights
