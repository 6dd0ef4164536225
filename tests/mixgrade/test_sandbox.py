"""The sandbox and its kernels: how they start, what they may take, how they end."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest
from traitlets.config import Config

import build
import sample_class
from mixgrade.engine import Grader
from mixgrade.kernel import KernelStopped
from mixgrade.sandbox import FORKED, FRESH, LIMITS, Sandbox, SandboxError, isolation_level

pytestmark = pytest.mark.slow

SMALL = {"memory_bytes": 512 << 20, "cell_seconds": 5, "scratch_bytes": 20_000_000}


@pytest.fixture(scope="module")
def sandbox(bubblewrap):
    with Sandbox(**SMALL) as sandbox:
        yield sandbox


@pytest.fixture
def kernel(sandbox):
    kernel = sandbox.kernel()
    yield kernel
    kernel.close()


def printed(run):
    assert (run.stopped, run.failed) == (None, False), run
    return "".join(out["text"] for out in run.outputs).strip()


@pytest.fixture
def own_folders(temporary):
    """Return a function that lists the folders that this test made."""
    return lambda: sorted(temporary.iterdir())


def open_files():
    return len(os.listdir("/proc/self/fd"))


def test_without_bubblewrap_it_says_how_to_install_it(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SandboxError, match=r"apt install bubblewrap.*isolation=limits"):
        Sandbox()
    # What one asks for by name works without.
    assert isolation_level(Config({"Sandbox": {"isolation": "limits"}})) == LIMITS


def test_a_missing_folder_of_the_path_is_named(bubblewrap, own_folders, tmp_path):
    sandbox = Sandbox(student_path=[str(tmp_path / "nowhere")])
    with pytest.raises(SandboxError, match=r"Sandbox\.student_path names .*nowhere"):
        sandbox.kernel()
    assert own_folders() == []


def test_bubblewrap_that_does_not_start_says_why(bubblewrap, monkeypatch, own_folders, tmp_path):
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\necho no permission to make namespaces >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(SandboxError, match="no permission to make namespaces"):
        isolation_level()
    assert own_folders() == []


def test_the_levels_have_names(bubblewrap):
    assert isolation_level() == FORKED
    assert isolation_level(Config({"Sandbox": {"fork": False}})) == FRESH


def test_a_kernel_runs_cells_and_keeps_what_they_define(kernel):
    assert printed(kernel.run_cell("x = 6 * 7\nprint(x)", 5)) == "42"
    assert printed(kernel.run_cell("print(x + 1)", 5)) == "43"


def test_kernels_see_nothing_of_each_other(sandbox):
    first, second = sandbox.kernel(), sandbox.kernel()
    try:
        assert printed(first.run_cell("open('note', 'w').write('x'); y = 1; print(y)", 5)) == "1"
        seen = "import os; print(sorted(os.listdir('.')), os.listdir('/sockets'), 'y' in dir())"
        files, others = printed(second.run_cell(seen, 5)).split("] ", 1)
        assert "note" not in files
        assert others == "[] False"
    finally:
        first.close()
        second.close()


@pytest.mark.parametrize("isolation", ["bubblewrap", "limits"])
@pytest.mark.parametrize("fork", [True, False])
def test_every_level_gives_the_same_scores(bubblewrap, view, isolation, fork):
    source = build.build_notebook(build.masters()["ps2-duality"])[1]
    solutions = sample_class.model_solutions("ps2-duality")[1]
    wrong = {"mixing_weights": "def mixing_weights(resp):\n    return resp.sum(axis=0)"}
    notebook = sample_class.submission(source, solutions | wrong, [])
    config = Config()
    config.Sandbox.update(isolation=isolation, fork=fork, student_path=[str(view)])
    with Grader(config=config) as grader:
        outcome = grader.grade(notebook, source)
    assert sum(check["score"] for check in outcome["checks"]) == 9
    level = LIMITS if isolation == "limits" else FORKED if fork else FRESH
    assert outcome["isolation"] == level


TAKE = "kept = bytearray(b'x') * (700 << 20)"
SPREAD = f"""\
import os, time
for _ in range(5):
    if os.fork() == 0:
        {TAKE}
        time.sleep(20)
time.sleep(20)"""


@pytest.mark.parametrize("fork", [True, False])
def test_an_environment_below_tmp_is_seen_and_nothing_else_of_tmp(
    bubblewrap, monkeypatch, tmp_path, fork
):
    assert tmp_path.is_relative_to("/tmp")
    environment = tmp_path / "environment"
    environment.mkdir()
    (environment / "there.txt").write_text("yes")
    (tmp_path / "secret.txt").write_text("no")
    monkeypatch.setattr(
        "mixgrade.sandbox_command.environment_folders",
        lambda: [sys.base_prefix, sys.prefix, str(environment)],
    )
    code = f"""
import os
print(open({str(environment / "there.txt")!r}).read())
print(sorted(os.listdir({str(tmp_path)!r})))
try:
    open({str(environment / "new.txt")!r}, "w")
except OSError as error:
    print(error.strerror)
with open("/tmp/mine.txt", "w") as file:
    print(file.write("four"))
"""
    with Sandbox(fork=fork) as sandbox:
        assert sandbox.level == (FORKED if fork else FRESH)
        for _ in range(2):
            kernel = sandbox.kernel()
            said = kernel.run_cell(code, 10).outputs[0]["text"].splitlines()
            kernel.close()
            assert said == ["yes", "['environment']", "Read-only file system", "4"]


def test_the_default_memory_is_two_gib_for_all_processes_together(bubblewrap):
    with Sandbox() as sandbox:
        kernel = sandbox.kernel()
        assert printed(kernel.run_cell(f"{TAKE}\nprint(len(kept) >> 20)", 20)) == "700"
        run = kernel.run_cell("import numpy as np\nnp.ones(10 * 2**27)", 20)
        assert run.outputs[-1]["ename"].endswith("MemoryError")
        stopped = kernel.run_cell(SPREAD, 20).stopped
        assert (stopped.kind, stopped.text) == ("memory", "it took more than 2 GiB of memory")
        kernel.close()


def test_what_is_written_is_limited(kernel):
    run = kernel.run_cell("open('large', 'wb').write(bytes(30_000_000))", 5)
    assert run.outputs[-1]["ename"] == "OSError"


def test_processes_are_limited(kernel):
    start = "threading.Thread(target=time.sleep, args=(5,), daemon=True).start()"
    run = kernel.run_cell(f"import threading, time\nfor _ in range(100):\n    {start}", 5)
    assert run.failed or run.stopped


def test_a_kernel_that_is_interrupted_goes_on(kernel):
    run = kernel.run_cell("z = 1\nwhile True:\n    pass", 0.5)
    assert run.stopped.kind == "timeout"
    assert kernel.alive
    assert printed(kernel.run_cell("print(z)", 5)) == "1"


def test_a_kernel_that_ended_says_so(kernel):
    run = kernel.run_cell("import os\nos._exit(3)", 5)
    assert (run.stopped.kind, run.stopped.text) == ("died", "it ended the kernel (exit code 3)")
    assert kernel.run_cell("print(1)", 5).stopped.kind == "died"
    with pytest.raises(KernelStopped), kernel.serving(5):
        pass


def test_a_sandbox_that_was_killed_starts_again(bubblewrap):
    with Sandbox(**SMALL) as sandbox:
        kernel = sandbox.kernel()
        os.killpg(sandbox._process.pid, signal.SIGKILL)
        sandbox._process.wait(5)
        # Its kernels follow it in a moment, in which one may still answer.
        until = time.monotonic() + 5
        while not (run := kernel.run_cell("print(1)", 5)).stopped and time.monotonic() < until:
            pass
        assert run.stopped.kind == "died"
        kernel.close()
        kernel = sandbox.kernel()
        assert printed(kernel.run_cell("print(1)", 5)) == "1"
        kernel.close()


def test_nothing_is_left_after_many_kernels(bubblewrap, own_folders):
    files = open_files()
    with Sandbox(**SMALL) as sandbox:
        sandbox.kernel().close()
        opened = open_files()
        for _ in range(20):
            kernel = sandbox.kernel()
            kernel.run_cell("import os\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(99)", 5)
            kernel.close()
        assert open_files() == opened
        assert [list(folder.iterdir()) for folder in own_folders()] == [[]]
        started = sandbox._process.pid
        assert len(_family(started)) == 3  # bubblewrap, its first process, the one that forks
    until = time.monotonic() + 5
    while _family(started) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _family(started)
    assert own_folders() == []
    assert open_files() == files


def _family(process):
    """Return a process and all that came from it."""
    if not Path(f"/proc/{process}").exists():
        return []
    children = " ".join(p.read_text() for p in Path(f"/proc/{process}/task").glob("*/children"))
    return [process, *(p for child in children.split() for p in _family(int(child)))]
