"""Files that are damaged, strange or far too large: repaired where the meaning is clear, else not graded, with the reason."""

import json
import os

from helpers.grading import demo

from . import ALL, OPEN, Case


def text(nb) -> str:
    return json.dumps(nb, indent=1)


def many_cells(nb) -> bytes:
    book = json.loads(text(nb))
    book["cells"] += [{"cell_type": "code", "id": f"c{i}", "metadata": {}, "source": "", "outputs": [],
                       "execution_count": None} for i in range(100_000)]  # fmt: skip
    return json.dumps(book).encode()


def format_3(nb) -> bytes:
    cells = []
    for cell in json.loads(text(nb))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            cells.append({"cell_type": "code", "language": "python", "input": source, "outputs": [], "collapsed": False,
                          "metadata": cell["metadata"], "prompt_number": 1})  # fmt: skip
        else:
            cells.append({"cell_type": "markdown", "source": source, "metadata": cell["metadata"]})
    return json.dumps(
        {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}
    ).encode()


def with_metadata(value: str):
    return lambda nb: text(nb).replace('"metadata": {', f'"metadata": {{"x": {value}, ', 1).encode()


def stripped(nb):
    for cell in nb.cells:
        cell.metadata = type(cell.metadata)()
        cell.id = f"new-{cell.id}"[:60]


def only_code(nb):
    stripped(nb)
    nb.cells = [cell for cell in nb.cells if "def " in cell.source and "check." not in cell.source]


def odd_metadata(nb):
    for cell in nb.cells:
        cell.metadata["nbgrader"] = {"grade_id": 5, "points": "many", "grade": "yes", "schema_version": 99}


def duplicated(nb):
    for identifier in ("test-4-perceptron-step-1", "task-4-perceptron-step", "imports", "question-2-sigmoid-relu"):
        nb.cells = demo.duplicated(nb, identifier).cells
        nb.cells[[cell.id for cell in nb.cells].index("pasted")].id = f"again-{identifier}"


def retyped(nb):
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.cell_type = "raw"
            del cell["outputs"], cell["execution_count"]


def as_link(folder):
    os.rename(folder / "perceptron.ipynb", folder.parents[2] / "elsewhere.json")
    os.symlink(folder.parents[2] / "elsewhere.json", folder / "perceptron.ipynb")


def as_folder(folder):
    (folder / "perceptron.ipynb").unlink()
    (folder / "perceptron.ipynb").mkdir()


def as_pipe(folder):
    (folder / "perceptron.ipynb").unlink()
    os.mkfifo(folder / "perceptron.ipynb")


def unreadably_large(folder):
    os.truncate(folder / "perceptron.ipynb", 200 * 2**20)


def refused(name: str, tries: str, reason: str, file, **more) -> Case:
    return Case(name, tries, not_graded=reason, file=file, **more)


NESTED = b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b', "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'

CASES = [
    refused("truncated", "an upload that was cut off", "cut off", lambda nb: text(nb)[:9000].encode()),
    refused("empty", "no bytes", "empty", lambda nb: b""),
    refused("only-nul", "nothing but NUL bytes", "empty", lambda nb: bytes(10_000)),
    refused("not-json", "a PDF under the notebook's name", "not a notebook", lambda nb: b"%PDF-1.7 \xff\xfe\x00"),
    refused("zip-instead", "an archive under the notebook's name", "not a notebook", lambda nb: b"PK\x03\x04" + bytes(99)),
    refused("json-but-no-notebook", "some other JSON", "no list of cells", lambda nb: b'{"marks": 20}'),
    refused("json-list", "a list", "not a notebook", lambda nb: b"[[1, 2], [3]]"),
    refused("nested-deeply", "lists in lists in lists", "nested too deeply", lambda nb: NESTED),
    refused("nested-in-metadata", "the same, beneath Python's own limit", "nested too deeply",
            with_metadata('{"a":' * 800 + "1" + "}" * 800)),
    refused("too-large", "200 MB", "too large", text and (lambda nb: b" "), beside=unreadably_large),
    refused("link", "a link to a notebook elsewhere", "links do not count", lambda nb: text(nb).encode(), beside=as_link),
    refused("folder", "a folder under the notebook's name", "not handed in", lambda nb: b" ", beside=as_folder),
    refused("pipe", "a pipe under the notebook's name", "not handed in", lambda nb: b" ", beside=as_pipe),
    refused("other-name", "two notebooks with other names", "not handed in", lambda nb: text(nb).encode(),
            filename="homework.ipynb", beside=lambda folder: (folder / "other.ipynb").write_text("{}")),
    refused("cells-without-end", "100,000 cells", "cells, the limit is", many_cells),
    Case("copy-1", "perceptron (1).ipynb", filename="perceptron (1).ipynb", says="perceptron (1).ipynb"),
    Case("saved-by-colab", "saved by Colab", file=lambda nb: json.dumps(demo.saved_by_colab(nb)).encode(),
         says="Saved by Colab"),
    Case("saved-by-vscode", "saved by VS Code, no cell ids", says="VS Code", file=lambda nb: json.dumps(
         json.loads(text(nb)) | {"metadata": {"vscode": {"interpreter": {"hash": "x"}}, "orig_nbformat": 4}}).encode()),
    Case("format-3", "notebook format 3", file=format_3, says="notebook format 3"),
    Case("crlf", "line ends of Windows and a byte order mark",
         file=lambda nb: b"\xef\xbb\xbf" + text(nb).replace("\n", "\r\n").replace("\\n", "\\r\\n").encode()),
    Case("utf-16", "UTF-16", file=lambda nb: text(nb).encode("utf-16")),
    Case("latin-1", "Windows-1252 with an umlaut", says="not in UTF-8",
         file=lambda nb: text(nb).replace("A perceptron answers", "Perzeptron f\u00fcr A answers").encode("cp1252", "replace")),
    Case("nul-and-surrogates", "NUL and half surrogate pairs in cells and names", says="cannot be stored",
         file=lambda nb: text(nb).replace("A perceptron answers", "A \\ud800 \\u0000 perceptron answers").encode()),
    Case("huge-integers", "integers of 10,000 digits", file=with_metadata("9" * 10_000)),
    Case("not-a-number", "NaN and infinities in the JSON", file=with_metadata("[NaN, Infinity, -Infinity]")),
    Case("duplicate-cells", "tests, tasks and imports pasted twice", change=duplicated, says="more than once"),
    Case("metadata-stripped", "no nbgrader metadata, other cell ids", change=stripped, says="restored"),
    Case("metadata-damaged", "nbgrader metadata of the wrong types", change=odd_metadata),
    Case("only-the-functions", "nothing but the cells with the functions", change=only_code),
    Case("cells-retyped", "all code cells turned into raw cells", change=retyped, says="raw cell"),
    Case("no-cells", "an empty list of cells", lost=ALL, start=OPEN, change=lambda nb: nb.cells.clear(),
         says="missing in the submission"),
]  # fmt: skip
