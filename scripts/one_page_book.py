"""Put the pages of the built site into one, for printing: cover, contents, parts, chapters."""

import posixpath
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import yaml
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parents[1]
# Beside the chapters, so that their links to pictures and styles stay right.
PLACE = "book/whole-book.html"
# The reference of the package is for looking up, on the site.
LEFT_OUT = "book/reference/"
DROPPED = (
    "script, style, .headerlink, button, .toctree-wrapper, .above-input, #whole-book, "
    ".mixcore-player > :not(.mixcore-player-still)"
)


@dataclass(frozen=True)
class Book:
    """The whole book in one page.

    Attributes
    ----------
    title, author : str
        As ``_config.yml`` says.
    html : str
        The page.
    headings : list of str
        Every heading, in order, with formulas as TeX.
    """

    title: str
    author: str
    html: str
    headings: list[str]


def make(site, *, only=None):
    """Return the whole book in one page.

    Parameters
    ----------
    site : Path
        Folder of the built site.
    only : collection of str, optional
        Names of the pages to take, without folders.

    Returns
    -------
    Book
    """
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    groups = [(None, [toc["root"]])]
    for part in toc["parts"]:
        names = [chapter["file"] for chapter in part["chapters"]]
        kept = [
            name
            for name in names
            if not name.startswith(LEFT_OUT) and (only is None or posixpath.basename(name) in only)
        ]
        groups += [(part["caption"], kept)] if kept else []
    pages = [name for _, names in groups for name in names]
    base = config["html"]["baseurl"].rstrip("/") + "/"
    contents, chapters = [], []
    for number, (caption, names) in enumerate(groups):
        if caption:
            heading = f"<h1>{escape(caption)}</h1>"
            contents.append(f'<li class="group">{_entry(f"part-{number}", escape(caption))}</li>')
            chapters.append(f'<section class="part" id="part-{number}">{heading}</section>')
        for name in names:
            article = _article(site, name, pages, base, level=2 if caption else 1)
            contents.append(_chapter_entry(name, article))
            chapters.append(f'<section class="chapter" id="{_id(name)}">{article}</section>')
    head = _head(site, pages[0])
    html = f"""<!doctype html>
<html lang="en-GB" data-theme="light" data-mode="light">
<head><meta charset="utf-8"><title>{escape(config["title"])}</title>{head}
<style>{(ROOT / "scripts" / "print.css").read_text(encoding="utf-8")}</style></head>
<body>
<section class="cover">
<p class="title">{escape(config["title"])}</p>
<p class="byline">{escape(config["author"])}</p>
<p class="small"><a href="{base}">{base}</a><br>{escape(config["copyright"])}</p>
</section>
<nav class="book-contents" id="book-contents"><h1>Contents</h1><ol>{"".join(contents)}</ol></nav>
{"".join(chapters)}
</body></html>"""
    headings = BeautifulSoup(html, "html.parser").find_all(re.compile("^h[1-6]$"))
    return Book(config["title"], config["author"], html, [_words(h) for h in headings])


def _words(heading):
    """Return what a heading says, in one line."""
    return re.sub(r"\\[()]", "", " ".join(heading.get_text().split()))


def _soup(site, name):
    text = (site / f"{name}.html").read_text(encoding="utf-8")
    return BeautifulSoup(text, "html.parser")


def _head(site, name):
    """Return the styles of the site, and what sets its formulas."""
    page = _soup(site, name)
    scripts = [
        script
        for script in page.find_all("script")
        if "mathjax" in (script.get("src") or script.get_text()).lower()
    ]
    plain = "MathJax.options = {...MathJax.options, enableMenu: false, enableAssistiveMml: false};"
    return "".join(map(str, page.select('link[rel="stylesheet"]') + scripts)) + (
        f"<script>{plain}</script>"  # before the script above it, which is deferred
    )


def _id(name, anchor=""):
    """Return the id in the whole book of a page, or of a place in it."""
    return f"{posixpath.basename(name)}--{anchor}" if anchor else posixpath.basename(name)


def _article(site, name, pages, base, level):
    """Return what a page says, with ids and links of the whole book, its title at a level."""
    article = _soup(site, name).find("article")
    for element in article.select(DROPPED):
        element.decompose()
    for heading in article.find_all(re.compile("^h[1-6]$")):
        depth = int(heading.name[1])
        heading.name = f"h{depth + level - 1}"
        heading["class"] = f"depth-{depth}"
    for element in article.find_all(id=True):
        element["id"] = _id(name, element["id"])
    for link in article.find_all("a", href=True):
        link["href"] = _target(name, link["href"], pages, base)
    article.name = "div"
    article.attrs = {}
    return article


def _target(name, href, pages, base):
    """Return where a link of a page leads to from within the whole book."""
    parts = urlsplit(href)
    if parts.scheme or parts.netloc:
        return href
    path = posixpath.normpath(posixpath.join(posixpath.dirname(name), parts.path))
    page = name if not parts.path else path.removesuffix(".html")
    return f"#{_id(page, parts.fragment)}" if page in pages else urljoin(base, f"{name}/../{href}")


def _entry(target, words):
    return f'<a href="#{target}"><span class="name">{words}</span><span class="page"></span></a>'


def _chapter_entry(name, article):
    """Return the lines of the contents for a chapter and its sections."""
    sections = [
        _entry(heading.parent["id"], heading.decode_contents())
        for heading in article.select(".depth-2")
    ]
    inner = "".join(f"<li>{section}</li>" for section in sections)
    title = article.select_one(".depth-1").decode_contents()
    return f"<li>{_entry(_id(name), title)}<ol>{inner}</ol></li>"
