import ast

import pytest

from helpers.grading.mutants import mutants

TRAIN = '''
def train(X, targets, max_epochs: int = 100, w=None) -> tuple[int, 2]:
    """Train for 100 epochs."""
    w = np.zeros(X.shape[1]) if w is None else w.copy()
    for _ in range(max_epochs):
        for i, x in enumerate(X):
            if x @ w > 0 and not targets[i]:
                w -= x
                break
        else:
            return w, max_epochs
    return w, -1
'''


def bodies(source):
    """Name without the cell's -> the mutant's source in one line, for functions of one line."""
    return {m.name.partition(": ")[2]: m.source.replace("\n", " ") for m in mutants(source, "cell")}


@pytest.mark.parametrize(
    ("source", "label", "expected"),
    [
        ("def f(a, b): return a > b", "> -> >=", "a >= b"),
        ("def f(a, b): return a > b", "> -> <", "a < b"),
        ("def f(a, b): return a == b", "== -> !=", "a != b"),
        ("def f(a): return a is None", "is -> is not", "a is not None"),
        ("def f(a, b): return a + b", "+ -> -", "a - b"),
        ("def f(a, b): return a / b", "/ -> *", "a * b"),
        ("def f(a, b): return a - b", "sides of - swapped", "b - a"),
        ("def f(a, b): return a @ b", "sides of @ swapped", "b @ a"),
        ("def f(a): return -a", "minus sign left out", "+a"),
        ("def f(a): return a * 3", "3 -> 4", "a * 4"),
        ("def f(a): return a * 3", "3 -> 2", "a * 2"),
        ("def f(a): return a * 3", "3 -> -3", "a * -3"),
        ("def f(a): return a * 1", "1 -> 0", "a * 0"),
        ("def f(a, b=0): return a", "0 -> 1", "b=1"),
        ("def f(a, b=True): return a", "True -> False", "b=False"),
        ("def f(a, b): return a and b", "and -> or", "a or b"),
        ("def f(a): return 1 if a else 2", "condition negated", "1 if not a else 2"),
        ("def f(a): return [x for x in a if x]", "condition negated", "if not x]"),
        ("def f(a, b): return g(a, b)", "arguments 1 and 2 of g swapped", "g(b, a)"),
        ("def f(a): return np.mean(a)", "np.mean -> np.sum", "np.sum(a)"),
        ("def f(a): return np.exp(np.abs(a))", "np.abs left out", "np.exp(a)"),
        ("def f(a): return a.astype(int)", "a.astype left out", "return a"),
        ("def f(a, b): return a, b", "returned values in another order", "(b, a)"),
        ("def f(a): return a[1:]", "1 -> 2", "a[2:]"),
        ("def f(a): return a[1:]", "[1:] -> [1:-1]", "a[1:-1]"),
        ("def f(a, n): return a[:n]", "upper limit of [:n] + 1", "a[:n + 1]"),
        ("def f(a, i): return a[i]", "[i] -> [i - 1]", "a[i - 1]"),
        ("def f(a): a += 1; return a", "+= -> -=", "a -= 1"),
        ("def f(a): a += 1; return a", "`a += 1` deleted", "pass     return a"),
        ("def f(a): a += 1; return a", "`return a` -> return None", "return None"),
        ("def f(a):\n  for x in a: break", "break -> continue", "continue"),
        ("def f(a):\n  for x in a: break", "`break` deleted", "pass"),
        ("f = lambda a: a + 1", "+ -> -", "a - 1"),
        ("class F:\n  def __call__(self, a): return a + 1", "+ -> -", "a - 1"),
    ],
)
def test_every_kind_of_change(source, label, expected):
    assert expected in bodies(source)[label]


def test_each_is_python_and_differs_from_the_rest():
    found = mutants(TRAIN, "task-5-train")
    trees = {ast.dump(ast.parse(m.source)) for m in found}
    assert len(found) > 30
    assert len(trees | {ast.dump(ast.parse(TRAIN))}) == len(found) + 1
    assert len({m.name for m in found}) == len(found)
    assert mutants(TRAIN, "task-5-train") == found


def test_names_give_cell_and_line():
    names = [m.name for m in mutants("\n\ndef f(a, b):\n    return a + b", "task-1-add")]
    assert names == ["task-1-add line 4: + -> -"]


def test_equal_labels_in_a_line_are_numbered():
    names = [m.name for m in mutants("def f(a, b): return a + b + a", "c")]
    assert names == ["c line 1: + -> -", "c line 1: + -> - (2)"]


def test_docstrings_annotations_texts_and_code_outside_functions_stay():
    for mutant in mutants(TRAIN, "c"):
        assert "Train for 100 epochs." in mutant.source
        assert "tuple[int, 2]" in mutant.source and "max_epochs: int" in mutant.source
    assert mutants("x = 1 + 2\nprint(x > 3)", "c") == []
    assert mutants("def f(): raise ValueError('1 > 0')", "c")[0].name == "c line 1: `raise ValueError('1 > 0')` deleted"


def test_the_only_return_stays_and_commutative_arguments_are_not_swapped():
    assert bodies('def f(a):\n    """Doc."""\n    return a') == {}
    assert "arguments 1 and 2 of np.maximum swapped" not in bodies("def f(a): return np.maximum(a, 0)")


def test_what_is_not_python_is_refused():
    with pytest.raises(SyntaxError):
        mutants("def f(:", "c")
