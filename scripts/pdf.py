"""Print the whole book as one PDF with Chromium, from the site that was built.

Usage: ``python scripts/pdf.py [--if-possible] SITE``.  It has a cover, contents with links and page
numbers, an outline, the last frame of each animation, and no code that only draws.  The page
*Take it along* of the site gets a link to it.  With ``--if-possible``, a machine without Chromium
only draws a notice.
"""

import argparse
import io
import re
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pikepdf
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
for folder in ("scripts", "book/_ext"):
    if str(ROOT / folder) not in sys.path:
        sys.path.insert(0, str(ROOT / folder))

import one_page_book  # noqa: E402 - beside this file
from browser import browsing, find_chromium  # noqa: E402 - beside this file
from take_along import PDF, PDF_PAGE  # noqa: E402 - the site's extension

HOST = "http://book.invalid"
# What the page says where there is no PDF.
PLACE = re.compile(r'<p id="whole-book">.*?</p>', re.DOTALL)
# Without hinting, letters stand where the font puts them: each line of text is one string then.
NO_HINTING = "--font-render-hinting=none"
# Nothing here should take half of it; a busy machine is slow.
PATIENCE = 600_000  # milliseconds
# When all formulas are set, each becomes one picture with its TeX as text for screen readers: the
# hundreds of parts of a formula would make the file larger than all that it says.
TYPESET = """async () => {
  await MathJax.startup.promise;
  await document.fonts.ready;
  for (const item of MathJax.startup.document.math) {
    item.typesetRoot.setAttribute("role", "img");
    item.typesetRoot.setAttribute("aria-label", item.math.trim());
  }
}"""
# What is wider than the paper is made smaller; what is longer than most of a page may break.
FIT = """() => {
  const fit = (el, width) => {
    const room = el.parentElement.clientWidth;
    if (width > room) el.style.zoom = room / width;
  };
  for (const el of document.querySelectorAll("table")) fit(el, el.offsetWidth);
  for (const el of document.querySelectorAll("mjx-container[display]")) {
    const number = el.parentElement.querySelector(".eqno");
    // The number stands in the right margin; a centred formula must leave as much on its left.
    const beside = number ? 2 * number.offsetWidth + 10 : 0;
    fit(el, el.querySelector("mjx-math").offsetWidth + beside);
  }
  for (const el of document.querySelectorAll("pre, .admonition, table")) {
    if (el.offsetHeight > (el.localName === "table" ? 350 : 620)) el.classList.add("long");
  }
}"""
NUMBER = """pages => document.querySelectorAll(".book-contents a").forEach(a =>
  a.querySelector(".page").textContent = pages[decodeURIComponent(a.hash.slice(1))])"""


def print_book(site, chromium, *, only=None):
    """Return the book as PDF, as bytes.

    Parameters
    ----------
    site : Path
        Folder of the built site.
    chromium : str
        Path of the browser.
    only : collection of str, optional
        Names of the pages to print, without folders.
    """
    book = one_page_book.make(site, only=only)

    def answer(route):
        path = site / unquote(urlsplit(route.request.url).path).lstrip("/")
        if path == site / one_page_book.PLACE:
            route.fulfill(body=book.html, content_type="text/html; charset=utf-8")
        elif not path.is_file():
            route.fulfill(status=404)
        elif path.suffix == ".png":
            route.fulfill(body=small_png(path), content_type="image/png")
        else:
            route.fulfill(path=path)

    with browsing(chromium, NO_HINTING) as browser:
        # As wide as the text on the paper, so that what does not fit shows.
        page = browser.new_page(viewport={"width": 657, "height": 900})
        page.set_default_timeout(PATIENCE)
        page.route("**/*", answer)
        page.emulate_media(media="print", color_scheme="light")
        page.goto(f"{HOST}/{one_page_book.PLACE}", wait_until="load")
        page.evaluate(TYPESET)
        page.evaluate(FIT)
        options = {"prefer_css_page_size": True, "print_background": True}
        # Where the chapters begin is known when they are printed: the second time with numbers.
        page.evaluate(NUMBER, page_numbers(page.pdf(**options)))
        content = page.pdf(tagged=True, outline=True, **options)
    return finished(content, book)


def small_png(path):
    """Return a picture on white, in 256 colours: half as large, and it looks the same."""
    picture = Image.open(path).convert("RGBA")
    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture)
    buffer = io.BytesIO()
    paper.convert("RGB").quantize(
        256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
    ).save(buffer, format="png")
    return buffer.getvalue()


def page_numbers(content):
    """Return the page on which each target of a link stands, counted from 1."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        number = {page.objgen: n for n, page in enumerate(pdf.pages, 1)}
        return {
            unquote(name.lstrip("/")): number[target[0].objgen]
            for name, target in pdf.Root.Dests.items()
        }


def finished(content, book):
    """Return the PDF with its title, with the headings as its outline, and packed."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        # Chromium writes a formula in letters of its font, and no space where a line breaks.
        with pdf.open_outline() as outline:
            items, open_items = [], list(reversed(outline.root))
            while open_items:
                items.append(open_items.pop())
                open_items += reversed(items[-1].children)
            for item, heading in zip(items, book.headings, strict=True):
                item.title = heading
        pdf.docinfo["/Title"], pdf.docinfo["/Author"] = book.title, book.author
        packed = io.BytesIO()
        packing = pikepdf.ObjectStreamMode.generate
        pdf.save(packed, object_stream_mode=packing, recompress_flate=True)
    return packed.getvalue()


def link_from_site(site):
    """Put a link to the PDF into the page *Take it along*."""
    path, file = site / f"{PDF_PAGE}.html", site / PDF
    with pikepdf.open(file) as pdf:
        size = f"{len(pdf.pages)} pages, {file.stat().st_size / 1e6:.0f} MB"
    link = f'<p id="whole-book"><a href="../{PDF}" download>{PDF}</a> ({size})</p>'
    text, places = PLACE.subn(link, path.read_text(encoding="utf-8"))
    if places != 1:
        raise ValueError(f"{path} has {places} places for the link, not one; build the site anew")
    path.write_text(text, encoding="utf-8")


def main():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--if-possible", action="store_true", help="without Chromium, do nothing")
    parser.add_argument("site", metavar="SITE", type=Path)
    arguments = parser.parse_args()
    chromium = find_chromium()
    if not chromium:
        said = "no PDF: Chromium is not on this machine (apt install chromium)"
        if not arguments.if_possible:
            sys.exit(f"error: {said}")
        print(f"notice: {said}")
        return
    (arguments.site / PDF).write_bytes(print_book(arguments.site, chromium))
    link_from_site(arguments.site)
    print(arguments.site / PDF)


if __name__ == "__main__":
    main()
