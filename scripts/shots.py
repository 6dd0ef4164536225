"""Photograph every page of the built site in Chromium, wide and narrow, light and dark."""

import argparse
import html
import shutil
import sys
from pathlib import Path

from tqdm import tqdm

from browser import browsing, find_chromium, pages_of, served, turn_to, wait_until_set

WIDTHS = (1280, 390)
THEMES = ("light", "dark")
#: Chromium cannot photograph much more than this at once; longer pages are cut.
TALLEST = 12_000

SHEET = """<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><title>Screenshots</title><style>
body {{ font-family: sans-serif }}
section {{ display: flex; gap: 1em; flex-wrap: wrap }}
img {{ width: 260px; height: 340px; object-fit: cover; object-position: top; border: 1px solid }}
figure {{ margin: 0 }}
</style></head><body><h1>Screenshots</h1>
{sections}
</body></html>
"""


def photograph(page, folder, stem):
    """Write the whole page into ``folder`` and return the names of the files."""
    height = page.evaluate("document.documentElement.scrollHeight")
    width = page.viewport_size["width"]
    names = []
    for top in range(0, height, TALLEST):
        name = f"{stem}{'' if top == 0 else f'-{top}'}.jpeg"
        part = {"x": 0, "y": top, "width": width, "height": min(TALLEST, height - top)}
        page.screenshot(path=folder / name, type="jpeg", quality=75, full_page=True, clip=part)
        names.append(name)
    return names


def main(site, folder, chosen):
    """Photograph the chosen pages, or all, and write a contact sheet."""
    if not (site / "index.html").is_file():
        sys.exit(f"error: {site}/index.html is not there; run make book first")
    chromium = find_chromium() or sys.exit(
        "error: Chromium is not on this machine; install it, for example with "
        "apt-get install chromium"
    )
    names = [name for name in pages_of(site) if not chosen or name.split("/")[-1] in chosen]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    sections = []
    with served(site) as base, browsing(chromium) as browser:
        for name in tqdm(names, unit="page"):
            page = browser.new_page()
            page.goto(f"{base}/{name}.html")
            wait_until_set(page)
            figures = []
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                for theme in THEMES:
                    turn_to(page, theme)
                    stem = f"{name.replace('/', '-')}-{width}-{theme}"
                    for file in photograph(page, folder, stem):
                        text = html.escape(file.removesuffix(".jpeg"))
                        figures.append(
                            f'<figure><a href="{file}"><img src="{file}" loading="lazy" '
                            f'alt="{text}"></a><figcaption>{width}, {theme}</figcaption></figure>'
                        )
            page.close()
            sections.append(f"<h2>{html.escape(name)}</h2><section>{''.join(figures)}</section>")
    (folder / "index.html").write_text(SHEET.format(sections="\n".join(sections)))
    print(f"{len(names)} pages: {folder / 'index.html'}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("pages", nargs="*", help="last parts of the pages' names; all if none")
    given = parser.parse_args()
    main(given.site, given.folder.resolve(), set(given.pages))
