"""Sphinx extension: keep of MathJax what pages can ask for, 4 MB of 24.

These are the program that reads TeX and sets it with web fonts, the packages of TeX that it loads
when a formula needs one, and its menu with the explorer that reads formulas out in English.
"""

from pathlib import Path

KEPT = [
    "tex-chtml.js",
    "a11y/**/*",
    "input/tex/**/*",
    "output/chtml/fonts/**/*",
    "sre/mathmaps/base.json",
    "sre/mathmaps/en.json",
    "ui/**/*",
]


def _drop_the_rest(app, exception):
    folder = Path(app.outdir) / "_static" / "mathjax"
    kept = {path for pattern in KEPT for path in folder.glob(pattern)}
    for path in folder.rglob("*"):
        if path.is_file() and path not in kept:
            path.unlink()


def setup(app):
    """Register with Sphinx, after sphinx-mathjax-offline has copied everything."""
    app.connect("build-finished", _drop_the_rest, priority=600)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
