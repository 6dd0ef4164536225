"""Sphinx extension: the empty corner of a data frame's table is no header.

pandas writes it as one, and a screen reader then announces a header without a name.
"""

from docutils import nodes


def _mend(app, doctree, docname):
    for raw in doctree.findall(nodes.raw):
        text = raw.astext()
        if raw.get("format") == "html" and 'class="dataframe"' in text:
            raw[:] = [nodes.Text(text.replace("<th></th>", "<td></td>"))]


def setup(app):
    """Register with Sphinx."""
    app.connect("doctree-resolved", _mend)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
