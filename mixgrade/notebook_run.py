"""The grading of one notebook: its cells in a sandboxed kernel, its checks on this side, in order.

Nothing that a cell does is trusted.  A kernel may end at any of them, or at a check; a new one is
brought to where the old one was.
"""

import ast
import contextlib
import re
import time

from mixgrade.checks import run_check
from mixgrade.kernel import KernelStopped
from mixgrade.outcomes import error_output, grade_id, plain_text, role_of, show, text_of, versions
from mixgrade.sandbox import SandboxError

__all__ = ["NotebookRun"]

# Attempts to bring a kernel back for one cell.
RESTARTS = 3
# What the operating system says when the sandbox refuses something.
_DENIED = re.compile(
    r"read-only file system|network is unreachable|permission denied|operation not permitted|"
    r"name resolution|no space left on device|resource temporarily unavailable",
    re.IGNORECASE,
)


def _definitions(code):
    """Return the imports, functions and classes of a cell, without what else it does."""
    with contextlib.suppress(Exception):
        tree = ast.parse(code)
        kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
        return ast.unparse([node for node in tree.body if isinstance(node, kinds)])
    return ""


class NotebookRun:
    """The grading of one notebook."""

    def __init__(self, sandbox, notebook, assignment):
        self.sandbox, self.notebook, self.assignment = sandbox, notebook, assignment
        self.limits = sandbox.limits
        self.kernel = None
        self.replay = []  # code that a new kernel runs to be where the old one was
        self.own = []  # of it, the cells that the assignment does not ask for
        self.submitted = []  # code cells run so far, for rules about the code
        self.stopped = {}  # function: why it was stopped
        self.broken = {}  # function: the error of its cell
        self.results, self.incidents = [], []
        self.busy = 0.0  # seconds in students' and checks' code

    def outcome(self):
        """Run all cells and return the outcome."""
        self.begun = time.monotonic()
        count = 0
        for cell in self.notebook["cells"]:
            role = role_of(cell)
            if role == "text":
                continue
            if role == "check":
                started = time.monotonic()
                result = self._check(cell, started)
                self.busy += time.monotonic() - started
                self.results.append(result)
                show(cell, result)
            else:
                count += 1
                self._cell(cell, role)
            cell["execution_count"] = count
        seconds = time.monotonic() - self.begun
        return {
            "notebook": self.notebook,
            "checks": self.results,
            "incidents": self.incidents,
            "seconds": seconds,
            "engine_seconds": max(0.0, seconds - self.busy),
            "isolation": self.sandbox.level,
            "versions": versions(),
        }

    def _left(self):
        """Return the seconds that the next cell may take."""
        left = self.begun + self.limits["notebook_seconds"] - time.monotonic()
        return min(self.limits["cell_seconds"], left)

    def _incident(self, kind, cell, text):
        self.incidents.append({"kind": kind, "cell": cell, "text": plain_text(text[:500])})

    # --- the kernel ---------------------------------------------------------------------------

    def _alive(self):
        """Return a kernel in which everything before has run; None if that cannot be had."""
        for _ in range(RESTARTS):
            if self.kernel is not None and self.kernel.alive:
                return self.kernel
            self._end_kernel()
            self.kernel = self._new_kernel()
            if self._restored():
                return self.kernel
        return None

    def _new_kernel(self):
        try:
            return self.sandbox.kernel()
        except SandboxError:
            # Once more, with a new sandbox: a busy machine must not cost a submission its grade.
            self.sandbox.close()
            return self.sandbox.kernel()

    def _restored(self):
        for code in list(self.replay):
            started = time.monotonic()
            left = self._left()
            if left <= 0:
                return False
            run = self.kernel.run_cell(code, left)
            self.busy += time.monotonic() - started
            if run.stopped:
                # It went well the first time and stops the kernel now: do without it.
                self.replay.remove(code)
                self._incident(run.stopped.kind, "", f"a cell run again: {run.stopped.text}")
                if not self.kernel.alive:
                    return False
        if self.stopped:
            try:
                with self.kernel.serving(self.limits["cell_seconds"]) as kernel:
                    for name, reason in self.stopped.items():
                        kernel.forbid(name, reason)
            except KernelStopped:
                self._leave_out_own()
                return False
        return True

    def _leave_out_own(self):
        """Do without the student's own cells where the kernel answers nobody; say if there are any.

        Functions that need them fail then; without this, all would.
        """
        kept = [code for code in self.replay if code not in self.own]
        if len(kept) == len(self.replay):
            return False
        self._end_kernel()
        self.replay = kept
        self._incident("cell", "", "the kernel does not answer: cells of one's own are left out")
        return True

    def _end_kernel(self):
        if self.kernel is not None:
            self.kernel.close()
            self.kernel = None

    def close(self):
        """End the kernel."""
        self._end_kernel()

    # --- cells --------------------------------------------------------------------------------

    def _cell(self, cell, role):
        code = text_of(cell)
        name = grade_id(cell) if role != "own" else cell.get("id", "")
        cell["outputs"] = []
        if not code.strip():
            return
        kernel = self._alive() if self._left() > 0 else None
        if kernel is None:
            cell["outputs"] = [error_output("Timeout", "not run: the notebook's time was over")]
            self.broken.setdefault(name, "the notebook's time was over")
            return
        started = time.monotonic()
        run = kernel.run_cell(code, self._left())
        self.busy += time.monotonic() - started
        self.submitted.append(code)
        cell["outputs"] = run.outputs
        if run.cut:
            self._incident("output", name, f"more than {self.limits['output_bytes']:,} bytes")
        if run.stopped:
            self._incident(run.stopped.kind, name, run.stopped.text)
            cell["outputs"].append(error_output(run.stopped.kind.title(), run.stopped.text))
            self.broken[name] = f"was stopped: {run.stopped.text}"
            # It is not run again in the next kernel, but what it defined is there as it is in this.
            code = _definitions(code) if kernel.alive else ""
        if code:
            self.replay.append(code)
            if role == "own":
                self.own.append(code)
        for output in run.outputs:
            if output["output_type"] == "error":
                text = f"{output['ename']}: {output['evalue']}"
                if output["ename"] == "MemoryError":
                    self._incident("memory", name, text)
                if not run.stopped:
                    self.broken[name] = f"raised {text[:300]}"
                if _DENIED.search(text):
                    self._incident("denied", name, text)

    def _check(self, cell, started):
        name = grade_id(cell)
        position, code, function, _, _ = self.assignment.checks[name]
        result = self.assignment.result
        if function in self.stopped:
            return result(
                name, "not run", f"{function} was stopped before: {self.stopped[function]}"
            )
        kernel = self._alive() if self._left() > 0 else None
        if kernel is None:
            limit = self.limits["notebook_seconds"]
            text = f"the notebook was stopped: it ran for more than {limit} s."
            if self._left() > 0:
                text = "no kernel could be brought to this check: earlier cells end it."
            return result(name, "not run", text)
        given = [code for place, code in self.assignment.given if place < position]
        verdict = run_check(
            code, given, kernel, self.assignment.functions, self.submitted, self._left()
        )
        message = verdict.message
        if verdict.kind not in ("passed", "failed"):
            self._incident(verdict.kind, name, verdict.message)
            if not verdict.asked and self._leave_out_own():
                return self._check(cell, started)
            # A check that took too long with many calls costs no more than its own points.
            if verdict.function or verdict.kind != "timeout":
                guilty = verdict.function or function
                again = guilty not in (function, *self.stopped)
                self.stopped.setdefault(guilty, verdict.message)
                if kernel.alive:
                    self._forbid(kernel, guilty)
                if again:
                    # Another function's fault: now that it is out of the way, once more.
                    return self._check(cell, started)
        elif verdict.kind == "failed":
            if message.startswith("NameError") and function in self.broken:
                message = f"{function} is not there: its cell {self.broken[function]}"
            if "MemoryError" in message:
                self._incident("memory", name, message)
            if _DENIED.search(message):
                self._incident("denied", name, message)
        return result(name, verdict.kind, message, time.monotonic() - started)

    def _forbid(self, kernel, function):
        try:
            with kernel.serving(self.limits["cell_seconds"]):
                kernel.forbid(function, self.stopped[function])
        except KernelStopped:
            self._end_kernel()
