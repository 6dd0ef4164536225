"""Sphinx extension: what other programs write that screen readers stumble over.

- pandas and Markdown make the empty corner of a table a header, which has no name to announce.
- A header that is a formula alone has no text to announce: its TeX is added, without the signs,
  where only screen readers find it.
- docutils gives the entries of a bibliography a role that has been withdrawn from the standard.
"""

import re
from html import escape, unescape


def _name_formula(header):
    name = re.sub(r"[^A-Za-z0-9+=<>,.-]+", " ", unescape(header[3])).strip()
    return f'{header[1]}<span class="visually-hidden">{escape(name)}</span>{header[2]}'


MENDS = [
    (re.compile(r"<th([^>]*)>\s*(<p>\s*</p>)?\s*</th>"), r"<td\1></td>"),
    (
        re.compile(r'(<th[^>]*><p>)(<span class="math[^>]*>(\\\([^<]*)</span></p>\s*</th>)'),
        _name_formula,
    ),
    (re.compile(r'(<div class="citation"[^>]*) role="doc-biblioentry"'), r"\1"),
    (re.compile(r'<div role="list" class="citation-list">'), '<div class="citation-list">'),
]


def _mend(app, pagename, templatename, context, doctree):
    for pattern, replacement in MENDS:
        context["body"] = pattern.sub(replacement, context.get("body") or "")


def setup(app):
    """Register with Sphinx."""
    app.connect("html-page-context", _mend)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
