"""What the tests of the engine share: a student's view of the course, and a grader."""

import shutil
import tempfile
from pathlib import Path

import pytest
from conftest import missing
from traitlets.config import Config

import student_view
from mixgrade.engine import Grader

# Submissions, not modules: whoever imports them is attacked.
collect_ignore = ["attacks"]


@pytest.fixture(scope="session")
def bubblewrap():
    """Skip without bubblewrap, or fail on CI."""
    path = shutil.which("bwrap")
    return path or missing("bubblewrap", "install it, for example with apt-get install bubblewrap")


@pytest.fixture(scope="session")
def view(tmp_path_factory):
    """Return the folder with what students' code sees of the course, made once."""
    folder = tmp_path_factory.mktemp("student") / "view"
    student_view.make(folder)
    return folder


@pytest.fixture
def temporary(tmp_path, monkeypatch):  # pytest makes its own folder first
    """Return the folder in which this test's temporary ones lie: others grade at the same time."""
    # A short name: sockets lie below.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        monkeypatch.setattr(tempfile, "tempdir", folder)
        monkeypatch.setenv("TMPDIR", folder)
        yield Path(folder)


@pytest.fixture(scope="module")
def grader(request, bubblewrap, view):
    """Return a grader with a warm sandbox; a module's LIMITS are its limits."""
    config = Config()
    config.Sandbox.update(getattr(request.module, "LIMITS", {}), student_path=[str(view)])
    with Grader(config=config) as grader:
        yield grader
