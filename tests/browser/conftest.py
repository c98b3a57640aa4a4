"""Fixtures for tests in headless Chromium, which are skipped, with the reason, where it is missing.

With BROWSER_SCREENSHOTS=1 some tests leave pictures, at desktop and tablet width and in the light and dark theme, in
pytest's temporary folder; `pytest --basetemp=FOLDER` says where that is.
"""

import os
import shutil

import pytest
from jupyter_lab import SECONDS, THEMES, Lab, jupyterlab
from playwright.sync_api import Browser, Page, sync_playwright

WIDTHS = {"desktop": 1280, "tablet": 820}


@pytest.fixture(scope="module")
def chromium(tmp_path_factory):
    """A headless Chromium. It lasts one module, because Playwright's event loop would be in the way of other tests."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("Chromium is not installed (apt install chromium); the tests in a browser are left out")
    # As root Chromium starts only without its sandbox; what is opened here is the course's own.
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        # What Chromium notes down of crashes stays out of the home directory.
        env = os.environ | {"XDG_CONFIG_HOME": str(tmp_path_factory.mktemp("chromium"))}
        browser = playwright.chromium.launch(executable_path=path, args=options, env=env)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def lab(chromium: Browser, root, tmp_path_factory):
    """A JupyterLab on the folder `root`, a fixture of the test's module."""
    with jupyterlab(root, tmp_path_factory.mktemp("jupyter")) as lab:
        yield lab


@pytest.fixture
def open_page(chromium: Browser, lab: Lab):
    """Open an address below the server's, such as lab/tree/notebooks/..., in a new window of a width in pixels."""
    contexts = []

    def open_page(address: str, width: int = WIDTHS["desktop"]) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 1000})
        contexts.append(context)
        context.set_default_timeout(1000 * SECONDS)
        page = context.new_page()
        # `reset` because the server would open again what an earlier page had open.
        page.goto(f"{lab.url}{address}?reset&token={lab.token}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    lab.stop_kernels()


@pytest.fixture
def screenshots(lab: Lab, open_page, tmp_path):
    """Take pictures where BROWSER_SCREENSHOTS asks for them: screenshots(name, address, prepare=...)."""

    def screenshots(name: str, address: str, prepare=lambda page: None) -> None:
        if not os.environ.get("BROWSER_SCREENSHOTS"):
            return
        for theme in THEMES:
            lab.set_theme(theme)
            for size, width in WIDTHS.items():
                page = open_page(address, width)
                prepare(page)
                page.screenshot(path=tmp_path / f"{name}-{size}-{theme}.png")
        lab.set_theme("light")

    return screenshots
