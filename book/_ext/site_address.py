"""Sphinx extension: the site's address goes from ``html: baseurl`` to everything that needs it.

The 404 page needs absolute links, as it is shown at any depth; the social cards need whole
addresses.  A card shows the description that stands in a page's front matter.
"""

import re
from html import unescape
from urllib.parse import urlsplit

DESCRIPTION = re.compile(r'<meta content="([^"]*)" name="description"')


def _spread(app, config):
    config.ogp_site_url = config.html_baseurl.rstrip("/") + "/"
    config.notfound_urls_prefix = urlsplit(config.ogp_site_url).path


def _describe(app, pagename, templatename, context, doctree):
    found = DESCRIPTION.search(context.get("metatags") or "")
    if found and doctree is not None:
        context["meta"]["og:description"] = unescape(found.group(1))
    if pagename == app.config.root_doc:
        context["docstitle"] = ""  # it is the page's own title, which would stand there twice


def setup(app):
    """Register with Sphinx, before the extensions that use the address and the description."""
    app.connect("config-inited", _spread, priority=400)
    app.connect("html-page-context", _describe, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
