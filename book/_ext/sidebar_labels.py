"""Sphinx extension: the sidebar's arrows say what they open.

The theme makes each of them a ``<summary>`` that holds an icon and no text.
"""


def _label(app, pagename, templatename, context, doctree):
    generate = context["generate_toctree_html"]

    def labelled(*args, **kwargs):
        contents = generate(*args, **kwargs)
        for summary in contents.select("details > summary"):
            link = summary.find_parent("li").find("a")
            summary["aria-label"] = f"Pages under {link.get_text(strip=True)}"
        return contents

    context["generate_toctree_html"] = labelled


def setup(app):
    """Register with Sphinx, after the theme has put its functions in place."""
    app.connect("html-page-context", _label, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
