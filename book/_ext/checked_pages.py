"""Sphinx extension: a look at every finished page of the site, as a browser gets it.

Warns of links to files or places that are not there, of pictures without a text that says what
they show, and of tables without headers, wherever they come from: Markdown, a directive, the output
of a code cell or raw HTML.  Old pages and pictures, which a change has left behind, are removed.
"""

import posixpath
import textwrap
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import html
from sphinx.util import logging

logger = logging.getLogger(__name__)
SHORTEST_ALT = 16  # characters
LABELS = {"aria-label", "aria-labelledby", "title", "aria-hidden"}
LINKS = {"href", "src", "action", "data", "poster"}
ADDRESSES = {"og:image", "og:url"}


class Page:
    """What a page links to, what can be linked to on it, and what is wrong with it.

    Parameters
    ----------
    source : bytes
        The page.

    Attributes
    ----------
    anchors : set of str
        The ids.
    links : list of str
        Addresses as they stand in the page.
    faults : list of str
        What is wrong, with its remedy.
    """

    def __init__(self, source):
        # lxml reads a page ten times faster than Python's own parser; the site has over 150.
        elements = list(
            html.document_fromstring(source, html.HTMLParser(encoding="utf-8")).iter("*")
        )
        self.anchors = {e.get(a) for e in elements for a in ("id", "name") if e.get(a)}
        self.links = [
            value
            for e in elements
            for name, value in e.items()
            if name in LINKS and not value.startswith("data:")
        ]
        self.links += [
            e.get("content") for e in elements if e.tag == "meta" and e.get("property") in ADDRESSES
        ]
        self.faults = [
            fault
            for e in elements
            if e.tag in JUDGES and next(e.iterancestors("article"), None) is not None
            for fault in JUDGES[e.tag](e)
        ]


def _faults_of_picture(element):
    source, alt = element.get("src", ""), element.get("alt", "").strip()
    if not alt or alt == source or alt == unquote(posixpath.basename(source)):
        problem = "has no alt text"
    elif len(alt) < SHORTEST_ALT:
        problem = f"has an alt text that says too little, {alt!r}"
    else:
        return
    name = source if len(source) < 80 else source[:60] + "..."
    yield (
        f"image {name} {problem}; say what it shows, in Markdown as ![text](file), in a "
        "directive as :alt:, in a code cell as mystnb: image: alt"
    )


def _faults_of_drawing(element):
    if not LABELS & set(element.keys()):
        yield f"<{element.tag}> has no text; add an aria-label that says what it shows"


def _faults_of_table(element):
    # A table within this one has headers of its own.
    headers = (th for th in element.iter("th") if next(th.iterancestors("table")) is element)
    if element.get("role") != "presentation" and next(headers, None) is None:
        words = textwrap.shorten(element.text_content(), 60)
        yield f"table {words!r} has no headers; give it a row of headers"


JUDGES = {"img": _faults_of_picture, "table": _faults_of_table}
JUDGES |= dict.fromkeys(["svg", "iframe", "video", "object", "canvas"], _faults_of_drawing)


def target(link, name, base):
    """Return the file of the site that a link on page ``name`` means; None if it leads outside.

    Parameters
    ----------
    link : str
        The address as it stands in the page.
    name : str
        The page, as a path in the site.
    base : str
        The site's own address, which ends with a slash.
    """
    parts, root = urlsplit(link), urlsplit(base).path
    if (parts.scheme or parts.netloc) and not (link + "/").startswith(base):
        return None
    path = unquote(parts.path)
    if path.startswith("/"):
        path = path.removeprefix(root.rstrip("/")).lstrip("/")
    elif path:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
    else:
        path = name
    return "index.html" if path in {"", "."} else path


def broken_links(name, pages, files, base):
    """Yield what is wrong with the links of page ``name``, given all pages and files."""
    for link in pages[name].links:
        path, place = target(link, name, base), unquote(urlsplit(link).fragment)
        if path is not None and path not in files:
            yield (
                f"link to {link!r}: the site has no file {path}; correct the path, or publish the "
                "file with the role download, or link to its address"
            )
        elif path in pages and place and place not in pages[path].anchors:
            yield (
                f"link to {link!r}: {path} has no place #{place}; link to a label, or to the "
                "heading as it is now"
            )


def _remember_page(app, pagename, templatename, context, doctree):
    app.course_pages.add(pagename)


def _look_at_the_site(app, exception):
    if exception is not None or app.builder.format != "html":
        return
    site = Path(app.outdir)
    # Jupyter Book writes the page that leads from the root to the first chapter later; a build
    # without changes writes nothing at all; pages of source are written when the source changes.
    named = app.course_pages | app.env.found_docs | {"index"}

    def is_old(name):
        page = name.removesuffix(".html")
        return app.course_pages and page not in named and not page.startswith("_modules/")

    pages, files = {}, {"index.html"}
    for path in sorted(path for path in site.rglob("*") if path.is_file()):
        name = path.relative_to(site).as_posix()
        if path.suffix == ".html" and not name.startswith("_static/"):
            if is_old(name):
                path.unlink()
                continue
            pages[name] = Page(path.read_bytes())
        files.add(name)
    base = app.config.html_baseurl.rstrip("/") + "/"
    for name, page in pages.items():
        docname = name.removesuffix(".html")
        faults = dict.fromkeys(broken_links(name, pages, files, base))
        if docname in app.env.found_docs:
            for fault in [*page.faults, *faults]:
                logger.warning("%s", fault, location=docname)
        else:
            # Sphinx writes the index and the search page itself, with tables for layout.
            for fault in faults:
                logger.warning("%s: %s", name, fault)
    shown = {posixpath.basename(urlsplit(link).path) for p in pages.values() for link in p.links}
    for path in (site / "_images").rglob("*"):
        if path.is_file() and path.name not in shown:
            path.unlink()


def _start(app):
    app.course_pages = set()


def setup(app):
    """Register with Sphinx, after everything else that writes files into the site."""
    app.connect("builder-inited", _start)
    app.connect("html-page-context", _remember_page)
    app.connect("build-finished", _look_at_the_site, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
