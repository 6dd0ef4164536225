"""The built site on a server, and Chromium to look at it."""

import pytest


@pytest.fixture(scope="module")
def address(site):
    from browser import served

    with served(site) as base:
        yield base


@pytest.fixture(scope="module")
def browser(chromium):
    from browser import browsing

    with browsing(chromium) as started:
        yield started


@pytest.fixture
def page(browser):
    """Yield an empty page of a wide window."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()
