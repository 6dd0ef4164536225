"""Chromium for the scripts and the tests that look at the built site: start it, turn to a theme."""

import contextlib
import shutil
import threading

from playwright.sync_api import sync_playwright

from serve import Handler, make_server

# No sandbox, as containers have none to offer; no graphics card; no services of its own.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


def find_chromium():
    """Return the path of Chromium or Chrome on this machine, or None."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for path in map(shutil.which, names) if path), None)


class _Quiet(Handler):
    def log_message(self, *args):
        pass


@contextlib.contextmanager
def served(folder):
    """Serve a folder as ``make serve`` does, without a word, and yield the address."""
    server = make_server(folder, 0, _Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def browsing(executable, *flags):
    """Start a browser, with further flags, and yield it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=[*FLAGS, *flags])
        try:
            yield browser
        finally:
            browser.close()


def pages_of(site):
    """Return the names of the site's pages; the root only leads to the introduction."""
    names = [path.relative_to(site).with_suffix("").as_posix() for path in site.rglob("*.html")]
    return sorted(name for name in names if not name.startswith("_static/") and name != "index")


def wait_until_set(page):
    """Wait until the page is loaded and its mathematics is set; from then on nothing fades."""
    page.wait_for_load_state("load")
    page.evaluate("() => window.MathJax && MathJax.startup ? MathJax.startup.promise : null")
    page.add_style_tag(content="* { transition: none !important; animation: none !important }")


def turn_to(page, theme):
    """Switch a loaded page to the light or the dark theme."""
    page.emulate_media(color_scheme=theme)
    page.evaluate(
        "theme => Object.assign(document.documentElement.dataset, {theme, mode: theme})", theme
    )
