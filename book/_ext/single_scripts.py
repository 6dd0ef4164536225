"""Sphinx extension: keep each inline script of a page once.

Sphinx 7 adds a script without a file twice when an extension adds it while pages are read, as
sphinx-thebe does.  The second copy declares its constants again, which is an error in the browser.
"""


def _drop_repeats(app, pagename, templatename, context, doctree):
    kept, bodies = [], set()
    for script in context.get("script_files", []):
        body = getattr(script, "attributes", {}).get("body")
        if body is None or body not in bodies:
            kept.append(script)
            bodies.add(body)
    context["script_files"] = kept


def setup(app):
    """Register with Sphinx, after the other extensions have added their scripts."""
    app.connect("html-page-context", _drop_repeats, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
