"""Ten kinds of garments, drawn from random numbers: the offline stand-in for Fashion-MNIST.

Every image has its own cut, size, cloth, print and light. How far the cuts overlap decides how hard the classes are to
tell apart; `scripts/fashion_standin.py` measures it against real images. The parts:

`_Pen`       random numbers, one per image, for a batch of images
`_along`     a line through given points, the outline of nearly everything here
`_inside`    how much of each pixel lies between two outlines, 0 to 1: edges come out smooth
`_stroke`    the same for a straight band: straps, handles, sleeves
`_paint`     lays a tone over the image where a part covers it

Arrays are (n, 28, 28), or with ones where an axis does not matter; x runs right, y runs down, both in pixels, and a
pixel's middle is at one half. Only + - * /, comparisons and square roots are used: they are the same to the last bit
everywhere, so every machine draws the same bytes.
"""

import numpy as np

NAMES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
_BATCH = 250  # images drawn at once: the arrays stay in the processor's cache
_X = (np.arange(28, dtype=np.float32) + np.float32(0.5))[None, None, :]
_Y = (np.arange(28, dtype=np.float32) + np.float32(0.5))[None, :, None]


def draw(n, rng):
    """`n` garments in random order: images uint8 (n, 28, 28), labels uint8 (n,), each class n/10 times.

    `rng` is a numpy.random.Generator. The same generator state gives the same bytes on every machine.
    """
    labels = np.arange(n) % 10
    labels = labels[np.argsort(rng.random(n), kind="stable")].astype(np.uint8)
    images = np.empty((n, 28, 28), dtype=np.uint8)
    for label, garment in enumerate((tshirt, trouser, pullover, dress, coat, sandal, shirt, sneaker, bag, ankle_boot)):
        where = np.flatnonzero(labels == label)
        for start in range(0, len(where), _BATCH):
            part = where[start : start + _BATCH]
            images[part] = _developed(garment(_Pen(len(part), rng)))
    return images, labels


def _developed(image):
    """Sharpened as the real images are, and brought to whole numbers from 0 to 255."""
    padded = np.pad(image, ((0, 0), (1, 1), (1, 1)))
    around = padded[:, :-2, 1:-1] + padded[:, 2:, 1:-1] + padded[:, 1:-1, :-2] + padded[:, 1:-1, 2:]
    image = np.where(image > 1, image + np.float32(0.8) * (image - around / 4), image)
    return np.clip(image + np.float32(0.5), 0, 255).astype(np.uint8)


class _Pen:
    """Random numbers for `n` images: one each, shape (n, 1, 1), or one a pixel, shape (n, 28, 28)."""

    def __init__(self, n, rng):
        self.n, self.rng = n, rng

    def between(self, low, high):
        return np.float32(low) + np.float32(high - low) * self.rng.random((self.n, 1, 1), dtype=np.float32)

    def around(self, middle, spread):
        three = self.rng.random((3, self.n, 1, 1), dtype=np.float32)
        return np.float32(middle) + np.float32(2 * spread) * (three[0] + three[1] + three[2] - np.float32(1.5))

    def chance(self, probability):
        return (self.rng.random((self.n, 1, 1)) < probability).astype(np.float32)

    def sign(self, minus):
        """-1 with the probability `minus`, else 1."""
        return np.where(self.chance(minus) > 0, -1, 1)

    def choice(self, *weights):
        """One of 0, 1, 2, … with these weights."""
        drawn = self.rng.random((self.n, 1, 1)) * sum(weights)
        kind = np.zeros((self.n, 1, 1), dtype=np.int64)
        for limit in np.cumsum(weights)[:-1]:
            kind += drawn >= limit
        return kind

    def tone(self, dark, middle, light):
        """A grey: half of the images between the first two, half between the last two."""
        return _along(self.between(0, 1), (0, dark), (0.5, middle), (1, light))

    def noise(self):
        return 2 * self.rng.random((self.n, 28, 28), dtype=np.float32) - 1

    def clouds(self, cells):
        """Noise that changes slowly, over `cells` cells in each direction."""
        grid = 2 * self.rng.random((self.n, cells + 1, cells + 1), dtype=np.float32) - 1
        place = np.arange(28, dtype=np.float32) * np.float32(cells / 28)
        cell = place.astype(np.int64)
        part = place - cell.astype(np.float32)
        rows = grid[:, cell] + part[:, None] * (grid[:, cell + 1] - grid[:, cell])
        return rows[:, :, cell] + part * (rows[:, :, cell + 1] - rows[:, :, cell])


def _along(t, *points):
    """The line through (t, value) points, level before the first and after the last."""
    (before, value), *others = points
    line = value
    for after, new in others:
        line = line + (new - value) * np.clip((t - before) / np.maximum(after - before, np.float32(0.01)), 0, 1)
        before, value = after, new
    return np.asarray(line, dtype=np.float32)


def _inside(value, low, high):
    return np.clip(np.minimum(value - low, high - value) + np.float32(0.5), 0, 1)


def _stroke(x, y, start, end, radius, end_radius=None):
    """A band from `start` to `end`, (x, y) each: round at both ends, or flat at an end with a radius of its own."""
    (x0, y0), (x1, y1) = start, end
    dx, dy = x1 - x0, y1 - y0
    square = dx * dx + dy * dy + np.float32(0.01)
    t = ((x - x0) * dx + (y - y0) * dy) / square
    held = np.clip(t, 0, 1)
    off_x, off_y = x - x0 - held * dx, y - y0 - held * dy
    distance = np.sqrt(off_x * off_x + off_y * off_y)
    if end_radius is None:
        return np.clip(radius - distance + np.float32(0.5), 0, 1)
    cover = np.clip(radius + held * (end_radius - radius) - distance + np.float32(0.5), 0, 1)
    return cover * np.clip((1 - t) * np.sqrt(square) + np.float32(0.5), 0, 1)


def _paint(image, cover, tone):
    return image + cover * (tone - image)


def _wave(t):
    """Up and down between -1 and 1 with period 1, in parabolas."""
    t = 4 * (t - np.floor(t)) - 2
    return t * (2 - np.abs(t))


def _cloth(pen, tone, plain=0.6, rough=1.0):
    """The grey of the cloth at every pixel, (n, 28, 28): folds, weave and, where it is not plain, a print."""
    folds = _wave(_X * pen.between(0.06, 0.2) + _Y * pen.between(-0.05, 0.05) + pen.between(0, 1))
    weave = pen.noise() * pen.tone(1, 4, 14) * np.float32(rough)
    cloth = tone + folds * pen.between(0, 12) + pen.clouds(6) * pen.between(4, 26) + weave
    contrast = pen.tone(12, 42, 110) * (1 - 2 * (tone > 140))
    kind = pen.choice(plain, *((1 - plain) * np.array([0.34, 0.1, 0.13, 0.28, 0.15])))[:, 0, 0]
    across = np.clip(2 * _wave(_Y * pen.between(0.12, 0.42) + pen.between(0, 1)), -1, 1) + 0 * _X
    down = np.clip(2 * _wave(_X * pen.between(0.12, 0.42) + pen.between(0, 1)), -1, 1) + 0 * _Y
    flowers = np.clip(4 * pen.clouds(9), -1, 1)
    dots = np.clip(2 * (pen.clouds(14) + pen.noise() / 2), -1, 1)
    for number, pattern in enumerate((across, down, (across + down) / 2, flowers, dots), start=1):
        mine = kind == number
        cloth[mine] += contrast[mine] * pattern[mine]
    return np.clip(cloth, 12, 255)


# Tops: everything with a neck and two arms. Left and right are one: `a` is the distance from the middle line.


def _top(
    pen,
    *,
    tone,
    plain,
    sleeves,
    shoulder,
    chest,
    waist,
    hem,
    neck,
    collar,
    front,
    logo=0.0,
    short=0.0,
    tail=0.0,
    cuffs=(24, 29),
):
    """`sleeves`, `collar` and `front` are weights:

    sleeves  none, straps, short, wide and short, to the elbow, long
    collar   bare, crew, turned down, roll neck, hood
    front    closed, buttons, zip, open, lapels
    """
    style, neckline, opening = pen.choice(*sleeves), pen.choice(*collar), pen.choice(*front)
    y = _Y + 0 * _X
    x = _X + (y - 14) * pen.around(0, 0.015)
    a = np.abs(x - pen.around(14, 0.35))
    raised = np.where(neckline == 4, pen.between(3, 5), np.where(neckline == 3, pen.between(1.5, 3), pen.between(0, 1)))
    neck = np.where(neckline == 3, pen.between(2.2, 3.4), neck)
    shoulder = np.maximum(shoulder - 1.2 * (style == 1), neck + np.float32(1.3))
    drop = np.where(style >= 4, pen.between(1.8, 4), pen.between(0.8, 2.6))
    armpit = raised + drop + pen.between(4.5, 7.5)
    bottom = 28 - pen.chance(short) * pen.between(1, 6)
    middle = armpit + (bottom - armpit) * pen.between(0.25, 0.6)
    width = _along(_Y, (raised, neck), (raised + drop, shoulder), (armpit, chest), (middle, waist), (bottom, hem))
    part = a / np.maximum(hem, 1)
    below = bottom - pen.chance(tail) * pen.between(1, 4) * part * part
    body = _inside(a, -30, width) * _inside(_Y, raised, below)
    cloth = _cloth(pen, tone, plain)

    arms = _arms(pen, a, y, style, shoulder, raised + drop, cuffs)
    image = _paint(np.zeros_like(y), arms, np.clip(cloth * pen.around(0.97, 0.06) - pen.between(0, 12), 8, 255))
    round_body = 1 - pen.between(0, 0.22) * (a / width) * (a / width)
    image = _paint(image, body, cloth * round_body)
    seam = np.clip(1 - np.abs(a - width), 0, 1) * arms * (raised + drop < _Y)
    image = image * (1 - seam * pen.between(0.25, 0.85))

    half_height, half_width = pen.between(1, 5), pen.between(1.5, 4.5)
    chest_y = pen.between(9, 15)
    badge = _inside(a, -1, half_width) * _inside(_Y, chest_y - half_height, chest_y + half_height) * pen.chance(logo)
    letters = np.where(pen.noise() + pen.clouds(9) > pen.between(-0.6, 0.5), pen.between(-110, 110), np.float32(0))
    image = np.clip(image + badge * letters * body, 0, 255)

    image = _front(pen, image, x, a, body, tone, opening, raised, neck, chest_y + 5)
    image = _neckline(pen, image, a, body, tone, cloth, neckline, raised, neck)
    straps = _inside(a, neck - np.float32(0.2), neck + pen.between(0.6, 1.6)) * _inside(_Y, 0, armpit) * (style == 1)
    return _paint(image, straps, cloth)


def _arms(pen, a, y, style, shoulder, shoulder_y, cuffs):
    long, half, wide, brief = style == 5, style == 4, style == 3, style == 2
    reach = np.where(long, pen.between(19, 26), np.where(half, pen.between(9, 14), pen.between(4.5, 9)))
    away = np.where(long, pen.tone(0, 0.08, 0.25), np.where(half, pen.between(0.1, 0.45), pen.between(0.3, 0.9)))
    thick = np.where(wide, pen.between(2.8, 4.2), np.where(brief, pen.between(2, 3.1), pen.between(1.7, 2.6)))
    start_x, start_y = shoulder - thick * np.float32(0.75), shoulder_y + thick * np.float32(0.8)
    end_y = np.minimum(start_y + reach, np.where(long, pen.between(*cuffs), 28))
    end_x = np.minimum(start_x + (end_y - start_y) * away, np.float32(13.2))
    cuff = thick * np.where(wide, pen.between(1, 1.3), pen.between(0.6, 0.95))
    return _stroke(a, y, (start_x, start_y), (end_x, end_y), thick, cuff) * (style >= 2)


def _front(pen, image, x, a, body, tone, opening, raised, neck, pockets_y):
    """Buttons, zip, lapels, what shows where it is open, and pockets."""
    mark = pen.sign(0.7) * pen.between(20, 80)
    shift = np.abs(x - pen.around(14, 0.5))
    line = _inside(shift, -9, pen.between(0.1, 0.6)) * body
    buttons = line * (_wave(_Y * pen.between(0.22, 0.38) + pen.between(0, 1)) > 0)
    gap = _along(_Y, (raised, pen.between(0.5, 3)), (np.float32(28), pen.between(0.3, 4)))
    lapel = np.clip(1 - np.abs(a - _along(_Y, (raised, neck), (raised + pen.between(6, 13), 0))), 0, 1)
    image = image + mark * ((opening == 1) * (line * np.float32(0.4) + buttons) + (opening == 2) * line)
    image = image + mark * (opening == 4) * np.clip(lapel + line, 0, 1) * body
    inner = np.clip(tone + pen.sign(0.5) * pen.between(30, 110), 5, 245)
    image = _paint(image, (opening == 3) * body * _inside(a, -30, gap), inner)
    pockets = _inside(_Y, pockets_y, pockets_y + 1) * _inside(a, pen.between(2, 3.5), pen.between(4.5, 6.5)) * body
    return image - np.float32(0.6) * mark * pockets * pen.chance(0.35) * (opening > 0)


def _neckline(pen, image, a, body, tone, cloth, neckline, raised, neck):
    """The hole with what shows in it, and the collar, hood or roll neck around it."""
    depth = np.where(neckline == 0, pen.between(1.5, 6.5), pen.between(0.6, 3.2))
    t = np.clip((_Y - raised + np.float32(0.5)) / depth, 0, 1)
    curve = np.where(pen.chance(0.3) > 0, 1 - t, 1 - t * t)
    hole = _inside(a, -30, neck * curve - np.float32(0.2)) * (depth > _Y - raised) * (neckline < 3)
    back = np.where(pen.chance(0.5) > 0, np.float32(0), tone * pen.between(0.3, 0.95))
    rim = np.clip(pen.between(0.8, 1.5) - np.abs(a - neck * curve), 0, 1) * (depth + 1 > _Y - raised)
    image = image + rim * body * (neckline == 1) * pen.between(-60, 60)
    image = _paint(image, hole * np.where(neckline == 2, np.float32(0.5), 1), back)
    turned = _inside(a, -30, neck + pen.between(0, 1.8) - (_Y - raised) * np.float32(0.4))
    turned = turned * (_Y - raised < pen.between(2, 4))
    image = image + (neckline == 2) * turned * body * pen.between(-70, 70)
    hood_width, hood_height = pen.between(3, 5.5), raised + pen.between(1.5, 4)
    ring_x, ring_y = a / hood_width, (_Y - hood_height) / np.maximum(hood_height, 1)
    hood = np.clip((1 - ring_x * ring_x - ring_y * ring_y) * 3, 0, 1) * (neckline == 4)
    image = _paint(image, hood, cloth * pen.between(0.65, 1.05))
    shade = np.clip((np.float32(0.35) - ring_x * ring_x - ring_y * ring_y) * 4, 0, 1) * (neckline == 4)
    image = _paint(image, shade * pen.between(0, 1), tone * np.float32(0.35))
    roll = _inside(a, -30, neck) * _inside(_Y, 0, raised + 1) * (neckline == 3)
    return _paint(image, roll, cloth * pen.between(0.8, 1.1))


def tshirt(pen):
    return _top(
        pen,
        tone=pen.tone(42, 178, 240),
        plain=0.82,
        sleeves=(0.12, 0.09, 0.66, 0.1, 0.02, 0.01),
        shoulder=pen.around(7.6, 0.8),
        chest=pen.around(7.2, 0.7),
        waist=pen.around(7.0, 0.7),
        hem=pen.around(7.4, 0.8),
        neck=pen.around(3.4, 0.5),
        collar=(0.45, 0.42, 0.13, 0, 0),
        front=(0.9, 0.1, 0, 0, 0),
        logo=0.35,
        short=0.06,
        tail=0.06,
    )


def pullover(pen):
    return _top(
        pen,
        tone=pen.tone(72, 185, 245),
        plain=0.82,
        sleeves=(0.02, 0.01, 0.01, 0.01, 0.05, 0.9),
        shoulder=pen.around(8.0, 0.6),
        chest=pen.around(6.6, 0.6),
        waist=pen.around(6.4, 0.7),
        hem=pen.around(6.5, 0.8),
        neck=pen.around(3.2, 0.6),
        collar=(0.3, 0.45, 0.02, 0.11, 0.12),
        front=(0.92, 0.04, 0.03, 0.01, 0),
        logo=0.22,
        short=0.75,
        cuffs=(25.5, 29),
    )


def coat(pen):
    return _top(
        pen,
        tone=pen.tone(108, 204, 242),
        plain=0.92,
        sleeves=(0.01, 0, 0.01, 0, 0.04, 0.94),
        shoulder=pen.around(7.8, 0.6),
        chest=pen.around(7.0, 0.6),
        waist=pen.around(6.8, 0.8),
        hem=pen.around(7.1, 0.9),
        neck=pen.around(2.7, 0.5),
        collar=(0.08, 0.14, 0.38, 0.18, 0.22),
        front=(0.08, 0.27, 0.31, 0.12, 0.22),
        logo=0.01,
        short=0.35,
        cuffs=(21, 28),
    )


def shirt(pen):
    return _top(
        pen,
        tone=pen.tone(30, 145, 236),
        plain=0.64,
        sleeves=(0.1, 0.02, 0.15, 0.11, 0.16, 0.46),
        shoulder=pen.around(7.6, 0.8),
        chest=pen.around(6.8, 0.8),
        waist=pen.around(6.6, 0.8),
        hem=pen.around(7.1, 0.9),
        neck=pen.around(2.8, 0.6),
        collar=(0.24, 0.13, 0.6, 0.03, 0),
        front=(0.35, 0.61, 0.02, 0.01, 0.01),
        logo=0.05,
        short=0.05,
        tail=0.38,
    )


def dress(pen):
    flare = pen.tone(-0.6, 0.8, 4.2)
    chest = pen.around(5.2, 0.95)
    waist = chest - pen.between(-0.2, 1.3)
    return _top(
        pen,
        tone=pen.tone(50, 180, 240),
        plain=0.8,
        sleeves=(0.32, 0.16, 0.22, 0.03, 0.13, 0.14),
        shoulder=chest + pen.around(0.2, 0.5),
        chest=chest,
        waist=waist,
        hem=waist + flare + pen.between(0, 1),
        neck=pen.around(2.7, 0.6),
        collar=(0.6, 0.27, 0.08, 0.04, 0.01),
        front=(0.9, 0.06, 0.02, 0, 0.02),
        logo=0.04,
        tail=0.06,
    )


def trouser(pen):
    tone = pen.tone(90, 205, 245)
    y = _Y + 0 * _X
    bend = pen.chance(0.25) * pen.between(-2.5, 2.5)
    middle = pen.around(14, 0.4) + _along(_Y, (8, 0), (18, bend), (28, bend * pen.between(-0.3, 0.8)))
    a = np.abs(_X - middle)
    waist, loose = pen.around(4.2, 0.5), pen.chance(0.14) * pen.between(0.5, 2.8)
    hip = waist + pen.around(0.9, 0.35) + loose
    knee, ankle = hip - pen.around(0.6, 0.4), hip - pen.around(0.9, 0.7) + pen.chance(0.1) * loose
    outer = _along(_Y, (0, waist), (pen.between(5, 8), hip), (17, knee), (28, ankle))
    crotch, leg = pen.around(10, 1.3), pen.around(3.1, 0.5) + loose
    gap = np.maximum(
        _along(_Y, (crotch, -1), (crotch + 3, knee - leg - 1), (28, ankle - leg + pen.around(0.6, 0.6))), -1
    )
    gap = np.where(pen.chance(0.07) > 0, np.float32(-1), gap)
    cloth = _cloth(pen, tone, 0.93)
    light = 1 - pen.between(0, 0.35) * np.abs(a - (outer + np.maximum(gap, 0)) / 2) / 3
    image = _paint(np.zeros_like(y), _inside(a, gap, outer) * _inside(_Y, 0, 28), cloth * np.clip(light, 0.3, 1))
    crease = np.clip(1 - a, 0, 1) * (gap < 0) * (crotch - 4 < _Y)
    image = image * (1 - crease * pen.between(0, 0.6))
    band = _inside(_Y, pen.between(1, 2), pen.between(2.2, 3.5)) * _inside(a, -30, outer)
    return np.clip(image + band * pen.between(-70, 40), 0, 255)


# Shoes from the side, the toe on the left. `rise` is the bottom's height over the floor, up to the heel.


def _floor(pen, height):
    return 14 + height / 2 + pen.around(0, 0.4)


def _closed_shoe(pen, tone, height, toe, collar_x, vamp, slope, heel, sole, plain):
    floor = _floor(pen, height)
    y = _Y + 0 * _X
    ball, back = pen.between(9, 13), pen.between(17.5, 22.5)
    rise = _along(_X, (ball, 0), (back, heel), (28, heel))
    bottom = floor - rise
    ankle_y = floor - height
    top = _along(
        _X,
        (0, floor - toe * pen.between(0.3, 0.6)),
        (pen.between(1.5, 3), floor - toe * np.float32(0.85)),
        (pen.between(4, 6), floor - toe),
        (np.maximum(collar_x - vamp, 6.5), floor - toe - (height - toe) * slope),
        (collar_x, ankle_y + pen.between(-0.5, 1)),
        (
            collar_x + (27 - collar_x) * pen.between(0.3, 0.6),
            ankle_y + pen.chance(0.65) * np.minimum(pen.between(0.05, 0.28) * height, 3),
        ),
        (27.5, ankle_y + pen.between(-0.5, 1.5)),
    )
    lean = _along(_Y, (ankle_y, pen.between(26, 28)), (floor - 4, pen.between(26.3, 28)), (floor, 28))
    cover = _inside(_Y, top, bottom) * _inside(_X, 0.2, lean)
    cloth = _cloth(pen, tone, plain, rough=1.6)
    shade = 1 - pen.between(0, 0.3) * np.clip((_Y - top) / 10, 0, 1)
    image = _paint(np.zeros_like(y), cover, cloth * shade)
    # Panels of other leather or cloth, laces, a stripe
    for chance in (0.5, 0.45, 0.35):
        at, tilt, wide = pen.between(6, 25), pen.between(-1.2, 1.2), pen.between(0.6, 3.2)
        panel = np.clip(wide - np.abs(_X - at + (_Y - floor + 5) * tilt) + np.float32(0.5), 0, 1)
        image = np.clip(image + panel * cover * pen.chance(chance) * pen.between(-90, 70), 0, 255)
    rim = np.clip(np.float32(1.3) - np.abs(_Y - top), 0, 1) * cover
    image = np.clip(image + rim * pen.between(-50, 60), 0, 255)
    # Sole and heel
    shoe_sole = _inside(_Y, bottom - sole, bottom) * _inside(_X, 0.4, 27.6)
    sole_tone = pen.tone(10, 110, 250)
    image = _paint(image, shoe_sole, sole_tone)
    block = np.where(heel > 3, pen.between(1.2, 5.5), pen.between(5, 9))
    heel_part = _inside(_Y, bottom - 1, floor) * _inside(_X, 27.3 - block, 27.5) * (heel > 0.4)
    return _paint(image, heel_part, np.clip(sole_tone * np.float32(0.5) + tone * np.float32(0.5), 0, 255))


def sneaker(pen):
    height = pen.around(11.8, 1.3) + pen.chance(0.17) * pen.between(1, 6)
    return _closed_shoe(
        pen,
        tone=pen.tone(50, 165, 240),
        height=height,
        toe=pen.between(2.8, 5),
        collar_x=pen.between(14, 19),
        vamp=pen.between(3, 7),
        slope=pen.between(0.2, 0.55),
        heel=np.float32(0) * height,
        sole=pen.between(1.2, 3.2),
        plain=0.86,
    )


def ankle_boot(pen):
    heel = pen.chance(0.65) * pen.between(0.5, 2.6)
    heel = np.where(pen.chance(0.28) > 0, pen.between(3, 8.5), heel)
    height = np.clip(pen.around(19, 2.1) + heel * np.float32(0.8), 12, 27.5)
    return _closed_shoe(
        pen,
        tone=pen.tone(80, 190, 240),
        height=height,
        toe=pen.between(3.5, 6.2),
        collar_x=pen.between(11, 16),
        vamp=pen.between(2, 5),
        slope=pen.between(0.1, 0.4),
        heel=heel,
        sole=pen.between(0.5, 2.6),
        plain=0.88,
    )


def sandal(pen):
    style = pen.choice(0.55, 0.33, 0.12)  # flat, heeled, nearly closed
    heeled, closed = style == 1, style == 2
    heel = np.where(heeled, pen.between(4, 13), pen.chance(0.3) * pen.between(0.5, 2.5))
    height = np.minimum(np.where(heeled, heel + pen.between(9, 15), pen.between(7, 13)), np.float32(27.5))
    floor, ball = _floor(pen, height), pen.between(8, 12)
    x, y = _X + 0 * _Y, _Y + 0 * _X
    bottom = floor - _along(_X, (ball, 0), (pen.between(20, 24), heel), (28, heel))
    tone, sole_tone = pen.tone(50, 165, 245), pen.tone(70, 180, 250)
    cloth = _cloth(pen, tone, 0.75, rough=2)
    image = np.zeros_like(y)
    # Straps from the sole to a knot on the foot's back, and to the heel
    knot_x = pen.between(11, 18)
    knot = floor - _along(knot_x, (ball, 0), (22, heel))
    knot = knot - (height - heel) * np.where(heeled, pen.between(0.25, 0.6), pen.between(0.5, 1))
    for left, right, lift, chance in (
        (3, 10, 0, 0.85),
        (8, 14, 0, 0.5),
        (14, 23, 0, 0.6),
        (25, 27, 0.9, 0.6),
        (2, 6, 0.3, 0.35),
    ):
        at = pen.between(left, right)
        foot = floor - _along(at, (ball, 0), (22, heel)) - 1 - lift * pen.between(0, 1) * (height - heel)
        strap = _stroke(x, y, (at, foot), (knot_x + pen.between(-1, 1), knot), pen.tone(0.35, 0.7, 2))
        image = _paint(image, strap * pen.chance(chance), cloth * pen.between(0.8, 1.15))
    # Around the ankle, with what holds it to the heel
    ankle, held = floor - height, pen.chance(0.55)
    back_x, thick = pen.between(24.5, 26.5), pen.between(0.4, 1.4)
    image = _paint(image, held * _stroke(x, y, (back_x, floor - heel - 1), (back_x, ankle + 1), thick), cloth)
    front_x = pen.between(16, 20)
    ring = _stroke(x, y, (front_x, ankle + pen.between(0.5, 2.5)), (back_x, ankle + 1), pen.between(0.4, 1))
    image = _paint(image, held * ring * pen.chance(0.8), cloth)
    tongue = _stroke(x, y, (front_x, ankle + 2), (knot_x, knot), pen.between(0.4, 0.9))
    image = _paint(image, held * tongue * pen.chance(0.6), cloth)
    # Over the toes
    top = _along(
        _X, (1, floor - 2), (5, floor - pen.between(3, 6)), (pen.between(8, 13), floor - pen.between(1, 7) - heel / 4)
    )
    end = np.where(closed, pen.between(14, 27), pen.between(5, 11))
    toes = _inside(_Y, top, bottom) * _inside(_X, pen.between(0.5, 4), end)
    image = _paint(image, toes * np.maximum(pen.chance(0.4), closed), cloth * pen.between(0.7, 1))
    # Sole, wedge or heel
    sole = pen.tone(0.8, 1.5, 4)
    image = _paint(image, _inside(_Y, bottom - sole, bottom) * _inside(_X, 0.2, 27.6), sole_tone)
    wide = np.where(pen.chance(0.22) > 0, pen.between(8, 17), pen.tone(0.7, 1.5, 4.5))
    prop = _inside(_Y, bottom - 1, floor) * _inside(_X, 27.2 - wide, 27.2) * (heel > 0.4)
    return _paint(image, prop, sole_tone * pen.between(0.6, 1))


def bag(pen):
    style = pen.choice(0.42, 0.28, 0.18, 0.12)  # handles, strap, clutch, tall
    half = np.where(style == 3, pen.between(7, 11.5), np.where(style == 0, pen.between(9, 13.8), pen.between(11.5, 14)))
    tall = np.where(style == 3, pen.between(17, 27), np.where(style == 0, pen.between(11, 18), pen.between(12, 20)))
    handle = np.where(style == 0, pen.between(4, 12), np.where(style == 1, pen.between(0, 6), pen.between(0, 2)))
    handle = np.minimum(handle, 28 - tall)
    middle, y = pen.around(14, 0.4), _Y + 0 * _X
    top = 14 - (tall + handle) / 2 + handle
    bottom = top + tall
    x = _X + (y - 14) * pen.chance(0.12) * pen.between(-0.3, 0.3)
    a = np.abs(x - middle)
    flare = pen.around(0, 0.09)
    corner = pen.between(0.3, 5)
    side = half + (y - bottom) * flare
    deep = np.minimum(y - top, bottom - y)
    round_off = np.clip(corner - deep, 0, corner)
    width = np.minimum(side - round_off * round_off / (2 * corner), 14)
    body = _inside(a, -30, width) * _inside(y, top, bottom)
    tone = pen.tone(60, 175, 235)
    cloth = _cloth(pen, tone, 0.8, rough=1.4)
    # Handles: an arch over the body, or straight straps that meet
    span = np.where(style == 0, half * pen.between(0.3, 0.75), half * pen.between(0.75, 1.05))
    t = np.clip((top + 1 - y) / np.maximum(handle, 1), 0, 1)
    arch = np.where(pen.chance(0.35) > 0, span * (1 - t), span * np.sqrt(1 - t * t))
    strap_width = pen.between(0.5, 1.3)
    steep = np.clip(strap_width - np.abs(a - arch) * np.float32(0.8) + np.float32(0.3), 0, 1)
    bow = steep * _inside(y, top - handle, top + 2) * (handle > 1.5)
    image = _paint(np.zeros_like(y), bow, cloth * pen.between(0.6, 1.2))
    hang = pen.chance(0.4) * (style == 1)
    loop = np.clip(strap_width - np.abs(a - np.minimum(half + np.float32(0.6), 13.3)) + np.float32(0.2), 0, 1)
    image = _paint(image, loop * _inside(y, top - 1, pen.between(14, 26)) * hang, cloth * np.float32(0.8))
    edge = 1 - pen.between(0, 0.35) * np.clip(2 - np.minimum(deep, width - a), 0, 2) / 2
    image = _paint(image, body, np.clip(cloth, 20, 255) * edge)
    mark = pen.sign(0.6) * pen.between(15, 90)
    flap = top + tall * pen.between(0.15, 0.7)
    image = image + mark * np.clip(1 - np.abs(y - flap - a * pen.between(-0.3, 0.15)), 0, 1) * body * pen.chance(0.6)
    cap = (y < flap) * body * pen.chance(0.25)
    image = image + cap * pen.between(-50, 40)
    seam = np.clip(1 - np.abs(a - half * pen.between(0.3, 0.8)), 0, 1) * body * pen.chance(0.3)
    image = image + mark * seam
    clasp = _inside(a, -30, pen.between(0.5, 2)) * np.clip(pen.between(0.8, 2) - np.abs(y - flap), 0, 1) * body
    image = image - mark * clasp * pen.chance(0.5)
    slash = _stroke(x, y, (middle - half, top + 1), (middle + half * pen.between(-0.5, 1), flap), pen.between(0.4, 0.9))
    return np.clip(_paint(image, slash * body * pen.chance(0.2), tone + mark), 0, 255)
