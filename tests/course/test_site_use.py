"""What a reader does with the built site, by keyboard, on a phone, in print."""

import pytest

from browser import pages_of, wait_until_set

pytestmark = pytest.mark.slow

PHONE = {"width": 390, "height": 800}


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
