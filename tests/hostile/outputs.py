"""What is shown: floods, markup, scripts, pictures, and outputs that come late or are none."""

from . import Case

SCRIPT = "<script>window.pwned = 1</script><img src=x onerror='window.pwned = 1'>"
HTML = f'''
from IPython.display import HTML, Javascript, Latex, Markdown, SVG, IFrame, display
evil = """{SCRIPT}
<svg onload="window.pwned=1"><script>window.pwned=1</script></svg>
<iframe srcdoc="<script>parent.pwned=1</script>"></iframe><body onload="window.pwned=1">
<a id="trap" href="javascript:window.pwned=1">link</a><form action="javascript:window.pwned=1"><button id="trap2">x</button></form>
<math><mtext></table></math><img src=x onerror=window.pwned=1><details open ontoggle="window.pwned=1">x</details>
<style>body {{{{ background: url("javascript:window.pwned=1") }}}}</style><base href="http://192.0.2.1/">
<meta http-equiv="refresh" content="0; url=http://192.0.2.1/"><object data="javascript:window.pwned=1"></object>"""
display(HTML(evil), Markdown(evil), Latex(r"$\\href{{{{javascript:window.pwned=1}}}}{{{{x}}}}$" + evil), Javascript("window.pwned = 1"))
display({{"image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg' onload='window.pwned=1'><script>window.pwned=1</script></svg>",
         "text/plain": evil}}, raw=True)
display({{"application/javascript": "window.pwned = 1", "application/vnd.jupyter.widget-view+json": {{"model_id": evil}},
         "text/html": evil, "application/pdf": evil, "text/x-evil": evil}}, raw=True)
print(evil)
print("\\x1b[31m" + evil + "\\x1b]8;;javascript:window.pwned=1\\x07link\\x1b]8;;\\x07")
raise ValueError(evil)
'''.replace("{{", "{").replace("}}", "}")
INVALID = """
from IPython.display import display, publish_display_data
for data in ({"image/png": "not base64 <script>window.pwned=1</script>"}, {"image/png": 5}, {"text/plain": ["a", "b"]},
             {"text/plain": None}, {5: "x"}, {"text/html": {"a": 1}}, {"": ""}, {"image/jpeg": b"\\xff\\xd8broken"},
             {"application/json": float("nan")}, {"x" * 10000: "y"}, {"text/plain": "\\ud800\\x00"},
             {"image/png\\" onerror=\\"window.pwned=1": "AAAA"}):
    try:
        publish_display_data(data, metadata={"image/png": {"width": "1\\" onload=\\"window.pwned=1", "height": -5}})
    except Exception as error:
        print(type(error).__name__)
"""
PRINTS_TESTS = """
def step(phi):
    import linecache, traceback
    traceback.print_stack() if False else None
    print("the argument was", phi)
    print("check.unchanged(\\"step leaves its input alone\\", step, np.array([-2.0, 0.0, 3.0]),")
    return (np.asarray(phi) > 0).astype(int)
"""


def written_answer(nb):
    for cell in nb.cells:
        if cell.cell_type == "markdown" and cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = SCRIPT + "\n\n[click](javascript:window.pwned=1)\n\n$\\href{javascript:window.pwned=1}{x}$"
            cell["attachments"] = {"x.svg": {"image/svg+xml": "<svg onload='window.pwned=1'/>"}}
            cell.source += "\n\n![x](attachment:x.svg) ![y](x' onerror='window.pwned=1)"
    raw = type(nb.cells[0])(cell_type="raw", id="raw-1", source=SCRIPT, metadata={"raw_mimetype": "text/html"})
    nb.cells.insert(1, raw)
    title = type(nb.cells[0])(
        cell_type="markdown", id="md-1", source=f"# {SCRIPT}\n\n```{SCRIPT}\n{SCRIPT}\n```", metadata={}
    )
    nb.cells.insert(1, title)


CASES = [
    Case("print-flood", "hundreds of megabytes printed",
         before="for _ in range(10**5): print('x' * 10000)"),
    Case("print-flood-endless", "printing without an end, on both streams",
         before="import sys\nwhile True: print('x' * 100); print('y', file=sys.stderr)"),
    Case("one-long-line", "a line of 50 MB", before="print('x' * 50_000_000)\n'x' * 50_000_000"),
    Case("flood-beneath-python", "a flood from a program that it starts",
         before="import os, subprocess\nsubprocess.run('yes | head -c 60000000', shell=True)\nos.write(1, b'y' * 10**7)"),
    Case("many-displays", "10,000 displayed values",
         before="from IPython.display import display\nfor i in range(10_000): display(i)"),
    Case("giant-pictures", "pictures of many megabytes",
         before="from IPython.display import Image, display\nimport os\n"
                "for _ in range(20): display(Image(data=b'\\x89PNG' + os.urandom(3_000_000), format='png'))"),
    Case("giant-figure", "a figure of 40,000 by 40,000 points", before="import matplotlib.pyplot as plt\n"
         "fig = plt.figure(figsize=(200, 200), dpi=200)\nplt.show()"),
    Case("html-injection", "scripts in every kind of output and in an error", before=HTML),
    Case("html-in-text", "scripts in a written answer, in raw and Markdown cells", change=written_answer),
    Case("html-in-a-name", "scripts in the name of a class and of a function under test", lost=(6,), cells={
         "task-6-xor-weights": "def xor_weights():\n    raise type('<img src=x onerror=window.pwned=1>', (Exception,), {})"
                               "('</pre><script>window.pwned=1</script>')"}),
    Case("invalid-outputs", "outputs that are none", before=INVALID),
    Case("late-output", "threads and displays that go on after their cell", before="""
import threading, time
from IPython.display import display
handle = display("first", display_id="late")
def go_on():
    for i in range(10**6):
        print("late")
        handle.update("late <script>window.pwned=1</script>")
        time.sleep(0.001)
threading.Thread(target=go_on, daemon=True).start()
"""),
    Case("clear-output", "outputs cleared again and again", before="""
from IPython.display import clear_output
for i in range(2000):
    clear_output(wait=True)
    print(i)
"""),
    Case("strange-characters", "NUL, surrogates, right-to-left marks, a million combining characters",
         before="print('\\x00\\ud800\\u202e\\x1b[2J\\x07' + 'a' + '\\u0301' * 10**6)\nraise ValueError('\\ud800\\x00')"),
    Case("prints-its-arguments", "hidden tests' arguments and guessed lines printed", cells={"task-1-step": PRINTS_TESTS}),
    Case("deep-value", "a displayed value nested 100,000 deep",
         before="x = []\nfor _ in range(10**5): x = [x]\nx"),
]  # fmt: skip
