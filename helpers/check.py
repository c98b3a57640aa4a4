"""Named checks for the notebooks: each says what it got and expected, where they differ, and gives a hint.

A check that passes prints `passed: <name>`; one that fails raises `CheckFailed`. What is checked comes from
code that may be mistaken or may cheat, so its own `==`, `repr` and attributes are never asked: a value is
first brought down to a base-class NumPy array, by exact type, and compared and shown from there. Accepted are
Python and NumPy numbers, arrays (a subclass counts as the data beneath it), and lists and tuples of these.
"""

import builtins
import signal
import time
import warnings
from types import FunctionType, SimpleNamespace

import numpy

# Private copies, so that `builtins.len = ...` or `np.isclose = ...` in a notebook changes nothing here (a
# function finds its builtins in its module's `__builtins__`). ndarray's methods are called unbound where a
# subclass may come, and types compared by identity: a metaclass may forge the `==` and the hash of a class.
__builtins__ = dict(vars(builtins))
np = SimpleNamespace(**vars(numpy))
ndarray = numpy.ndarray

_GLOBALS = globals()
_SHORT = {"int64": "int", "float64": "float", "complex128": "complex"}
_KINDS = {"int": "iu", "float": "f", "bool": "b"}
_NUMBER_TYPES = [bool, int, float, complex, np.bool_, np.longdouble, np.clongdouble]
_NUMBER_TYPES += [np.dtype(code).type for code in "bhilqBHILQefdFD"]
_NUMBERS = frozenset(map(id, _NUMBER_TYPES))
_VALUES = _NUMBERS | frozenset(map(id, [str, bytes, type(None)]))
_NAMES = {"nan": "nan (not a number)", "inf": "inf (infinity)", "-inf": "-inf (minus infinity)"}
_DEPTH = 8
_ROWS, _WIDTH = 4, 64
_type_name = type.__dict__["__name__"].__get__
_exception_args = BaseException.args.__get__
_monotonic, _set_handler = time.monotonic, signal.signal
_set_timer, _SIGALRM = getattr(signal, "setitimer", None), getattr(signal, "SIGALRM", None)
_catch_warnings, _simplefilter = warnings.catch_warnings, warnings.simplefilter


class CheckFailed(AssertionError):
    """A check did not pass; its text is the whole message for the student."""

    def _render_traceback_(self, *_):
        # IPython prints this in place of a traceback: no frame of this module, no line of a hidden test.
        return str(self).splitlines()


class _NotNumbers(Exception):
    """Says in its text what a value is that cannot be read as numbers."""


class _TimeUp(BaseException):
    """Thrown into code that takes too long; no Exception, so that `except Exception` does not swallow it."""


def array(name, got, expected, *, hint, rtol=1e-7, atol=1e-9, mistakes=None):
    """Check shape and values: |got - expected| <= atol + rtol * |expected|.

    Any shape, also (); lists and tuples count as the arrays NumPy makes of them. NaN equals only NaN, an
    infinity only itself. The dtype is not judged. `mistakes` maps a hint to the value that this known mistake
    gives: where `got` equals one of them, its hint replaces the general one. Raises CheckFailed; TypeError
    where `expected` or a mistake is not made of numbers.
    """
    expected = _reference(name, expected)
    mistakes = {text: _reference(name, wrong) for text, wrong in (mistakes or {}).items()}
    got = _numbers(name, got, _describe(expected), hint)
    fields = [("got", _describe(got)), ("expected", _describe(expected))]
    if got.shape != expected.shape:
        wanted = expected.shape or "a single number"
        fields.append(("differs", f"in shape: got {got.shape}, expected {wanted}"))
    else:
        wrong = _wrong(got, expected, rtol, atol)
        if len(wrong) == 0:
            return _passed(name)
        fields.append(("differs", _where(got, expected, wrong, "got {}, expected {}")))
    for text, value in mistakes.items():
        if got.shape == value.shape and len(_wrong(got, value, rtol, atol)) == 0:
            hint = text
            break
    _fail(name, fields, hint)


def scalar(name, got, expected, *, hint, rtol=1e-7, atol=1e-9, mistakes=None):
    """Check a single number, by the rules of `array`: shape () passes for a number, shape (1,) does not."""
    if _reference(name, expected).shape != ():
        raise TypeError(f'Check "{name}": expected is not a single number; use check.array.')
    array(name, got, expected, hint=hint, rtol=rtol, atol=atol, mistakes=mistakes)


def shape(name, got, shape, *, hint):
    """Check that `got` has this shape, a tuple of ints, () for a single number. Raises CheckFailed."""
    shape = tuple(shape)
    expected = f"shape {shape}" if shape else "a single number"
    got = _numbers(name, got, expected, hint)
    if got.shape != shape:
        _fail(name, [("got", _describe(got)), ("expected", expected)], hint)
    _passed(name)


def dtype(name, got, kind, *, hint):
    """Check that `got` holds values of this kind: "int" (signed or not), "float" or "bool", of any size.

    A list counts as the array that NumPy makes of it; an array of Python objects is of no kind. Raises
    CheckFailed, and ValueError for another `kind`.
    """
    if kind not in _KINDS:
        raise ValueError(f'Check "{name}": kind is {kind!r}; use one of {", ".join(_KINDS)}.')
    numbers = _numbers(name, got, f"values of kind {kind}", hint)
    objects = issubclass(type(got), ndarray) and ndarray.view(got, ndarray).dtype.kind == "O"
    if objects or numbers.dtype.kind not in _KINDS[kind]:
        found = "an array of dtype object" if objects else _describe(numbers)
        _fail(name, [("got", found), ("expected", f"values of kind {kind}")], hint)
    _passed(name)


def true(name, condition, *, hint):
    """Check that `condition` is a genuine True of Python or NumPy. Raises CheckFailed."""
    genuine = type(condition) is bool or type(condition) is np.bool_
    if not (genuine and bool(condition)):
        got = "False" if genuine else _a(type(condition))
        _fail(name, [("got", got), ("expected", "True, of type bool")], hint)
    _passed(name)


def unchanged(name, function, /, *args, hint, **kwargs):
    """Call `function(*args, **kwargs)`, check that no argument was changed in place, and return the result.

    Arrays are compared byte by byte, with shape and dtype; lists, tuples and dicts entry by entry; other
    objects only by identity. Raises CheckFailed, and whatever `function` raises.
    """
    names = []
    if type(function) is FunctionType:
        code = function.__code__
        names = [f" ({_text(parameter)})" for parameter in code.co_varnames[: code.co_argcount]]
    names += [""] * len(args)
    values = {f"argument {i + 1}{names[i]}": value for i, value in enumerate(args)}
    values |= {f"argument {key}": value for key, value in kwargs.items()}
    before = {label: _snapshot(value) for label, value in values.items()}
    result = function(*args, **kwargs)
    for label, value in values.items():
        change = _change(label, before[label], _snapshot(value))
        if change:
            _fail(name, [("changed", change), ("expected", "arguments left as they were")], hint)
    _passed(name)
    return result


def raises(name, exception, function, /, *args, hint, **kwargs):
    """Check that `function(*args, **kwargs)` raises `exception` or a subclass of it.

    NotImplementedError, the sign of a task that is still open, passes through unless it is the very class
    asked for. Raises CheckFailed.
    """
    try:
        result = function(*args, **kwargs)
    except NotImplementedError:
        if exception is not NotImplementedError:
            raise
        return _passed(name)
    except exception:
        return _passed(name)
    except Exception as error:
        got = f"raised {_exception_text(error)}"
    else:
        got = f"returned {_show(result)}"
    _fail(name, [("got", got), ("expected", f"raised {exception.__name__}")], hint)


def no_warnings(name, function, /, *args, hint, **kwargs):
    """Call `function(*args, **kwargs)`, check that it gave no warning, and return the result.

    Counts Python's warnings and NumPy's about overflow, division by zero and invalid values (underflow is
    fine), whatever filters are set outside. What `function` itself handles with `np.errstate` is no warning.
    Raises CheckFailed, and whatever `function` raises.
    """
    with _catch_warnings(record=True) as seen, np.errstate(all="warn", under="ignore"):
        _simplefilter("always")
        # Garbage collected by chance in these lines must not cost anyone a point.
        _simplefilter("ignore", ResourceWarning)
        result = function(*args, **kwargs)
    if seen:
        more = f" (and {len(seen) - 1} more)" if len(seen) > 1 else ""
        _fail(name, [("got", _exception_text(seen[0].message) + more), ("expected", "no warning")], hint)
    _passed(name)
    return result


class time_limit:
    """Context manager: check that its block ends within `seconds`, and stop it where it does not.

    Works by SIGALRM, hence in the main thread on Linux and macOS; elsewhere (Windows, other threads) there is
    no limit. A call into C is stopped once it returns. The handler and the timer found at entry are put back.
    Raises CheckFailed.
    """

    def __init__(self, name, seconds, *, hint):
        self.name, self.seconds, self.hint = name, seconds, hint
        self.armed = False

    def __enter__(self):
        self.start = _monotonic()
        if _set_timer is None:
            return
        try:
            self.handler = _set_handler(_SIGALRM, self._interrupt)
        except ValueError:  # not the main thread
            return
        self.armed = True
        # It rings again and again, for the loop that swallows the first.
        self.timer = _set_timer(signal.ITIMER_REAL, self.seconds, 0.1)

    def _interrupt(self, _, frame):
        # Never thrown into this module: __exit__ would be left half done. The next ring comes soon.
        if self.armed and (frame is None or frame.f_globals is not _GLOBALS):
            raise _TimeUp

    def __exit__(self, kind, error, _):
        elapsed = _monotonic() - self.start
        if self.armed:
            self.armed = False
            _set_timer(signal.ITIMER_REAL, 0)
            _set_handler(_SIGALRM, signal.SIG_DFL if self.handler is None else self.handler)
            left, interval = self.timer
            if left:
                _set_timer(signal.ITIMER_REAL, max(left - elapsed, 0.001), interval)
            stopped = kind is _TimeUp
            # Someone pressed stop: that is not the student's code being slow.
            halted = kind is KeyboardInterrupt or kind is SystemExit
            if stopped or (elapsed > self.seconds and not halted):
                took = f"stopped after {self.seconds:g} seconds" if stopped else f"{elapsed:.3g} seconds"
                allowed = f"at most {self.seconds:g} seconds"
                _fail(self.name, [("got", took), ("expected", allowed)], self.hint)
        if kind is None:
            _passed(self.name)


def _passed(name):
    print(f"passed: {name}")


def _fail(name, fields, hint):
    lines = [f'Check "{name}" failed.']
    for label, text in [*fields, ("hint", hint)]:
        first, *rest = text.splitlines() or [""]
        lines += [f"    {label:<10}{first}", *(" " * 14 + line for line in rest)]
    raise CheckFailed("\n".join(lines)) from None


def _reference(name, value):
    try:
        return _plain(value)
    except _NotNumbers as problem:
        raise TypeError(f'Check "{name}": what to compare with is {problem}.') from None


def _numbers(name, got, expected, hint):
    try:
        return _plain(got)
    except _NotNumbers as problem:
        text = "None: did you forget return?" if got is None else str(problem)
        _fail(name, [("got", text), ("expected", expected)], hint)


def _plain(value, depth=0):
    """Return the numbers in `value` as a base-class array of dtype bool, int, float or complex."""
    kind = type(value)
    if id(kind) in _NUMBERS:
        return _pack(value)
    if issubclass(kind, ndarray):
        base = ndarray.view(value, ndarray)
        if base.dtype.kind in "biufc":
            return base
        if base.dtype.kind != "O":
            raise _NotNumbers(f"an array of dtype {_type_name(base.dtype.type)}")
        items = ndarray.tolist(ndarray.ravel(base))
        for item in items:
            if id(type(item)) not in _NUMBERS:
                raise _NotNumbers(f"an array of objects, among them {_a(type(item))}")
        return ndarray.reshape(_pack(items), base.shape)
    if not (kind is list or kind is tuple):
        raise _NotNumbers(f"a list or tuple with {_a(kind)} in it" if depth else _a(kind))
    if set(map(id, map(type, value))) <= _NUMBERS:
        return _pack(value)
    if depth == _DEPTH:
        raise _NotNumbers(f"lists nested more than {_DEPTH} deep")
    parts = [_plain(item, depth + 1) for item in value]
    for part in parts:
        if part.shape != parts[0].shape:
            raise _NotNumbers("a list or tuple whose entries differ in length")
    return _pack(parts)


def _pack(numbers):
    packed = np.array(numbers)
    if packed.dtype.kind == "O":
        raise _NotNumbers("an int too large for 64 bits")
    return packed


def _wrong(got, expected, rtol, atol):
    """Return the flat positions where two base-class arrays differ, by the formula of numpy.isclose."""
    common = np.complex128 if "c" in got.dtype.kind + expected.dtype.kind else np.float64
    with np.errstate(all="ignore"):
        a, b = (ndarray.ravel(ndarray.astype(x, common)) for x in (got, expected))
        near = np.less_equal(np.absolute(np.subtract(a, b)), np.add(atol, np.multiply(rtol, np.absolute(b))))
        same = np.logical_or(np.equal(a, b), np.logical_and(np.isnan(a), np.isnan(b)))
        close = np.logical_or(same, np.logical_and(near, np.isfinite(b)))
    return ndarray.nonzero(np.logical_not(close))[0]


def _where(old, new, wrong, words):
    """Say where two base-class arrays of one shape first differ, how, and how many values do."""
    first = np.unravel_index(wrong[0], old.shape)
    pair = [ndarray.item(x, *first) for x in (old, new)]
    texts = [_number(x) for x in pair]
    if texts[0] == texts[1]:
        texts = [str(x) for x in pair]
    text = words.format(*(_NAMES.get(x, x) for x in texts))
    if old.shape == ():
        return text
    place = ", ".join(str(int(i)) for i in first)
    return f"at [{place}]: {text} ({len(wrong)} of {old.size} values)"


def _show(value):
    """Describe any value without asking it anything."""
    if value is None:
        return "None"
    try:
        return _describe(_plain(value))
    except _NotNumbers as problem:
        return str(problem)


def _describe(a):
    """Describe a base-class array of numbers in at most `_ROWS` lines."""
    kind = _SHORT.get(_dtype_name(a.dtype), _dtype_name(a.dtype))
    if a.ndim == 0:
        return f"{_number(ndarray.item(a))} ({kind})"
    start = f"shape {a.shape}, {kind}: "
    if a.ndim > 2:
        start += "flattened "
    if a.size == 0:
        return start + "[]"
    if a.ndim != 2:
        return f"{start}[{' '.join(_cells([a])[0])}]"
    n = len(a)
    rows = _cells([a[i] for i in (range(n) if n <= _ROWS else (0, 1, n - 1))])
    width = max(len(cell) for row in rows for cell in row)
    lines = ["[" + " ".join(f"{cell:>{width}}" for cell in row) + "]" for row in rows]
    if n > _ROWS:
        lines.insert(2, "...")
    return f"{start}[" + ("\n" + " " * (len(start) + 1)).join(lines) + "]"


def _cells(rows):
    """Return the numbers of some rows as text, their middle left out where they are wider than a page."""
    n = rows[0].size
    for edge in (8, 6, 4, 3, 2, 1):
        shown = range(n) if n <= 2 * edge else [*range(edge), *range(n - edge, n)]
        cells = [[_number(ndarray.item(row, i)) for i in shown] for row in rows]
        if max(len(cell) + 1 for row in cells for cell in row) * len(shown) <= _WIDTH:
            break
    return cells if len(shown) == n else [[*row[:edge], "...", *row[edge:]] for row in cells]


def _number(x):
    if type(x) is bool or type(x) is int:
        return str(x)
    text = format(x, ".6g")
    return text + ".0" if text.removeprefix("-").isdigit() else text


def _dtype_name(dtype):
    # NumPy's own dtype.name and str(dtype) are written in Python and can be patched.
    if dtype.kind not in "biufc" or not dtype.isnative:
        return dtype.str
    name = {"b": "bool", "i": "int", "u": "uint", "f": "float", "c": "complex"}[dtype.kind]
    return name if name == "bool" else f"{name}{8 * dtype.itemsize}"


def _a(kind):
    return f"a value of type {_text(_type_name(kind))}"


def _text(text):
    """Return a string, perhaps of a forged subclass, as a plain one: one line, at most 200 characters."""
    return "".join(c if c.isprintable() else " " for c in str.__getitem__(text, slice(200)))


def _exception_text(error):
    args = _exception_args(error)
    said = f": {_text(args[0])}" if len(args) == 1 and type(args[0]) is str else ""
    return _text(_type_name(type(error))) + said


def _snapshot(value):
    """Return (description, entries, data) of a value: immutable, so that the function cannot change it."""
    kind = type(value)
    if issubclass(kind, ndarray):
        base = ndarray.view(value, ndarray)
        about = f"an array of shape {base.shape} and dtype {_dtype_name(base.dtype)}"
        if base.dtype.kind == "O":
            return about, _entries(ndarray.tolist(ndarray.ravel(base))), None
        return about, (), (ndarray.tobytes(base), base.dtype, base.shape)
    for plain in (list, tuple):
        if issubclass(kind, plain):
            items = [*plain.__iter__(value)]
            return f"a {plain.__name__} of {len(items)} entries", _entries(items), None
    if issubclass(kind, dict):
        items = [*dict.items(value)]
        keys = [repr(key) if id(type(key)) in _VALUES else _a(type(key)) for key, _ in items]
        entries = tuple((key, _snapshot(item)) for key, (_, item) in zip(keys, items, strict=True))
        return f"a dict with the keys {', '.join(keys)}", entries, None
    if id(kind) in _VALUES:
        return repr(value), (), None
    return _a(kind), (), value


def _entries(items):
    return tuple((str(i), _snapshot(item)) for i, item in enumerate(items))


def _change(label, before, after):
    """Say how two snapshots differ, or return None."""
    (about, entries, data), (new_about, new_entries, new_data) = before, after
    if about != new_about:
        return f"{label} was {_text(about)}, is now {_text(new_about)}"
    if type(data) is not tuple and data is not new_data:
        return f"{label} was {about}, is now another one"
    if type(data) is tuple and data[0] != new_data[0]:
        return f"{label} {_changed_values(data, new_data)}"
    for (key, entry), (_, new_entry) in zip(entries, new_entries, strict=True):
        change = _change(f"{label}[{_text(key)}]", entry, new_entry)
        if change:
            return change
    return None


def _changed_values(*data):
    by_byte = [np.frombuffer(content, np.uint8).reshape(-1, kind.itemsize) for content, kind, _ in data]
    wrong = ndarray.nonzero(np.logical_or.reduce(np.not_equal(*by_byte), axis=1))[0]
    if data[0][1].kind not in "biufc":
        return f"has other values at {len(wrong)} places"
    old, new = (np.frombuffer(content, kind).reshape(size) for content, kind, size in data)
    return _where(old, new, wrong, "was {}, is now {}")
