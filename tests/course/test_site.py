"""The built site in Chromium: one look at every page, then what a reader does with it."""

import html
import re

import pytest

from browser import browsing, pages_of, served, turn_to, wait_until_set
from test_book import PAGES, contents

pytestmark = pytest.mark.slow

WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 800}


@pytest.fixture(scope="module")
def address(site):
    with served(site) as base:
        yield base


@pytest.fixture(scope="module")
def browser(chromium):
    with browsing(chromium) as started:
        yield started


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport=WIDE)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def findings(site, address, browser):
    """Load every page once, and collect by kind what is wrong with it."""
    from axe_playwright_python.base import AXE_SCRIPT

    found = {"outside": [], "errors": [], "mathematics": [], "too wide": [], "axe": []}
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()

    def look_at_request(request):
        if not request.url.startswith((address, "data:", "blob:")):
            found["outside"].append((page.url, request.url))

    page.on("request", look_at_request)
    page.on("pageerror", lambda error: found["errors"].append((page.url, str(error))))
    page.on(
        "response",
        lambda r: found["errors"].append((page.url, r.url, r.status)) if r.status >= 400 else None,
    )
    for name in pages_of(site):
        page.set_viewport_size(WIDE)
        page.goto(f"{address}/{name}.html")
        wait_until_set(page)
        if page.locator(".math").count():
            # Formulas in headings also stand in a table of contents that only print shows.
            page.locator("article mjx-container >> visible=true").first.wait_for()
        if page.locator("mjx-merror").count():
            found["mathematics"].append(name)
        page.evaluate(AXE_SCRIPT)
        for size, theme, options in configurations(name):
            page.set_viewport_size(size)
            turn_to(page, theme)
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                found["too wide"].append((name, size["width"]))
            found["axe"] += [
                (name, size["width"], theme, *violation) for violation in violations(page, options)
            ]
    context.close()
    return found


COLOURS = ["color-contrast", "link-in-text-block"]
THOROUGH = {"404", "search", "book/introduction", "book/em-one-dimension", "book/glossary"}


def configurations(name):
    """Return size, theme and axe's options for each look at a page.

    A look takes seconds on a chapter.  Five pages, which hold every kind of content, get all rules
    in all four configurations.  On the others the rules about colours run once a theme and the
    other rules once a width: width does not change colours, and themes change nothing else.
    """
    every = {"resultTypes": ["violations"]}
    if name in THOROUGH:
        return [(size, theme, every) for size in (WIDE, PHONE) for theme in ("light", "dark")]
    without = {**every, "rules": {rule: {"enabled": False} for rule in COLOURS}}
    return [
        (WIDE, "light", every),
        (WIDE, "dark", {**every, "runOnly": COLOURS}),
        (PHONE, "dark", without),
    ]


def violations(page, options):
    """Return the rules of axe-core that the page breaks, each with the first three places."""
    result = page.evaluate("options => axe.run(options)", options)
    return [
        (rule["id"], [f"{n['target']} {n['html'][:120]}" for n in rule["nodes"][:3]])
        for rule in result["violations"]
    ]


@pytest.mark.parametrize("kind", ["outside", "errors", "mathematics", "too wide", "axe"])
def test_every_page_is_in_order(findings, kind):
    """Requests to other hosts, errors, TeX that is not understood, wide pages, accessibility."""
    assert findings[kind] == []


def open_chapter(page, address, name="em-one-dimension"):
    page.goto(f"{address}/book/{name}.html")
    wait_until_set(page)


def frame(player):
    return player.locator(".mixcore-player-frame").get_attribute("src")


def test_players_play(page, site, address):
    names = [n for n in pages_of(site) if "mixcore-player" in (site / f"{n}.html").read_text()]
    assert len(names) >= 5
    for name in names:
        page.goto(f"{address}/{name}.html")
        for player in page.locator(".mixcore-player").all():
            plays(player)


def plays(player):
    """Step, slide and play as a reader would."""
    slider = player.locator("input")
    first = frame(player)
    player.get_by_label("Step forward").click()
    assert frame(player) != first
    player.get_by_label("Step back").click()
    assert frame(player) == first
    slider.focus()
    slider.press("End")
    assert frame(player) != first
    play = player.get_by_label("Play", exact=True)
    play.click()
    player.get_by_label("Pause").wait_for()
    assert slider.input_value() == "0"
    player.page.wait_for_function(
        "([slider]) => Number(slider.value) > 0", arg=[slider.element_handle()]
    )
    player.get_by_label("Pause").click()


def test_a_player_obeys_the_keyboard(page, address):
    open_chapter(page, address)
    player = page.locator(".mixcore-player").first
    first, slider = frame(player), player.locator("input")
    player.get_by_label("Step forward").focus()
    page.keyboard.press("Enter")
    second = frame(player)
    assert second != first
    page.keyboard.press("ArrowLeft")
    assert frame(player) == first
    page.keyboard.press("Tab")
    assert slider.evaluate("slider => slider === document.activeElement")
    page.keyboard.press("ArrowRight")
    assert frame(player) == second
    page.keyboard.press("Space")
    player.get_by_label("Pause").wait_for()
    page.keyboard.press("Space")
    player.get_by_label("Play", exact=True).wait_for()


def test_players_respect_the_wish_for_less_motion(page, address):
    page.emulate_media(reduced_motion="reduce")
    open_chapter(page, address)
    player = page.locator(".mixcore-player").first
    assert not player.get_by_label("Play", exact=True).is_visible()
    first = frame(player)
    player.locator("input").focus()
    page.keyboard.press("Space")
    page.wait_for_timeout(700)
    assert frame(player) == first
    page.keyboard.press("ArrowRight")
    assert frame(player) != first


def test_print_shows_stills(page, address):
    open_chapter(page, address)
    player = page.locator(".mixcore-player").first
    assert player.locator(".mixcore-player-controls").is_visible()
    page.emulate_media(media="print")
    assert player.locator(".mixcore-player-still").is_visible()
    assert not player.locator(".mixcore-player-frame").is_visible()
    assert not player.locator(".mixcore-player-controls").is_visible()
    assert not page.locator("#pst-primary-sidebar").is_visible()


def test_everything_that_can_be_used_is_reached_by_tab(page, address):
    """Walk through a chapter with the tabulator; what is visible and usable gets the focus."""
    open_chapter(page, address)
    page.evaluate(
        """() => {
          const usable = "a[href], button, input, select, textarea, summary, [onclick]";
          let number = 0;
          for (const e of document.querySelectorAll(usable)) {
            if (e.checkVisibility({visibilityProperty: true, opacityProperty: true})
                && !e.closest("[aria-hidden=true]")) {
              e.dataset.usable = number++;
            }
          }
        }"""
    )
    usable = page.locator("[data-usable]").count()
    assert usable > 60
    reached = set()
    for _ in range(usable + 100):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.dataset.usable"))
    missed = page.locator("[data-usable]").evaluate_all(
        "(all, reached) => all.filter(e => !reached.includes(e.dataset.usable))"
        ".map(e => e.outerHTML.slice(0, 150))",
        sorted(reached - {None}),
    )
    assert missed == []


def test_folded_code_and_solutions_open_by_keyboard(page, address):
    open_chapter(page, address)
    folded = page.locator("details.hide").first
    folded.locator("summary").focus()
    page.keyboard.press("Enter")
    assert folded.locator("pre").first.is_visible()
    solution = page.locator(".admonition.dropdown").first
    button = solution.locator("button.toggle-button")
    button.focus()
    assert button.get_attribute("aria-expanded") == "false"
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"
    assert solution.locator("p:not(.admonition-title)").first.is_visible()


def test_the_theme_can_be_switched_by_keyboard(page, address):
    open_chapter(page, address)
    button = page.locator("button.theme-switch-button >> visible=true").first
    seen = set()
    for _ in range(3):
        button.focus()
        page.keyboard.press("Enter")
        seen.add(page.evaluate("document.documentElement.dataset.mode"))
    assert seen == {"light", "dark", "auto"}


def test_the_contents_open_and_close_on_a_phone(page, address):
    page.set_viewport_size(PHONE)
    open_chapter(page, address)
    toggle = page.locator("button.primary-toggle >> visible=true").first
    toggle.focus()
    page.keyboard.press("Enter")
    dialog = page.locator("dialog#pst-primary-sidebar-modal[open]")
    dialog.wait_for()
    assert dialog.get_by_role("link", name="k-means").first.is_visible()
    page.keyboard.press("Escape")
    page.locator("dialog#pst-primary-sidebar-modal[open]").wait_for(state="detached")


@pytest.mark.parametrize("word", ["acceptance", "responsibility"])
def test_search_finds(page, address, word):
    open_chapter(page, address, "notation")
    page.keyboard.press("Control+k")
    page.locator("dialog#pst-search-dialog input").wait_for()
    page.keyboard.type(word)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/search.html?q={word}*")
    hits = page.locator("#search-results li a")
    hits.first.wait_for()
    assert hits.count() >= 2
    hits.first.click()
    page.wait_for_load_state()
    assert word in page.locator("article").inner_text().lower()


def test_a_page_that_is_not_there(page, address):
    answer = page.goto(f"{address}/book/no/such/page.html")
    assert answer.status == 404
    assert page.locator("article h1").inner_text() == "Page not found"
    # Style and links work at any depth.
    assert page.evaluate("getComputedStyle(document.body).fontFamily") != ""
    assert page.locator("link[href$='course.css'], link[href*='course.css?']").count() == 1
    page.get_by_role("link", name="3. k-means").first.click()
    assert page.title().startswith("3. k-means")


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
