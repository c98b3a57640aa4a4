"""Mutants of a worked solution: each changes one thing in one function, as a student's slip would.

Source of the idea: DeMillo, Lipton, Sayward (1978), Hints on test data selection. The libraries for it
(mutmut, cosmic-ray) want a project tree and a test command, where the audit needs the changed sources of
one cell.
"""

import ast
import copy
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

COMPARISONS = {
    ast.Gt: (ast.GtE, ast.Lt, ast.LtE),
    ast.GtE: (ast.Gt, ast.LtE, ast.Lt),
    ast.Lt: (ast.LtE, ast.Gt, ast.GtE),
    ast.LtE: (ast.Lt, ast.GtE, ast.Gt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
}
ORDERED = (ast.Sub, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult)
SYMBOLS = {
    ast.Gt: ">", ast.GtE: ">=", ast.Lt: "<", ast.LtE: "<=", ast.Eq: "==", ast.NotEq: "!=",
    ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.MatMult: "@", ast.BitAnd: "&", ast.BitOr: "|",
}  # fmt: skip

PAIRS = {"max": "min", "maximum": "minimum", "argmax": "argmin", "mean": "sum", "zeros": "ones", "any": "all"}
PAIRS |= {other: name for name, other in PAIRS.items()}
# Functions whose result can pass for their argument, so that leaving the call out is a slip and no nonsense.
WRAPPERS = {"abs", "exp", "log", "sqrt", "copy", "astype", "sum", "mean", "clip", "round"}
COMMUTATIVE = {"maximum", "minimum", "add", "multiply", "logical_and", "logical_or"}

# Changes the node in place, or returns what replaces it.
Edit = Callable[[ast.AST], ast.AST | None]


@dataclass(frozen=True)
class Mutant:
    """`name` is readable and unique ("task-5-train line 6: + -> -"); `source` is the whole changed cell."""

    name: str
    source: str


def mutants(source: str, cell: str) -> list[Mutant]:
    """All mutants of the functions in `source`, named after `cell`; lines count from the cell's first line.

    Only code inside functions is changed, default arguments included; docstrings, annotations and texts are
    not. Raises SyntaxError when `source` is not Python.
    """
    tree = ast.parse(source)
    seen, named, found = {ast.unparse(tree)}, Counter(), []
    for line, label, position, edit in _changes(tree):
        changed = copy.deepcopy(tree)
        node = list(ast.walk(changed))[position]
        if new := edit(node):
            changed = _Replace(node, new).visit(changed)
        text = ast.unparse(ast.fix_missing_locations(changed))
        if text not in seen:
            seen.add(text)
            name = f"{cell} line {line}: {label}"
            named[name] += 1
            found.append(Mutant(f"{name} ({named[name]})" if named[name] > 1 else name, text))
    return found


class _Replace(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST):
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)


def _changes(tree: ast.Module) -> list[tuple[int, str, int, Edit]]:
    """Line, label, the node's place in `ast.walk` (equal in every copy) and edit of each change, by line."""
    inside, left_alone, negative = set(), set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            inside.update(map(id, ast.walk(node)))
        if isinstance(node, ast.FunctionDef):
            if ast.get_docstring(node) is not None:
                left_alone.add(id(node.body[0]))
            left_alone.update(map(id, ast.walk(node.returns or ast.Pass())))
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
            left_alone.update(map(id, ast.walk(node.annotation)))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            negative.add(id(node.operand))
    changes = []
    for position, node in enumerate(ast.walk(tree)):
        if id(node) in inside and id(node) not in left_alone:
            values = _values(node, id(node) in negative)
            found = chain(_operators(node), values, _calls(node), _indices(node), _statements(node, left_alone))
            changes += [(line or node.lineno, label, position, edit) for line, label, edit in found]
    return sorted(changes, key=lambda change: change[0])


def _set(field: str, value: object) -> Edit:
    return lambda node: setattr(node, field, copy.deepcopy(value))


def _put(field: str, place: int, value: object) -> Edit:
    return lambda node: getattr(node, field).__setitem__(place, copy.deepcopy(value))


def _swap(field: str, first: int, second: int) -> Edit:
    def edit(node):
        items = getattr(node, field)
        items[first], items[second] = items[second], items[first]

    return edit


def _operators(node: ast.AST) -> Iterator[tuple[None, str, Edit]]:
    if isinstance(node, ast.Compare):
        for place, old in enumerate(node.ops):
            for new in COMPARISONS[type(old)]:
                yield None, f"{SYMBOLS[type(old)]} -> {SYMBOLS[new]}", _put("ops", place, new())
    if isinstance(node, ast.BinOp | ast.AugAssign):
        sign = "=" if isinstance(node, ast.AugAssign) else ""
        for new in ARITHMETIC.get(type(node.op), ()):
            yield None, f"{SYMBOLS[type(node.op)]}{sign} -> {SYMBOLS[new]}{sign}", _set("op", new())
    if isinstance(node, ast.BinOp) and isinstance(node.op, ORDERED):

        def turn(copied):
            copied.left, copied.right = copied.right, copied.left

        yield None, f"sides of {SYMBOLS[type(node.op)]} swapped", turn
    if isinstance(node, ast.BoolOp):
        old, new = ("and", ast.Or()) if isinstance(node.op, ast.And) else ("or", ast.And())
        yield None, f"{old} -> {'or' if old == 'and' else 'and'}", _set("op", new)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield None, "minus sign left out", _set("op", ast.UAdd())
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        yield None, "condition negated", _set("test", ast.UnaryOp(ast.Not(), node.test))
    if isinstance(node, ast.comprehension):
        for place, test in enumerate(node.ifs):
            yield test.lineno, "condition negated", _put("ifs", place, ast.UnaryOp(ast.Not(), test))


def _values(node: ast.AST, negative: bool) -> Iterator[tuple[None, str, Edit]]:
    if isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield None, f"{node.value} -> {not node.value}", _set("value", not node.value)
        elif isinstance(node.value, int | float):
            signs = [-node.value] if node.value and not negative else []
            for new in [node.value + 1, node.value - 1, *signs]:
                yield None, f"{node.value} -> {new}", _set("value", new)


def _calls(node: ast.AST) -> Iterator[tuple[None, str, Edit]]:
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
        elements = node.value.elts
        turned = ast.Tuple([*elements[1:], elements[0]], ast.Load())
        yield None, "returned values in another order", _set("value", turned)
    if not isinstance(node, ast.Call):
        return
    what = ast.unparse(node.func)
    name = what.rpartition(".")[2]
    for place in range(len(node.args) - 1):
        starred = any(isinstance(arg, ast.Starred) for arg in node.args[: place + 2])
        if not starred and name not in COMMUTATIVE:
            label = f"arguments {place + 1} and {place + 2} of {what} swapped"
            yield None, label, _swap("args", place, place + 1)
    if isinstance(node.func, ast.Attribute) and name in PAIRS:
        other = ast.Attribute(node.func.value, PAIRS[name], ast.Load())
        yield None, f"{what} -> {ast.unparse(other)}", _set("func", other)
    if name in WRAPPERS:
        method = isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) not in ("np", "math")
        if method or node.args:
            yield None, f"{what} left out", lambda copied: copied.func.value if method else copied.args[0]


def _indices(node: ast.AST) -> Iterator[tuple[None, str, Edit]]:
    """Shift by one what a number does not already shift in `_values`."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Name | ast.BinOp):
        for new, shift in (("+ 1", ast.Add()), ("- 1", ast.Sub())):
            label = f"[{ast.unparse(node.slice)}] -> [{ast.unparse(node.slice)} {new}]"
            yield None, label, _set("slice", ast.BinOp(node.slice, shift, ast.Constant(1)))
    if isinstance(node, ast.Slice):
        old = ast.unparse(node)
        for field, value in (("lower", ast.Constant(1)), ("upper", ast.UnaryOp(ast.USub(), ast.Constant(1)))):
            given = getattr(node, field)
            if given is None:
                new = copy.deepcopy(node)
                setattr(new, field, value)
                yield None, f"[{old}] -> [{ast.unparse(new)}]", _set(field, value)
            elif not isinstance(given, ast.Constant):
                for sign, shift in (("+", ast.Add()), ("-", ast.Sub())):
                    label = f"{field} limit of [{old}] {sign} 1"
                    yield None, label, _set(field, ast.BinOp(given, shift, ast.Constant(1)))


def _statements(node: ast.AST, left_alone: set[int]) -> Iterator[tuple[int, str, Edit]]:
    last = node.body[-1] if isinstance(node, ast.FunctionDef) else None
    for field in ("body", "orelse"):
        block = getattr(node, field, [])
        if not isinstance(block, list):
            continue
        for place, statement in enumerate(block):
            if id(statement) in left_alone or isinstance(statement, ast.Pass):
                continue
            short = ast.unparse(statement).split("\n")[0]
            short = short if len(short) <= 40 else short[:37] + "..."
            if isinstance(statement, ast.Return) and statement.value:
                alone = statement is last and all(id(other) in left_alone for other in block[:-1])
                if not alone:
                    none = ast.Return(ast.Constant(None))
                    yield statement.lineno, f"`{short}` -> return None", _put(field, place, none)
            if isinstance(statement, ast.Break | ast.Continue):
                other = ast.Continue() if isinstance(statement, ast.Break) else ast.Break()
                yield statement.lineno, f"{short} -> {ast.unparse(other)}", _put(field, place, other)
            if not (statement is last and isinstance(statement, ast.Return)):
                yield statement.lineno, f"`{short}` deleted", _put(field, place, ast.Pass())
