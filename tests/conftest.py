"""What the tests share: where things are, and what may be missing on a machine."""

import fcntl
import os
import subprocess
import tempfile
from pathlib import Path

# Before NumPy is imported: small arrays on a busy machine wait for further BLAS threads.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import matplotlib as mpl
import numpy as np
import pytest

mpl.use("agg")

ROOT = Path(__file__).resolve().parents[1]

# The data sets are prepared anew for every run of the tests, kernels and builds included.
_data = tempfile.TemporaryDirectory(prefix="mixcore-tests-")
os.environ["TFDS_DATA_DIR"] = _data.name


def missing(what, remedy):
    """Skip a test, or fail it on CI, where nothing may be missing."""
    message = f"{what} is not on this machine; {remedy}"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture
def root():
    return ROOT


@pytest.fixture
def rng():
    return np.random.default_rng(20240)


@pytest.fixture
def faithful():
    from mixcore import datasets

    return datasets.load("old_faithful").x


@pytest.fixture(scope="session")
def chromium():
    from browser import find_chromium

    return find_chromium() or missing(
        "Chromium", "install it, for example with apt-get install chromium"
    )


@pytest.fixture
def shared():
    """Return the folder with the reference tables, which is not part of the project."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder ../shared with reference tables is not beside the project")
    return folder


@pytest.fixture(autouse=True)
def close_figures():
    yield
    import matplotlib.pyplot as plt

    plt.close("all")


@pytest.fixture(scope="session")
def site(tmp_path_factory, testrun_uid):
    """Build the book as `make book` does, once for all workers; return the folder of the site."""
    built = tmp_path_factory.getbasetemp().parent / f"site-{testrun_uid}"
    with built.with_suffix(".lock").open("w") as lock:
        # Two builds at once would take each other's files away.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not built.exists():
            result = subprocess.run(
                ["make", "--no-print-directory", "book"],
                cwd=ROOT, capture_output=True, text=True, check=False, timeout=1800,
            )  # fmt: skip
            assert result.returncode == 0, result.stdout + result.stderr
            built.touch()
    return ROOT / "_build" / "html"


@pytest.fixture(scope="module")
def address(site):
    from browser import served

    with served(site) as base:
        yield base


@pytest.fixture(scope="module")
def browser(chromium):
    from browser import browsing

    with browsing(chromium) as started:
        yield started


@pytest.fixture
def page(browser):
    """Yield an empty page of a wide window."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()
