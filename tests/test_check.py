"""`helpers.check`: what passes, what is refused and how it says so, and every way of cheating known to us."""

import contextlib
import copy
import signal
import subprocess
import sys
import textwrap
import threading
import time
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from helpers import check

HINT = "Look at the corner (1, 1)."


def failure(function, *args, **kwargs):
    """Return the message of a check that must fail."""
    with pytest.raises(check.CheckFailed) as caught:
        function("named", *args, **{"hint": HINT, **kwargs})
    text = str(caught.value)
    assert text.startswith('Check "named" failed.\n') and HINT in text
    return text


def passes(capsys, function, *args, **kwargs):
    result = function("named", *args, **{"hint": HINT, **kwargs})
    assert capsys.readouterr().out == "passed: named\n"
    return result


def run(code, *options):
    """Run a script in its own process, where it may bend Python as it likes."""
    script = textwrap.dedent(code)
    return subprocess.run(
        [sys.executable, *options, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )


# --- messages ---------------------------------------------------------------------------------------------


def test_message_in_full():
    with pytest.raises(check.CheckFailed) as caught:
        check.array("AND at all four corners", np.zeros(4, int), np.array([0, 0, 0, 1]), hint=HINT)
    assert str(caught.value) == (
        'Check "AND at all four corners" failed.\n'
        "    got       shape (4,), int: [0 0 0 0]\n"
        "    expected  shape (4,), int: [0 0 0 1]\n"
        "    differs   at [3]: got 0, expected 1 (1 of 4 values)\n"
        "    hint      Look at the corner (1, 1)."
    )
    assert isinstance(caught.value, AssertionError)


def test_scalar_message_has_no_index():
    text = failure(check.scalar, 2.5, 3)
    assert "got       2.5 (float)\n" in text and "expected  3 (int)\n" in text
    assert "differs   got 2.5, expected 3\n" in text and "at [" not in text


def test_two_dimensional_message_is_aligned():
    text = failure(check.array, np.array([[1.0, -10.5], [0, 0]]), np.zeros((2, 2)))
    assert (
        "    got       shape (2, 2), float: [[  1.0 -10.5]\n                                    [  0.0   0.0]]\n"
    ) in text
    assert "at [0, 0]: got 1.0, expected 0.0 (2 of 4 values)" in text


@pytest.mark.parametrize(
    "size",
    [(1000,), (10**6,), (300, 400), (4, 4), (5, 2), (7, 1, 9), (3, 4, 5, 6), (1, 2000), (2000, 1), (0, 3)],
)
@pytest.mark.parametrize("scale", [1, 1e-300 / 3, 1e6 / 7, 1j / 3])
def test_messages_stay_small(size, scale):
    rng = np.random.default_rng(0)
    got = rng.normal(size=size) * scale
    text = failure(check.array, got, -got if got.size else np.zeros((3, 0)), atol=0)
    assert len(text.splitlines()) <= 12 and max(map(len, text.splitlines())) <= 150


def test_shape_is_judged_before_values():
    text = failure(check.array, np.zeros((4, 1)), np.ones(4))
    assert "differs   in shape: got (4, 1), expected (4,)" in text and "values" not in text
    assert "expected a single number" in failure(check.array, [1], 1)


def test_none_asks_for_return():
    assert "did you forget return" in failure(check.array, None, [1, 2])
    assert "did you forget return" in failure(check.scalar, None, 1)
    assert "did you forget return" in failure(check.shape, None, (1, 2))
    assert "did you forget return" in failure(check.dtype, None, "int")


def test_nan_and_inf_are_named():
    text = failure(check.array, [1, np.nan], [1, 2])
    assert "at [1]: got nan (not a number), expected 2 (1 of 2 values)" in text
    assert "got inf (infinity), expected 0.0" in failure(check.scalar, np.inf, 0.0)
    assert "expected -inf (minus infinity)" in failure(check.scalar, np.inf, -np.inf)


def test_close_numbers_are_shown_with_enough_digits():
    text = failure(check.scalar, 0.125 + 2**-40, 0.125, rtol=0, atol=0)
    assert "got 0.1250000000009095, expected 0.125\n" in text


def test_numpy_print_options_change_nothing():
    with np.printoptions(formatter={"all": lambda _: "forged"}, precision=1, threshold=1):
        text = failure(check.array, [1.25], [2.25])
    assert "got 1.25, expected 2.25" in text and "forged" not in text


@pytest.mark.parametrize(
    "value", ["12", {"a": 1}, {1, 2}, object(), len, b"1", np.array(["1", "2"]), ["1", 2], [[1], None]]
)
def test_other_types_are_refused_and_named(value):
    text = failure(check.array, value, [1, 2])
    assert "of type" in text or "array of dtype str" in text
    assert type(value).__name__ in text or "list" in text or "str" in text


@pytest.mark.parametrize("value", [[[1, 2], [3]], [1, [2]], [np.zeros(2), np.zeros(3)]])
def test_ragged_lists_are_refused(value):
    assert "entries differ in length" in failure(check.array, value, [1, 2])


def test_odd_containers_are_refused():
    endless = []
    endless.append(endless)
    assert "nested more than" in failure(check.array, endless, [1])
    assert "too large for 64 bits" in failure(check.array, [2**70], [1])
    assert "among them a value of type list" in failure(check.array, np.array([[1], [1, 2]], dtype=object), [1, 2])
    assert "dtype datetime64" in failure(check.array, np.array(["2020-01-01"], "M8[D]"), [1])


# --- array, scalar, shape, dtype, true: what passes --------------------------------------------------------


@pytest.mark.parametrize(
    "got",
    [
        [0, 1],
        (0, 1),
        [False, True],
        np.array([0.0, 1.0]),
        np.array([0, 1], "uint8"),
        np.array([0, 1], ">f4"),
        np.array([0, 1], object),
        [np.int8(0), np.array(1)],
        np.array([0, 9, 1])[::2],
        [0, 1 + 1e-12j],
    ],
)
def test_array_takes_any_container_and_dtype(capsys, got):
    passes(capsys, check.array, got, [0, 1])


def test_scalar_takes_numbers_of_any_kind(capsys):
    for got in (
        1,
        True,
        1.0,
        1 + 0j,
        np.float32(1),
        np.int64(1),
        np.bool_(True),
        np.longdouble(1),
        np.array(1),
    ):
        passes(capsys, check.scalar, got, 1)
    assert "in shape: got (1,)" in failure(check.scalar, [1], 1)


def test_array_compares_nan_only_with_nan(capsys):
    passes(capsys, check.array, [np.nan, np.inf], [np.nan, np.inf])
    failure(check.array, [0.0], [np.nan])
    failure(check.array, [np.inf], [-np.inf])
    failure(check.array, [np.inf], [1e308], rtol=1)
    failure(check.array, [1e308], [np.inf], rtol=1)


def test_a_reference_that_is_not_made_of_numbers_is_the_authors_error():
    with pytest.raises(TypeError, match="named.*compare with"):
        check.array("named", [1], None, hint=HINT)
    with pytest.raises(TypeError, match="named.*compare with"):
        check.array("named", [1], [1], hint=HINT, mistakes={"m": "x"})
    with pytest.raises(TypeError, match="use check.array"):
        check.scalar("named", 1, [1], hint=HINT)
    with pytest.raises(ValueError, match="kind is 'complex'"):
        check.dtype("named", 1, "complex", hint=HINT)


def test_mistakes_choose_the_hint(capsys):
    mistakes = {"Sign swapped.": [-1, -2], "Transposed.": [[1], [2]]}

    def hint_for(got):
        with pytest.raises(check.CheckFailed) as caught:
            check.array("named", got, [1, 2], hint=HINT, mistakes=mistakes)
        return str(caught.value).rpartition("hint      ")[2]

    assert hint_for(np.array([-1, -2.0 - 1e-12])) == "Sign swapped."
    assert hint_for([[1], [2]]) == "Transposed."
    assert hint_for([-1, -3]) == HINT
    assert hint_for([[-1, -2]]) == HINT
    passes(capsys, check.array, [1, 2], [1, 2], mistakes=mistakes)
    with pytest.raises(check.CheckFailed, match="Half"):
        check.scalar("named", 0.5, 1, hint=HINT, mistakes={"Half of it is missing.": 0.5})


plain = hnp.arrays(
    st.sampled_from([np.dtype("float64"), np.dtype("int64")]),
    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3),
)
tolerance = st.sampled_from([0, 1e-9, 1e-3, 1.0])


@given(data=st.data(), got=plain, rtol=tolerance, atol=tolerance)
def test_array_agrees_with_assert_allclose(data, got, rtol, atol):
    # Small values, so that int64 differences do not overflow in NumPy's own comparison.
    got = np.clip(got, -(2**40), 2**40) if got.dtype.kind == "i" else got
    change = data.draw(st.sampled_from([0, 1e-10, -1e-4, 0.5, np.nan, np.inf]))
    with np.errstate(all="ignore"):
        expected = data.draw(st.sampled_from([got, got + change, got * (1 + change), got[..., None]]))
    try:
        np.testing.assert_allclose(got, expected, rtol=rtol, atol=atol, equal_nan=True)
        close = got.shape == expected.shape
    except AssertionError:
        close = False
    try:
        check.array("named", got, expected, hint=HINT, rtol=rtol, atol=atol)
        assert close
    except check.CheckFailed:
        assert not close
    if got.ndim and got.size:
        check.array("as lists", got.tolist(), got, hint=HINT)


def test_large_arrays_are_fast():
    a = np.random.default_rng(0).normal(size=10**6)
    for got in (a.copy(), a.tolist()):
        start = time.process_time()  # other processes do not count
        check.array("large", got, a, hint=HINT)
        assert time.process_time() - start < 1


def test_shape(capsys):
    passes(capsys, check.shape, [[1, 2, 3]], (1, 3))
    passes(capsys, check.shape, 5, ())
    text = failure(check.shape, np.zeros(3), (3, 1))
    assert "got       shape (3,), float: [0.0 0.0 0.0]" in text and "expected  shape (3, 1)" in text
    assert "expected  a single number" in failure(check.shape, [1], ())
    assert "of type str" in failure(check.shape, "abc", (3,))


def test_dtype(capsys):
    right = {
        "int": [1, [1, 2], np.int8(1), np.zeros(2, "uint8"), np.zeros((2, 0), int)],
        "float": [1.0, (1.0, 2), np.float32(1), np.zeros(2)],
        "bool": [True, [True, False], np.True_, np.zeros(2, bool)],
    }
    for kind, values in right.items():
        for value in values:
            passes(capsys, check.dtype, value, kind)
            for other in right.keys() - {kind}:
                assert f"expected  values of kind {other}" in failure(check.dtype, value, other)
    assert "int32" in failure(check.dtype, np.zeros(2, "int32"), "float")
    assert "dtype object" in failure(check.dtype, np.array([1, 2], object), "int")


def test_true(capsys):
    passes(capsys, check.true, True)
    passes(capsys, check.true, np.bool_(True))
    assert "got       False" in failure(check.true, False)
    assert "got       False" in failure(check.true, np.bool_(False))
    for value in (1, 1.0, "yes", [True], np.array(True), object()):
        assert f"of type {type(value).__name__}" in failure(check.true, value)


# --- cheating ---------------------------------------------------------------------------------------------


class Agreeable:
    """Equal to everything, looks like anything, counts as any class."""

    __class__ = np.ndarray
    shape, ndim, size, dtype = (2,), 1, 2, np.dtype(float)

    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __bool__(self):
        return True

    def __float__(self):
        return 1.0

    def __array__(self, *args, **kwargs):
        return np.array([1.0, 2.0])

    def __repr__(self):
        return "forged"

    def __format__(self, spec):
        return "forged"

    def __array_ufunc__(self, *args, **kwargs):
        return True

    __hash__ = None
    __str__ = __repr__
    __le__ = __lt__ = __ge__ = __gt__ = __rsub__ = __sub__ = __abs__ = __eq__
    __len__ = lambda self: 2  # noqa: E731
    __iter__ = lambda self: iter([1.0, 2.0])  # noqa: E731


class ForgedArray(np.ndarray):
    def _right(self, *args, **kwargs):
        return np.array([1.0, 2.0])

    def __eq__(self, other):
        return np.array([True, True])

    def __repr__(self):
        return "forged"

    def __array_finalize__(self, other):
        pass

    def view(self, *args):
        return np.array([1.0, 2.0])

    def tolist(self):
        return [1.0, 2.0]

    __array__ = __array_ufunc__ = __array_function__ = astype = ravel = __getitem__ = __sub__ = __rsub__ = _right
    __str__ = __format__ = __repr__
    shape = property(lambda self: (2,))
    dtype = property(lambda self: np.dtype(int))


class ForgedType(type):
    """A class that claims to be float."""

    def __eq__(cls, other):
        return True

    def __hash__(cls):
        return hash(float)

    __name__ = property(lambda cls: "float")

    def __subclasscheck__(cls, other):
        return True

    def __instancecheck__(cls, other):
        return True


class ForgedFloat(float, metaclass=ForgedType):
    def __sub__(self, other):
        return 0.0

    def __float__(self):
        return 1.0

    def __eq__(self, other):
        return True

    def __repr__(self):
        return "1.0"

    __hash__ = float.__hash__
    __rsub__ = __sub__
    __str__ = __repr__


class ForgedNumber(metaclass=ForgedType):
    def __float__(self):
        return 2.0

    def __array__(self, *args, **kwargs):
        return np.array(2.0)


class ForgedInt(int):
    __eq__ = lambda self, other: True  # noqa: E731
    __hash__ = int.__hash__
    __index__ = __int__ = lambda self: 1  # noqa: E731


class ForgedList(list):
    __iter__ = lambda self: iter([1.0, 2.0])  # noqa: E731
    __len__ = lambda self: 2  # noqa: E731
    __eq__ = lambda self, other: True  # noqa: E731
    __hash__ = None


class ForgedTuple(tuple):
    __iter__ = lambda self: iter([1.0, 2.0])  # noqa: E731
    __getitem__ = lambda self, i: [1.0, 2.0][i]  # noqa: E731


class ForgedNumpyFloat(np.float64):
    __eq__ = lambda self, other: True  # noqa: E731
    __hash__ = None
    __array__ = lambda self, *args: np.array(1.0)  # noqa: E731


FORGED = {
    "equal to everything": Agreeable(),
    "list subclass": ForgedList([9.0, 9.0]),
    "tuple subclass": ForgedTuple([9.0, 9.0]),
    "list of forged objects": [Agreeable(), Agreeable()],
    "list of float subclass": [ForgedFloat(9), ForgedFloat(9)],
    "float subclass hidden among floats": [1.0, ForgedFloat(9)],
    "object of a class that claims to be float": [1.0, ForgedNumber()],
    "list of int subclass": [ForgedInt(1), ForgedInt(9)],
    "list of NumPy scalar subclass": [ForgedNumpyFloat(9), ForgedNumpyFloat(9)],
    "nested": [ForgedTuple([9.0]), 2.0],
    "object array of forged objects": np.array([Agreeable, Agreeable]),
    "object array of float subclass": np.array([1.0, ForgedFloat(9)], dtype=object),
    "array subclass": np.array([9.0, 9.0]).view(ForgedArray),
    "list of array subclass": [np.array(9.0).view(ForgedArray), 2.0],
}
FORGED["object array of forged objects"][:] = [Agreeable(), Agreeable()]


@pytest.mark.parametrize("way", FORGED)
def test_forged_values_are_seen_through(way):
    text = failure(check.array, FORGED[way], np.array([1.0, 2.0]))
    assert "forged" not in text


@pytest.mark.parametrize("value", [Agreeable(), ForgedNumber(), ForgedFloat(9), ForgedInt(9), ForgedNumpyFloat(9)])
def test_forged_scalars_are_seen_through(value):
    text = failure(check.scalar, value, 2.0)
    assert type.__dict__["__name__"].__get__(type(value)) in text and "forged" not in text
    failure(check.true, value)
    failure(check.dtype, value, "float")
    failure(check.shape, value, ())


def test_a_forged_array_is_judged_and_shown_by_its_own_data(capsys):
    wrong = np.array([[9.0, 8.0, 7.0]]).view(ForgedArray)
    assert "got       shape (1, 3), float: [[9.0 8.0 7.0]]" in failure(check.array, wrong, [1.0, 2.0])
    failure(check.shape, wrong, (2,))
    failure(check.dtype, wrong, "int")
    passes(capsys, check.array, np.array([1.0, 2.0]).view(ForgedArray), [1.0, 2.0])
    passes(capsys, check.shape, wrong, (1, 3))


def test_class_names_cannot_forge_the_message():
    class Name(str):
        def __format__(self, spec):
            return "forged"

        __str__ = __repr__ = lambda self: "forged"  # noqa: E731

    sly = type(Name("Sly\n    hint      all is well" + "x" * 1000), (), {})
    text = failure(check.array, sly(), [1.0])
    assert "Sly" in text and "forged" not in text
    assert len(text.splitlines()) == 4 and max(map(len, text.splitlines())) < 300


PATCH_NUMPY = """
    import sys
    import numpy as np
    import numpy.testing
    from helpers import check
    yes = lambda *args, **kwargs: True
    zeros = np.zeros(2)
    keep = {"ndarray", "ufunc", "dtype", "generic"}
    for name, value in list(vars(np).items()):
        if not name.startswith("_") and name not in keep and callable(value):
            setattr(np, name, yes)
    for name in dir(np.testing):
        if name.startswith("assert"):
            setattr(np.testing, name, yes)
    for part in ("numeric", "arrayprint", "_methods", "fromnumeric"):
        module = sys.modules.get("numpy._core." + part) or sys.modules["numpy.core." + part]
        for name, value in list(vars(module).items()):
            if type(value) is type(yes):
                setattr(module, name, yes)
"""
PATCH_BUILTINS = """
    import builtins
    from helpers import check
    import numpy as np
    zeros = np.zeros(2)
    yes = lambda *args, **kwargs: True
    names = "abs all any bool callable complex dict enumerate float format frozenset getattr hasattr hash id"
    names += " int isinstance issubclass iter len list map max min next range repr reversed round set setattr"
    names += " slice sorted str sum tuple type vars zip AssertionError TypeError Exception"
    for name in names.split():
        setattr(builtins, name, yes)
    builtins.print = yes
"""
STILL_REFUSES = """
    import sys
    def refuses(call):
        try:
            call()
        except check.CheckFailed as error:
            sys.stdout.write(error.args[0] + "\\n")
        else:
            sys.exit("accepted")
    def spoil(w):
        w[0] = 5.0
    refuses(lambda: check.array("a", zeros, [0.0, 1.0], hint="h"))
    refuses(lambda: check.scalar("s", 0, 1, hint="h"))
    refuses(lambda: check.shape("h", zeros, (3,), hint="h"))
    refuses(lambda: check.dtype("d", zeros, "int", hint="h"))
    refuses(lambda: check.true("t", 1, hint="h"))
    refuses(lambda: check.raises("r", ValueError, lambda: 1, hint="h"))
    refuses(lambda: check.unchanged("u", spoil, zeros, hint="h"))
    zeros[0] = 0
    refuses(lambda: check.unchanged("u", spoil, [1, 2], hint="h"))
    check.array("right", zeros, [0, 0], hint="h")
"""


@pytest.mark.parametrize("patch", [PATCH_NUMPY, PATCH_BUILTINS], ids=["numpy", "builtins"])
def test_patched_libraries_change_nothing(patch):
    done = run(textwrap.dedent(patch) + textwrap.dedent(STILL_REFUSES))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "differs   at [1]: got 0.0, expected 1.0 (1 of 2 values)" in done.stdout
    assert "argument 1 (w) at [0]: was 0.0, is now 5.0 (1 of 2 values)" in done.stdout
    assert done.stdout.endswith("passed: right\n")


def test_jupyter_shows_the_message_and_no_source():
    cell = """
        from IPython.core.interactiveshell import InteractiveShell
        InteractiveShell.instance().run_cell('''
        from helpers import check
        secret = 41
        function = lambda w: check.scalar("second", secret + 1, 43, hint="Add one.")
        check.unchanged("first", function, [1], hint="h")
        ''')
    """
    out = run(cell).stdout
    assert 'Check "second" failed.' in out and "hint      Add one." in out
    for leak in ("secret", "Traceback", "check.py", "lambda", "_fail"):
        assert leak not in out


# --- unchanged --------------------------------------------------------------------------------------------


def change(act):
    def function(w, params=None):
        act(w if params is None else params)

    return function


@pytest.mark.parametrize(
    ("value", "act", "words"),
    [
        (np.zeros(3), lambda w: w.__iadd__(1), "at [0]: was 0.0, is now 1.0 (3 of 3 values)"),
        (np.zeros((2, 2)), lambda w: w.__setitem__((1, 0), np.nan), "at [1, 0]: was 0.0, is now nan"),
        (
            np.zeros(4),
            lambda w: setattr(w, "shape", (2, 2)),
            "shape (4,) and dtype float64, is now an array of shape",
        ),
        (
            np.zeros(4),
            lambda w: setattr(w, "dtype", "int64"),
            "is now an array of shape (4,) and dtype int64",
        ),
        (
            np.zeros(1),
            lambda w: setattr(w, "dtype", w.dtype.newbyteorder("S")),
            "is now an array of shape (1,) and dtype",
        ),
        (np.array([0.0]), lambda w: w.__setitem__(0, -0.0), "was 0.0, is now -0.0"),
        (np.array([1, 2], object), lambda w: w.__setitem__(1, 3), "[1] was 2, is now 3"),
        (np.array(["a", "b"]), lambda w: w.__setitem__(1, "c"), "has other values at 1 places"),
        ([1, 2], lambda w: w.append(3), "was a list of 2 entries, is now a list of 3 entries"),
        ([1, 2], lambda w: w.__setitem__(0, 1.0), "[0] was 1, is now 1.0"),
        ([1, [2, (3, [4])]], lambda w: w[1][1][1].__setitem__(0, 5), "[1][1][0] was 4, is now 5"),
        (
            {"a": np.zeros(2)},
            lambda p: p["a"].__setitem__(1, 7),
            "['a'] at [1]: was 0.0, is now 7.0 (1 of 2 values)",
        ),
        ({"a": 1}, lambda p: p.update(b=2), "the keys 'a', is now a dict with the keys 'a', 'b'"),
        ({"a": 1, "b": 2}, lambda p: p.pop("a"), "is now a dict with the keys 'b'"),
        (
            [change],
            lambda w: w.__setitem__(0, len),
            "[0] was a value of type function, is now a value of type",
        ),
        (
            [failure],
            lambda w: w.__setitem__(0, change),
            "[0] was a value of type function, is now another one",
        ),
    ],
)
def test_changes_in_place_are_named(value, act, words):
    function = change(act)
    text = failure(check.unchanged, function, copy.deepcopy(value))
    assert "changed   argument 1 (w)" in text.splitlines()[1] and words in " ".join(text.split("\n"))
    assert "argument params" in failure(check.unchanged, function, 0, params=copy.deepcopy(value))


def test_subclasses_cannot_hide_a_change():
    text = failure(check.unchanged, change(lambda w: w.__setitem__(0, 1.0)), ForgedList([9.0, 9.0]))
    assert "[0] was 9.0, is now 1.0" in text
    text = failure(check.unchanged, change(lambda w: np.ndarray.fill(w, 1)), np.zeros(2).view(ForgedArray))
    assert "at [0]: was 0.0, is now 1.0 (2 of 2 values)" in text


def test_unchanged_names_the_argument():
    text = failure(check.unchanged, lambda w, x: x.append(1), [1], [2])
    assert "argument 2 (x) was" in text
    assert "argument 1 was" in failure(check.unchanged, lambda *rest: rest[0].append(1), [1])
    assert "argument 1 at [0]" in failure(check.unchanged, np.ndarray.fill, np.zeros(2), 1)


def test_unchanged_returns_the_result(capsys):
    w = np.array([np.nan, 1.0])
    rng = np.random.default_rng(0)

    def function(w, rng, name, scale=1):
        return w * scale + 0 * rng.normal()

    result = passes(capsys, check.unchanged, function, w, rng, "text", scale=2)
    assert np.array_equal(result, [np.nan, 2], equal_nan=True)
    nested = {"a": [1, (2.0, float("nan")), None], "b": {1: w}}
    assert passes(capsys, check.unchanged, lambda p: p, nested) is nested
    assert check.unchanged("named", lambda name, function: name, hint=HINT, name=1, function=2) == 1


def test_unchanged_lets_exceptions_pass():
    with pytest.raises(ZeroDivisionError):
        check.unchanged("named", lambda w: 1 / 0, [1], hint=HINT)


# --- raises -----------------------------------------------------------------------------------------------


def throw(error):
    def function(*args, **kwargs):
        raise error

    return function


def test_raises_accepts_the_exception_and_its_subclasses(capsys):
    passes(capsys, check.raises, ValueError, throw(ValueError("no")))
    passes(capsys, check.raises, LookupError, throw(KeyError("no")), 1, key=2)
    passes(capsys, check.raises, ValueError, int, "x")


def test_raises_says_what_came_instead():
    text = failure(check.raises, ValueError, lambda: np.zeros(2))
    assert "got       returned shape (2,), float: [0.0 0.0]" in text and "expected  raised ValueError" in text
    assert "got       returned None" in failure(check.raises, ValueError, lambda: None)
    assert "returned a value of type Agreeable" in failure(check.raises, ValueError, Agreeable)
    assert "got       raised TypeError: wrong" in failure(check.raises, ValueError, throw(TypeError("wrong")))
    text = failure(check.raises, ValueError, throw(TypeError(Agreeable())))
    assert "raised TypeError\n" in text
    failure(check.raises, ValueError, lambda: ValueError("returned, not raised"))


@pytest.mark.parametrize("exception", [ValueError, RuntimeError, Exception, BaseException])
def test_an_open_task_is_never_the_expected_exception(exception):
    with pytest.raises(NotImplementedError, match="still open"):
        check.raises("named", exception, throw(NotImplementedError("Task 3 is still open.")), hint=HINT)


def test_an_open_task_counts_where_it_is_asked_for(capsys):
    passes(capsys, check.raises, NotImplementedError, throw(NotImplementedError()))


# --- no_warnings ------------------------------------------------------------------------------------------


def overflow(x):
    return 1 / (1 + np.exp(-x))


def quiet(x):
    with np.errstate(over="ignore"):
        return overflow(x)


def test_warnings_are_named():
    text = failure(check.no_warnings, overflow, np.array([-1000.0, 0]))
    assert "got       RuntimeWarning: overflow encountered in exp\n" in text
    assert "invalid value" in failure(check.no_warnings, np.log, np.array([-1.0]))
    assert "divide by zero" in failure(check.no_warnings, lambda: np.ones(1) / 0)
    text = failure(check.no_warnings, lambda: [warnings.warn(w, stacklevel=1) for w in ("one", "two")])
    assert "UserWarning: one (and 1 more)" in text


def test_warnings_silenced_beforehand_still_count():
    old = np.seterr(all="ignore")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for _ in range(2):
                failure(check.no_warnings, overflow, np.array([-1000.0]))
                failure(check.no_warnings, warnings.warn, "one")
            assert np.geterr()["over"] == "ignore"
    finally:
        np.seterr(**old)


def test_warnings_raised_as_errors_beforehand_still_read_well():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        failure(check.no_warnings, overflow, np.array([-1000.0]))


def test_no_warnings_passes(capsys):
    assert passes(capsys, check.no_warnings, quiet, np.array([-1000.0]))[0] == 0
    assert passes(capsys, check.no_warnings, lambda: np.exp(np.array(-1000.0))) == 0  # underflow
    assert passes(capsys, check.no_warnings, lambda x, y: x + y, 1, y=2) == 3
    with pytest.raises(ZeroDivisionError):
        check.no_warnings("named", lambda: 1 // 0, hint=HINT)


# --- time_limit -------------------------------------------------------------------------------------------

posix = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="time limits need POSIX timers")


def swallow_once():
    try:
        while True:
            pass
    except BaseException:  # noqa: B036
        while True:
            pass


def swallow_exceptions():
    while True:
        try:
            while True:
                pass
        except Exception:
            pass


def swallow_and_end():
    with contextlib.suppress(BaseException):
        time.sleep(5)


def swallow_and_raise():
    try:
        time.sleep(5)
    except BaseException:  # noqa: B036
        raise ValueError("something else") from None


def switch_off():
    signal.setitimer(signal.ITIMER_REAL, 0)
    time.sleep(0.3)


@posix
@pytest.mark.parametrize("slow", [swallow_once, swallow_exceptions, swallow_and_end, swallow_and_raise, switch_off])
def test_slow_code_is_stopped(slow):
    start = time.monotonic()
    with pytest.raises(check.CheckFailed) as caught, check.time_limit("quick", 0.2, hint=HINT):
        slow()
    assert time.monotonic() - start < 2
    text = str(caught.value)
    assert 'Check "quick" failed.' in text and "at most 0.2 seconds" in text and HINT in text
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_time_limit_passes(capsys):
    with check.time_limit("quick", 5, hint=HINT):
        pass
    assert capsys.readouterr().out == "passed: quick\n"


def test_time_limit_lets_exceptions_pass(capsys):
    with pytest.raises(ZeroDivisionError), check.time_limit("quick", 5, hint=HINT):
        _ = 1 / 0
    with pytest.raises(check.CheckFailed, match="inner"), check.time_limit("quick", 5, hint=HINT):
        check.true("inner", False, hint=HINT)
    assert capsys.readouterr().out == ""


@posix
def test_an_interrupt_by_hand_is_not_taken_for_slowness():
    with pytest.raises(KeyboardInterrupt), check.time_limit("quick", 0.05, hint=HINT):
        try:
            time.sleep(5)
        except BaseException:  # noqa: B036
            raise KeyboardInterrupt from None


@posix
def test_time_limit_puts_back_handler_and_timer():
    rung = []

    def handler(*_):
        rung.append(time.monotonic())

    old = signal.signal(signal.SIGALRM, handler)
    try:
        start = time.monotonic()
        signal.setitimer(signal.ITIMER_REAL, 1)
        with pytest.raises(check.CheckFailed), check.time_limit("quick", 0.1, hint=HINT):
            swallow_exceptions()
        assert signal.getsignal(signal.SIGALRM) is handler and not rung
        assert 0 < signal.getitimer(signal.ITIMER_REAL)[0] < 0.95
        time.sleep(1.2)
        assert len(rung) == 1 and rung[0] - start > 0.95
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)


@posix
def test_time_limits_nest(capsys):
    with pytest.raises(check.CheckFailed, match="outer"), check.time_limit("outer", 0.3, hint=HINT):
        with check.time_limit("inner", 5, hint=HINT):
            time.sleep(0.1)
        swallow_exceptions()
    assert capsys.readouterr().out == "passed: inner\n"


def test_no_limit_outside_the_main_thread(capsys):
    def work():
        with check.time_limit("quick", 0.01, hint=HINT):
            time.sleep(0.05)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert capsys.readouterr().out == "passed: quick\n"


def test_check_is_light():
    done = run("import sys, helpers.check; print('matplotlib' in sys.modules, 'ipywidgets' in sys.modules)")
    assert done.stdout == "False False\n", done.stderr
