"""Outputs that nobody can trust, built anew: in nbformat's form, and as text that can be written to a file."""

from nbformat import NotebookNode
from nbformat.v4 import new_output

STATIC = ("image/png", "text/html", "text/plain")


def stored(outputs: object) -> list[NotebookNode]:
    """Of the outputs that a file holds for a cell, what was printed and drawn; [] where any is damaged or an error."""
    kept = [clean(_joined(output)) for output in outputs] if isinstance(outputs, list) else []
    if not all(kept) or any(output.output_type == "error" for output in kept):
        return []
    for output in kept:
        if "data" in output:
            output.data = NotebookNode({mime: output.data[mime] for mime in STATIC if mime in output.data})
            alt = output.metadata.get("image/png")
            output.metadata = NotebookNode({"image/png": alt} if isinstance(alt, dict) else {})
    return kept


def _joined(output: object) -> object:
    """Files hold texts as lists of lines."""
    if isinstance(output, dict):
        return {key: "".join(map(text, value)) if isinstance(value, list) else _joined(value)
                for key, value in output.items()}  # fmt: skip
    return output


def error(ename: str, evalue: str) -> NotebookNode:
    """An error output of one line."""
    return new_output("error", ename=ename, evalue=evalue, traceback=[f"{ename}: {evalue}"])


def clean(output: object) -> NotebookNode | None:
    """The output as nbformat wants it, or None where it is nothing of the kind."""
    try:
        kind = output["output_type"]
        if kind == "stream":
            name = "stderr" if output["name"] == "stderr" else "stdout"
            return new_output(kind, name=name, text=text(output["text"]))
        if kind == "error":
            lines = [text(line) for line in output["traceback"]]
            return new_output(kind, ename=text(output["ename"]), evalue=text(output["evalue"]), traceback=lines)
        if kind in ("display_data", "execute_result"):
            data = {text(mime): _content(mime, value) for mime, value in output["data"].items()}
            more = {"execution_count": int(output["execution_count"])} if kind == "execute_result" else {}
            return new_output(kind, data=data, metadata=_plain(output["metadata"]), **more)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        pass
    return None


def _content(mime: str, value: object) -> object:
    return _plain(value) if mime.endswith("json") else text(value)


def text(value: object) -> str:
    """`value` as a text that can be stored."""
    return str(value).encode("utf-8", "replace").decode("utf-8")


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {text(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return text(value) if isinstance(value, str) else value
