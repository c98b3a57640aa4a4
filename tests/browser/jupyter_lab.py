"""A JupyterLab of a test's own, and what a user does in its pages."""

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil
import pytest
from nbformat import NotebookNode
from playwright.sync_api import Locator, Page, expect

SECONDS = 120  # for one step on a busy machine; a step that succeeds does not wait
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
_APPUTILS = "@jupyterlab/apputils-extension"

# All cells get a star at once; it gives way to a number, or to a blank where an earlier cell failed. The text is taken
# as `textContent`, because what is outside of the window has no `innerText`.
_RAN = """() => {
    const shown = document.querySelector(".jp-NotebookPanel:not(.lm-mod-hidden)");
    const prompts = [...shown.querySelectorAll(".jp-CodeCell .jp-InputPrompt")].map((prompt) => prompt.textContent);
    return prompts.some((prompt) => /\\d/.test(prompt)) && !prompts.some((prompt) => prompt.includes("*"));
}"""

expect.set_options(timeout=1000 * SECONDS)


@dataclass
class Lab:
    """A running JupyterLab: its address with "/" at the end, the token, the folder it serves and its settings."""

    url: str
    token: str
    root: Path
    settings: Path

    def set_theme(self, name: str) -> None:
        """Use the "light" or the "dark" theme in pages that are opened from now on."""
        file = self.settings / "lab/user-settings" / _APPUTILS / "themes.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"theme": THEMES[name]}), encoding="utf-8")

    def stop_kernels(self) -> None:
        """Stop all kernels, so that the next notebook has the memory."""
        for kernel in json.loads(self._call("api/kernels")):
            self._call(f"api/kernels/{kernel['id']}", method="DELETE")

    def _call(self, path: str, **options) -> bytes:
        request = urllib.request.Request(
            f"{self.url}{path}", headers={"Authorization": f"token {self.token}"}, **options
        )
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            return answer.read()


@contextlib.contextmanager
def jupyterlab(root: Path, home: Path):
    """A JupyterLab that serves `root` and keeps its own files in `home`; nothing that it started outlives it."""
    folders = {f"JUPYTER_{name}_DIR": str(home / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    news = {f"{_APPUTILS}:notification": {"fetchNews": "false", "checkForUpdates": False}}
    overrides = home / "config/labconfig/default_setting_overrides.json"
    overrides.parent.mkdir(parents=True)
    overrides.write_text(json.dumps(news), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    arguments = ["lab", "--no-browser", f"--ServerApp.port={port}", *(["--allow-root"] if os.geteuid() == 0 else [])]
    with (home / "log.txt").open("w") as log:
        server = psutil.Popen(
            [Path(sys.executable).with_name("jupyter"), *arguments],
            cwd=root,
            env=os.environ | folders | {"IPYTHONDIR": str(home / "ipython")},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        # Another port is taken when this one is no longer free; the server writes down which.
        about = _written_down(home / "runtime" / f"jpserver-{server.pid}.json", server, home / "log.txt")
        yield Lab(about["url"], about["token"], root, home / "config")
    finally:
        started = server.children(recursive=True)
        server.terminate()
        _, left = psutil.wait_procs([server, *started], timeout=20)
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()


def _written_down(file: Path, server: psutil.Popen, log: Path) -> dict:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and server.poll() is None:
        with contextlib.suppress(OSError, ValueError):
            about = json.loads(file.read_text(encoding="utf-8"))
            urllib.request.urlopen(f"{about['url']}api", timeout=5).close()
            return about
        time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()[-3000:]}")


def notebook(page: Page) -> Locator:
    """The notebook that is open, once its kernel has started and nothing runs."""
    panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
    panel.wait_for()
    page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for()
    return panel


def menu(page: Page, *names: str) -> None:
    """Choose from the menu bar, as in menu(page, "Run", "Run All Cells")."""
    for name in names:
        page.get_by_role("menuitem", name=re.compile(f"^{re.escape(name)}(…)?$")).click()


def save(page: Page) -> None:
    """Save the open notebook and wait until that is done."""
    page.keyboard.press("ControlOrMeta+s")
    expect(page.locator(".lm-TabBar-tab.jp-mod-dirty")).to_have_count(0)


def run_all(page: Page, file: Path, seconds: float = SECONDS) -> NotebookNode:
    """Run all cells of the open notebook, whose cells have no numbers yet, up to the first error; save and read it."""
    menu(page, "Run", "Run All Cells")
    page.wait_for_function(_RAN, timeout=1000 * seconds, polling=200)
    save(page)
    return nbformat.read(file, as_version=4)


def errors(nb: NotebookNode) -> list[str]:
    """The tracebacks in a notebook, without colours."""
    outputs = [output for cell in nb.cells for output in cell.get("outputs", []) if output.output_type == "error"]
    return [re.sub(r"\x1b\[[\d;]*m", "", "\n".join(output.traceback)) for output in outputs]
