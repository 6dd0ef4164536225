"""Submissions that attack the grader: each earns what its honest cells earn, and touches nothing.

Every attack is a file in ``attacks/``: a first cell that says what it does, what it earns and which
incidents name it, then cells of the submission.  Functions that an attack leaves alone are answered
rightly, but ``dual_multiplier``, which is wrong: an attack that turns a wrong answer into points is
seen by them.
"""

import json
import os
import re
import secrets
import shutil
import socket
import tempfile
import time
from pathlib import Path

import jupytext
import nbformat
import pytest
from conftest import ROOT

import build
import sample_class

pytestmark = pytest.mark.slow

ASSIGNMENT, ATTACKS = "ps2-duality", Path(__file__).parent / "attacks"
# Seconds that the worst attack may take: a kernel that ends takes its cells with it.
BOUND = 75
# What attacks print where they find or reach something.
FOUND = "FOUND|WROTE|CONNECTED|SIGNALLED|ATTACHED|SEEN|FILLED|HIDDEN|RAISED|NEW|MOUNTED|UNMOUNTED"
WRONG = "def dual_multiplier(M, h, b, c):\n    return 0.1"
# So that the points of a function do not hang on another one.
OWN_MULTIPLIER = """\
def solve_constrained_quadratic(M, h, b, c):
    free = np.linalg.solve(M, h)
    inverse_b = np.linalg.solve(M, b)
    lam = max(0.0, (2 * c + b @ free) / (b @ inverse_b))
    return 0.5 * (lam * inverse_b - free), lam"""
LIMITS = {
    "memory_bytes": 512 << 20,
    "scratch_bytes": 50_000_000,
    "cell_seconds": 5,
    "notebook_seconds": 40,
    "output_bytes": 300_000,
    "message_bytes": 8 << 20,
}


@pytest.fixture(scope="module")
def source():
    return build.build_notebook(build.masters()[ASSIGNMENT])[1]


@pytest.fixture(scope="module")
def honest(source):
    """Return the model solutions, each able to stand alone."""
    solutions = sample_class.model_solutions(ASSIGNMENT)[1]
    return solutions | {"solve_constrained_quadratic": OWN_MULTIPLIER}


class Bait:
    """Things that no submission may find or reach; all bear a name that nothing else has."""

    def __init__(self, folder):
        self.name = "bait" + secrets.token_hex(8)
        home = Path(tempfile.mkdtemp(prefix=self.name, dir=Path.home()))
        self.folders = [home, folder / "classroom", folder / "submitted" / "other", ROOT / "_build"]
        self.places = []
        for place in self.folders:
            place.mkdir(parents=True, exist_ok=True)
            self.places.append(place / f"{self.name}.txt")
            self.places[-1].write_text(self.name)
        self.listeners = []
        for family, address in (
            (socket.AF_INET, ("127.0.0.1", 0)),
            (socket.AF_UNIX, f"\0{self.name}"),
            (socket.AF_UNIX, str(folder / "listener")),
        ):
            made = socket.socket(family)
            made.bind(address)
            made.listen()
            made.setblocking(False)
            self.listeners.append(made)
        self.home = home
        os.environ[f"SECRET_{self.name}"] = self.name

    def lay(self, code):
        """Return the code of an attack with the names and places that it is after."""
        sources = [ROOT / "source" / f"{ASSIGNMENT}.py", ROOT / "nbgrader_config.py"]
        addresses = [(int(made.family), made.getsockname()) for made in self.listeners]
        addresses = [(f, a if isinstance(a, tuple) else _text(a)) for f, a in addresses]
        addresses += [(int(socket.AF_INET), ("192.0.2.1", 80))]
        for word, value in {
            "NAME": self.name,
            "PLACES": [str(place) for place in [*self.places, *sources, "/etc/passwd"]],
            # A kernel has a /tmp of its own.
            "FOLDERS": [str(f) for f in [*self.folders, ROOT] if not f.is_relative_to("/tmp")],
            "ADDRESSES": addresses,
        }.items():
            code = code.replace(f"__{word}__", value if word == "NAME" else repr(value))
        return code

    def assert_untouched(self):
        assert [place.read_text() for place in self.places] == [self.name] * len(self.places)
        for made in self.listeners:
            with pytest.raises(BlockingIOError):
                made.accept()
        for folder in (*self.folders, ROOT, Path("/"), Path("/dev"), Path("/usr/lib")):
            assert not (folder / self.name).exists()
        running = [
            path for path in Path("/proc").glob("[0-9]*/cmdline") if self.name in _read(path)
        ]
        assert not running

    def remove(self):
        for made in self.listeners:
            made.close()
        shutil.rmtree(self.home)
        for place in self.places[1:]:
            place.unlink()
        del os.environ[f"SECRET_{self.name}"]


def _text(address):
    return address.decode() if isinstance(address, bytes) else address


def _read(path):
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""


@pytest.fixture(scope="module")
def bait(tmp_path_factory):
    bait = Bait(tmp_path_factory.mktemp("host"))
    # Before the sandbox starts, whose environment might be this one.
    yield bait
    bait.remove()


def read_attack(path):
    """Return what an attack earns, what else its first cell says of it, and its cells."""
    first, *cells = jupytext.read(path, fmt="py:percent").cells
    said = dict(re.findall(r"^(earns|incident|prints): (.*)$", first.source, re.MULTILINE))
    least, _, most = said["earns"].partition(" to ")
    return (float(least), float(most or least)), said, cells


def hand_in(source, solutions, cells=(), lay=str):
    """Return a submission: solutions, those of an attack, and its own cells."""
    solved = {c.metadata["solution"]: lay(c.source) for c in cells if "solution" in c.metadata}
    notebook = sample_class.submission(source, solutions, [solved])
    if cells:
        # The figures at the end take longer than all the rest.
        next(cell for cell in notebook.cells if cell["id"] == "figure").source = ""
    own = [nbformat.v4.new_code_cell(lay(c.source), id=f"own{i}") for i, c in enumerate(cells)]
    first = [made for made, c in zip(own, cells, strict=True) if c.metadata.get("own") == "first"]
    last = [made for made, c in zip(own, cells, strict=True) if c.metadata.get("own") == "last"]
    notebook.cells = [*notebook.cells[:1], *first, *notebook.cells[1:], *last]
    return notebook


def assert_complete(outcome, source):
    """Every check has an entry, every output is one that a page only shows, all of it is text."""
    names = [c.metadata.get("nbgrader", {}).get("grade_id", "") for c in source.cells]
    checks = [name for name in names if name.startswith("test_")]
    assert [check["grade_id"] for check in outcome["checks"]] == checks
    json.dumps(outcome, ensure_ascii=False).encode()
    nbformat.validate(nbformat.from_dict(outcome["notebook"]))
    for check in outcome["checks"]:
        assert check["score"] == (check["points"] if check["kind"] == "passed" else 0)
        assert bool(check["message"]) == (check["kind"] != "passed")
    for cell in outcome["notebook"]["cells"]:
        kinds = {k for out in cell.get("outputs", []) for k in out.get("data", {})}
        assert kinds <= {"text/plain", "image/png", "image/jpeg"}
        # Cut output bears a notice; a stopped cell says why.
        size = len(json.dumps(cell.get("outputs", [])))
        assert size < 4 * LIMITS["output_bytes"]


def points(outcome):
    return sum(check["score"] for check in outcome["checks"])


def memory():
    """Return the bytes of memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.parametrize("attack", sorted(path.stem for path in ATTACKS.glob("*.py")))
def test_attack_earns_what_its_honest_cells_earn(attack, bait, grader, source, honest):
    (least, most), said, cells = read_attack(ATTACKS / f"{attack}.py")
    notebook = hand_in(source, honest | {"dual_multiplier": WRONG}, cells, bait.lay)
    before, begun = memory(), time.monotonic()
    outcome = grader.grade(notebook, source)
    assert time.monotonic() - begun < BOUND
    assert memory() - before < 1 << 30
    assert_complete(outcome, source)
    assert least <= points(outcome) <= most, [c["message"] for c in outcome["checks"]]
    kinds = {entry["kind"] for entry in outcome["incidents"]}
    assert "incident" not in said or kinds & set(said["incident"].split("|")), outcome["incidents"]
    outputs = json.dumps([cell.get("outputs", []) for cell in outcome["notebook"]["cells"]])
    assert not re.search(rf"\b({FOUND})\b.*", outputs)
    assert said.get("prints", "") in outputs
    bait.assert_untouched()


def test_after_all_attacks_an_honest_submission_gets_full_points(grader, source, honest):
    outcome = grader.grade(hand_in(source, honest), source)
    assert_complete(outcome, source)
    assert {check["kind"] for check in outcome["checks"]} == {"passed"}
    assert outcome["incidents"] == []
    assert outcome["isolation"] == "bubblewrap, one fork a submission"
