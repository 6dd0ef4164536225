"""The built site: one look at every page in Chromium, and what its files say."""

import html
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from browser import browsing, pages_of, turn_to, wait_until_set
from test_book import PAGES, contents

pytestmark = pytest.mark.slow

WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 800}
KINDS = ("outside", "errors", "mathematics", "too wide", "axe")


def look_at(names, address, chromium):
    """Load some pages once, and collect by kind what is wrong with them."""
    from axe_playwright_python.base import AXE_SCRIPT

    found = {kind: [] for kind in KINDS}

    def look_at_request(request):
        if not request.url.startswith((address, "data:", "blob:")):
            found["outside"].append((page.url, request.url))

    def look_at_response(response):
        if response.status >= 400:
            found["errors"].append((page.url, response.url, response.status))

    with browsing(chromium) as browser:
        page = browser.new_context(viewport=WIDE).new_page()
        page.on("request", look_at_request)
        page.on("response", look_at_response)
        page.on("pageerror", lambda error: found["errors"].append((page.url, str(error))))
        for name in names:
            page.set_viewport_size(WIDE)
            page.goto(f"{address}/{name}.html")
            wait_until_set(page)
            if page.locator(".math").count():
                # Formulas in headings also stand in a table of contents that only print shows.
                page.locator("article mjx-container >> visible=true").first.wait_for()
            if page.locator("mjx-merror").count():
                found["mathematics"].append(name)
            for size in (WIDE, PHONE):
                page.set_viewport_size(size)
                if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                    found["too wide"].append((name, size["width"]))
            page.evaluate(AXE_SCRIPT)
            if name not in THOROUGH:
                page.evaluate(THIN)
            for size, theme, options in configurations(name):
                page.set_viewport_size(size)
                turn_to(page, theme)
                found["axe"] += [
                    (name, size["width"], theme, *violation)
                    for violation in violations(page, options)
                ]
    return found


@pytest.fixture(scope="module")
def findings(site, address, chromium):
    """Look at all pages, half of them in each of two browsers."""
    names = list(pages_of(site))
    with ThreadPoolExecutor(2) as pool:
        halves = [pool.submit(look_at, names[i::2], address, chromium) for i in range(2)]
        found = [half.result() for half in halves]
    return {kind: [finding for half in found for finding in half[kind]] for kind in KINDS}


THEMES = ("light", "dark")
COLOURS = ["color-contrast", "link-in-text-block"]
THOROUGH = {"404", "search", "book/introduction", "book/em-one-dimension", "book/glossary"}


def configurations(name):
    """Return size, theme and axe's options for each look at a page.

    A look takes seconds on a chapter.  Five pages, which hold every kind of content, get all rules
    in all four configurations.  On the others the rules about colours run once a theme and the
    other rules once a width: width does not change colours, and themes change nothing else.
    """
    # Without preload axe does not load the style sheets again, from where they are not.
    every = {"resultTypes": ["violations"], "preload": False}
    if name in THOROUGH:
        return [(size, theme, every) for size in (WIDE, PHONE) for theme in THEMES]
    without = {**every, "rules": {rule: {"enabled": False} for rule in COLOURS}}
    colours = {**every, "runOnly": COLOURS}
    return [
        (PHONE, "dark", without),
        (WIDE, "light", without),
        *((WIDE, theme, colours) for theme in THEMES),
    ]


# What the pages that are not looked at thoroughly do without: formulas are all made alike, and a
# word of code has the colour of its kind, so that one of each kind is enough.  A chapter has 20,000
# of these elements, and axe looks behind each of them.
THIN = """() => {
  for (const part of document.querySelectorAll("mjx-container > *")) part.remove();
  const seen = new Set();
  for (const word of document.querySelectorAll("div.highlight span[class]")) {
    if (seen.has(word.className)) word.replaceWith(word.textContent);
    seen.add(word.className);
  }
}"""


def violations(page, options):
    """Return the rules of axe-core that the page breaks, each with the first three places."""
    result = page.evaluate("options => axe.run(options)", options)
    return [
        (rule["id"], [f"{n['target']} {n['html'][:120]}" for n in rule["nodes"][:3]])
        for rule in result["violations"]
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_is_in_order(findings, kind):
    """Requests to other hosts, errors, TeX that is not understood, wide pages, accessibility."""
    assert findings[kind] == []


def text_of(site, name):
    return (site / f"{name}.html").read_text(encoding="utf-8")


def test_titles_say_which_page_it_is(site):
    titles = {}
    for name in pages_of(site):
        title = html.unescape(re.search(r"<title>(.*?)</title>", text_of(site, name), re.S)[1])
        titles.setdefault(title.strip(), []).append(name)
    assert [names for names in titles.values() if len(names) > 1] == []
    for title in titles:
        assert not title.startswith(("<", "—", "-")), title
        assert "Mixture models and unnormalised models" in title


def meta(text, key):
    found = re.findall(rf'<meta [^>]*(?:name|property)="{key}"[^>]*>', text)
    return [html.unescape(re.search(r'content="([^"]*)"', tag)[1]) for tag in found]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_pages_are_described(site, path):
    text = text_of(site, f"book/{path.stem}")
    (description,) = meta(text, "description")
    assert 60 <= len(description) <= 160
    assert re.fullmatch(r"[A-Z].*\.", description)
    assert meta(text, "og:description") == [description]
    assert meta(text, "og:title")[0] in html.unescape(text)
    (image,), (address,) = meta(text, "og:image"), meta(text, "og:url")
    base = address.removesuffix(f"book/{path.stem}.html")
    assert base.startswith("https://")
    assert image.startswith(base)
    assert (site / image.removeprefix(base)).is_file()


def test_next_leads_through_the_whole_book(site):
    """From page to page in the order of the table of contents, and back."""
    links = {}
    for name in contents():
        tags = re.findall(r'<link rel="(next|prev)"[^>]*href="([^"]*)"', text_of(site, name))
        links[name] = {rel: (site / name).parent / href for rel, href in tags}
    for first, second in zip(contents(), contents()[1:], strict=False):
        assert links[first]["next"].resolve() == (site / f"{second}.html").resolve()
        assert links[second]["prev"].resolve() == (site / f"{first}.html").resolve()


def test_the_site_is_small(site):
    """The whole site under 60 MB; a page with its pictures and animations under 3 MB."""
    assert sum(path.stat().st_size for path in site.rglob("*") if path.is_file()) < 60e6
    for name in pages_of(site):
        text = text_of(site, name)
        images = {m.split("/")[-1] for m in re.findall(r'src="[^"]*_images/([^"]*)"', text)}
        own = len(text.encode()) + sum((site / "_images" / i).stat().st_size for i in images)
        assert own < 3e6, name
