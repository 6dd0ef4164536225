"""Sphinx extension: a look at every finished page of the site, as a browser gets it.

Warns of links to files or places that are not there, of pictures without a text that says what
they show, and of tables without headers, wherever they come from: Markdown, a directive, the output
of a code cell or raw HTML.  Old pages and pictures, which a change has left behind, are removed.
"""

import posixpath
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sphinx.util import logging

logger = logging.getLogger(__name__)
SHORTEST_ALT = 16  # characters
LABELLED = {"svg", "iframe", "video", "object", "canvas"}
LINKS = {"href", "src", "action", "data", "poster"}
ADDRESSES = {"og:image", "og:url"}


class Page(HTMLParser):
    """What a page links to, what can be linked to on it, and what is wrong with it.

    Attributes
    ----------
    anchors : set of str
        The ids.
    links : list of str
        Addresses as they stand in the page.
    faults : list of str
        What is wrong, with its remedy.
    """

    def __init__(self, text):
        super().__init__()
        self.anchors, self.links, self.faults = set(), [], []
        self._in_article = False
        self._tables = []  # of the open tables: [has headers, first words]
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        """Note ids and links; look at pictures and tables."""
        attrs = {name: value or "" for name, value in attributes}
        self.anchors |= {attrs[name] for name in ("id", "name") if attrs.get(name)}
        self.links += [
            attrs[name] for name in LINKS & attrs.keys() if not attrs[name].startswith("data:")
        ]
        if tag == "meta" and attrs.get("property") in ADDRESSES:
            self.links.append(attrs["content"])
        if tag == "article":
            self._in_article = True
        if not self._in_article:
            return
        if tag == "img":
            self._look_at_picture(attrs.get("src", ""), attrs.get("alt", "").strip())
        if tag in LABELLED and not (
            attrs.keys() & {"aria-label", "aria-labelledby", "title", "aria-hidden"}
        ):
            self.faults.append(f"<{tag}> has no text; add an aria-label that says what it shows")
        if tag == "table":
            self._tables.append([attrs.get("role") == "presentation", ""])
        if tag == "th" and self._tables:
            self._tables[-1][0] = True

    def handle_data(self, data):
        """Remember how a table begins."""
        if self._tables and len(self._tables[-1][1]) < 40:
            self._tables[-1][1] = (self._tables[-1][1] + " " + data.strip()).strip()

    def handle_endtag(self, tag):
        """Judge a table when it ends."""
        if tag == "article":
            self._in_article = False
        if tag == "table" and self._tables:
            has_headers, words = self._tables.pop()
            if not has_headers:
                self.faults.append(f"table {words!r} has no headers; give it a row of headers")

    def _look_at_picture(self, source, alt):
        name = source if len(source) < 80 else source[:60] + "..."
        if not alt or alt == source or alt == unquote(posixpath.basename(source)):
            problem = "has no alt text"
        elif len(alt) < SHORTEST_ALT:
            problem = f"has an alt text that says too little, {alt!r}"
        else:
            return
        self.faults.append(
            f"image {name} {problem}; say what it shows, in Markdown as ![text](file), in a "
            "directive as :alt:, in a code cell as mystnb: image: alt"
        )


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
            pages[name] = Page(path.read_text(encoding="utf-8"))
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
