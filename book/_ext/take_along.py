"""Sphinx extension: what a reader takes along from the site.

Every numbered chapter with code gets a notebook in ``notebooks/``, a link to it in its download
menu, and buttons that open it on Binder and Colab.  These open the copy in the repository,
``book/notebooks/``, which ``make notebooks`` brings up to date.  The students' zip is made before
pages link to it.
"""

import posixpath
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote, urljoin

import nbformat
from docutils import nodes
from sphinx.errors import ExtensionError

from page_notebook import make_notebook

IN_REPOSITORY = "book/notebooks"
PDF = "mixture-models.pdf"
PDF_PAGE = "book/take-along"


def repository(config):
    """Return the address of the repository and its branch, as ``_config.yml`` says."""
    options = config.html_theme_options
    url = options.get("repository_url", "").rstrip("/").removesuffix(".git")
    return url, options.get("repository_branch") or "main"


def package(url, branch):
    """Return what ``pip install`` gets; from GitHub it needs no git."""
    on_github = url.startswith("https://github.com/")
    source = f"{url}/archive/refs/heads/{branch}.zip" if on_github else f"git+{url}@{branch}"
    return f"mixture-course[chapters] @ {source}"


def launch_links(url, branch, path):
    """Return the addresses that open a notebook of the repository, by service."""
    github = url.startswith("https://github.com/")
    place = "gh/" + url.removeprefix("https://github.com/") if github else "git/" + quote(url, "")
    links = {
        "Binder": f"https://mybinder.org/v2/{place}/{quote(branch, '')}"
        f"?urlpath={quote(f'lab/tree/{path}', '')}"
    }
    if github:
        owner = url.removeprefix("https://github.com/")
        links["Colab"] = f"https://colab.research.google.com/github/{owner}/blob/{branch}/{path}"
    return links


def is_chapter(env, pagename):
    """Tell whether a page is a numbered chapter with code."""
    number = env.toc_secnumbers.get(pagename, {}).get("")
    return bool(number) and "kernelspec" in env.metadata.get(pagename, {})


def _cited(app, pagename):
    """Return a function from links of a page to the entries of the bibliography, as HTML."""

    def works(links):
        wanted = {tuple(urljoin(pagename, link).split(".html#")) for link in links}
        found = []
        for page in sorted({page for page, _ in wanted}):
            for entry in _bibliography(app, page):
                if any((page, name) in wanted for name in entry["ids"]):
                    text = [child for child in entry.children if not isinstance(child, nodes.label)]
                    found += [app.builder.render_partial(part)["fragment"] for part in text]
        return found

    return works


def _bibliography(app, page):
    known = app.course_bibliographies
    if page not in known:
        doctree = app.env.get_and_resolve_doctree(page, app.builder)
        known[page] = list(doctree.findall(nodes.citation))
    return known[page]


def _take_along(app, pagename, templatename, context, doctree):
    if pagename == PDF_PAGE:
        # The page comes without a link to the PDF, and scripts/pdf.py adds it: an old PDF goes.
        (Path(app.outdir) / PDF).unlink(missing_ok=True)
    if doctree is None or not is_chapter(app.env, pagename):
        return
    name = f"{posixpath.basename(pagename)}.ipynb"
    executed = Path(app.outdir).parent / "jupyter_execute" / f"{pagename}.ipynb"
    code = nbformat.read(executed, as_version=4).cells
    url, branch = repository(app.config)
    try:
        notebook = make_notebook(
            context["body"],
            [cell for cell in code if cell.cell_type == "code"],
            url=urljoin(app.config.html_baseurl.rstrip("/") + "/", f"{pagename}.html"),
            course=app.config.html_title,
            package=package(url, branch),
            works=_cited(app, pagename),
        )
    except ValueError as error:
        raise ExtensionError(f"no notebook of {pagename}: {error}") from error
    path = Path(app.outdir) / "notebooks" / name
    path.parent.mkdir(exist_ok=True)
    nbformat.write(notebook, path)
    _add_buttons(context, f"notebooks/{name}", launch_links(url, branch, f"{IN_REPOSITORY}/{name}"))


def _add_buttons(context, download, launches):
    """Put the notebook into the download menu, and the services into a menu of their own."""
    groups = {button.get("label"): button for button in context["header_buttons"]}
    menu = groups["download-buttons"]["buttons"]
    label = "download-notebook-button"
    menu[:] = [
        _link(".ipynb", context["pathto"](download, 1), "Download notebook", "fas fa-code", label),
        *(button for button in menu if button.get("label") != label),
    ]
    if "launch-buttons" not in groups:
        groups["launch-buttons"] = {
            "type": "group",
            "tooltip": "Run this chapter on a computer of a service",
            "icon": "fas fa-rocket",
            "buttons": [],
            "label": "launch-buttons",
        }
        context["header_buttons"].insert(0, groups["launch-buttons"])
    logos = {"Binder": "logo_binder.svg", "Colab": "logo_colab.png"}
    groups["launch-buttons"]["buttons"] += [
        _link(
            name, url, f"Run on {name}", f"_static/images/{logos[name]}", f"launch-{name.lower()}"
        )
        for name, url in launches.items()
    ]


def _link(text, url, tooltip, icon, label):
    return {
        "type": "link", "text": text, "url": url, "tooltip": tooltip, "icon": icon, "label": label,
    }  # fmt: skip


def _prepare(app):
    app.course_bibliographies = {}
    script = Path(app.confdir) / "scripts" / "student_zip.py"
    # A book in another place, as in the tests, has no assignments.
    if script.exists():
        result = subprocess.run([sys.executable, script], capture_output=True, text=True)
        if result.returncode:
            raise ExtensionError(f"the students' zip could not be made:\n{result.stderr}")


def setup(app):
    """Register with Sphinx: after the theme, which makes the menus."""
    app.connect("builder-inited", _prepare)
    app.connect("html-page-context", _take_along, priority=700)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
