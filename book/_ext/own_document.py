"""Sphinx extension: the parts of a page belong to that page.

What MyST hands to reStructuredText, such as the directives of the API reference, comes back as part
of a document of its own, whose settings hold all that Sphinx knows of the book.  Saved with a page,
that would be 14 MB a page, which Sphinx reads again before it writes a single one: minutes.
"""


def _adopt(app, doctree):
    for node in doctree.findall():
        if node.document is not doctree:
            node.document = doctree


def setup(app):
    """Register with Sphinx, after everything that adds to a page."""
    app.connect("doctree-read", _adopt, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
