"""Sphinx extension: what the site shows comes from the code that is there now.

- The execution cache looks at a page's code only.  A fingerprint of what that code uses, which
  ``_config.yml`` lists as ``execution_inputs``, lies beside the cache: when it changes, the cache
  is emptied and every page runs again.
- Pages that were read are kept for the next build only if this build ends without a warning.
  Otherwise a page that warned once would pass the second time.
- When anything changes that pages show of each other, such as titles, numbers and labels, all pages
  are written again; otherwise only those that were read.
- A code cell that was not executed is a warning.
"""

import hashlib
import shutil
from pathlib import Path

from docutils import nodes
from sphinx.application import ENV_PICKLE_FILENAME
from sphinx.util import logging

logger = logging.getLogger(__name__)


def fingerprint(folder, patterns):
    """Return a digest of the names and contents of the files that match."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in Path(folder).glob(pattern)}):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _forget_what_is_stale(app, config):
    used = fingerprint(app.srcdir, config.execution_inputs)
    cache = Path(app.outdir).parent / ".jupyter_cache"
    note = cache / "fingerprint"
    if cache.exists() and not (note.exists() and note.read_text() == used):
        logger.info("what the code cells use has changed: every page with code runs again")
        shutil.rmtree(cache)
    cache.mkdir(parents=True, exist_ok=True)
    note.write_text(used)

    app.course_state = used + fingerprint(app.srcdir, ["book/_ext/*.py", "book/_templates/*"])
    complete = Path(app.doctreedir) / "complete"
    if not (complete.exists() and complete.read_text() == app.course_state):
        (Path(app.doctreedir) / ENV_PICKLE_FILENAME).unlink(missing_ok=True)
    complete.unlink(missing_ok=True)


def _keep_if_clean(app, exception):
    if exception is None and app._warncount == 0:
        (Path(app.doctreedir) / "complete").write_text(app.course_state)


def _shown_elsewhere(env):
    """Return, as a text, what the pages show of each other."""
    std, math, py, cite = (env.domaindata[name] for name in ("std", "math", "py", "cite"))
    tables = [
        {name: title.astext() for name, title in env.titles.items()},
        env.toctree_includes,
        env.toc_secnumbers,
        env.toc_fignumbers,
        *(std.get(key, {}) for key in ("labels", "anonlabels", "objects", "terms")),
        math.get("objects", {}),
        py.get("objects", {}),
        {str(reference): None for reference in cite.get("citation_refs", [])},
    ]
    for registry in (getattr(env, "proof_list", {}), getattr(env, "sphinx_exercise_registry", {})):
        tables.append({label: _as_text(entry) for label, entry in registry.items()})
    return "\n".join(str(sorted(table.items(), key=lambda item: str(item[0]))) for table in tables)


def _as_text(entry):
    return {
        key: value.astext() if isinstance(value, nodes.Node) else value
        for key, value in entry.items()
    }


def _note_what_was_shown(app, env, added, changed, removed):
    app.course_shown = _shown_elsewhere(env)
    return []


def _pages_that_show_it(app, env):
    return [] if _shown_elsewhere(env) == app.course_shown else sorted(env.found_docs)


def _look_for_cells_that_did_not_run(app, doctree):
    for cell in doctree.findall(nodes.container):
        if cell.get("nb_element") == "cell_code" and cell.get("exec_count") is None:
            logger.warning(
                "this code cell was not executed; remove what switches execution off: a tag, the "
                "page's mystnb settings or execute_notebooks in _config.yml",
                location=cell,
            )


def setup(app):
    """Register with Sphinx."""
    app.add_config_value("execution_inputs", [], "")
    app.connect("config-inited", _forget_what_is_stale)
    app.connect("env-get-outdated", _note_what_was_shown)
    # Sections and figures get their numbers in other extensions' answers to this event.
    app.connect("env-get-updated", _pages_that_show_it, priority=900)
    app.connect("doctree-read", _look_for_cells_that_did_not_run)
    app.connect("build-finished", _keep_if_clean, priority=950)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
