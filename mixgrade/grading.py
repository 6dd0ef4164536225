"""One run of ``mixgrade grade``: what is missing is read, graded elsewhere, and written here.

This process is the only one that writes.  It reads submissions when workers are about to need
them, so that a class of any size takes the same memory.
"""

import contextlib
import fcntl
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from tqdm import tqdm

from mixgrade.engine import not_run
from mixgrade.pool import Task
from mixgrade.reading import Reading, find_submissions, read_submission
from mixgrade.records import record_path
from mixgrade.source import GradebookError

__all__ = ["GradingRun", "Progress", "assignments", "handed_in", "sole_writer", "submissions"]

LONGEST = 300  # characters of the line on one submission; the report has the rest


def assignments(coursedir):
    """Return the names of the assignments of a course: those with a source notebook."""
    folder = Path(coursedir.format_path(coursedir.source_directory, ".", "x")).parent
    return sorted({path.parent.name for path in folder.glob("*/*.ipynb")})


def handed_in(coursedir):
    """Return the names of all folders that students handed in."""
    return sorted(
        {path.name for path in _submitted(coursedir).glob("[!.]*/[!.]*") if path.is_dir()}
    )


def submissions(coursedir, assignment):
    """Return (student, folder) of each submission; see `mixgrade.reading.find_submissions`."""
    return find_submissions(_submitted(coursedir), assignment)


def _submitted(coursedir):
    return Path(coursedir.format_path(coursedir.submitted_directory, "x", "x")).parent.parent


@contextlib.contextmanager
def sole_writer(coursedir):
    """Keep other runs of ``mixgrade grade`` off this course's grades.

    Raises
    ------
    GradebookError
        If there is one.
    """
    folder = record_path(coursedir, "x", "x").parent.parent
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as file:
        try:
            # However this process ends, the lock goes with it.
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise GradebookError(
                f"another `mixgrade grade` is writing to {folder.parent}; wait for it, or end it"
            ) from None
        yield


class Progress:
    """A progress bar with rate and time left; plain lines where nobody watches a terminal.

    Parameters
    ----------
    total : int
        Number of submissions.
    """

    def __init__(self, total):
        self.total, self.done, self.started = total, 0, time.monotonic()
        self.bar = None
        if sys.stderr.isatty():
            self.bar = tqdm(total=total, unit=" submissions", dynamic_ncols=True, smoothing=0.1)

    def graded(self):
        """Count one more."""
        before, self.done = self.done, self.done + 1
        if self.bar is not None:
            self.bar.update()
        elif 10 * self.done // self.total > 10 * before // self.total:
            rate = self.done / (time.monotonic() - self.started)
            left = (self.total - self.done) / rate
            print(
                f"{self.done} of {self.total} ({100 * self.done // self.total} %), "
                f"{rate:.2f} a second, {left:.0f} s left",
                file=sys.stderr,
                flush=True,
            )

    def skipped(self):
        """Leave one out: it says nothing about the time that others take."""
        self.total -= 1
        if self.bar is not None:
            self.bar.total = self.total
            self.bar.refresh()

    def tell(self, line):
        """Print a line above the bar."""
        if self.bar is None:
            print(line, flush=True)
        else:
            self.bar.write(line, file=sys.stdout)

    def close(self):
        """Leave the bar as it is."""
        if self.bar is not None:
            self.bar.close()


@dataclass(frozen=True)
class _Held:
    """What is needed to write a submission that is being graded."""

    reading: Reading  # without its notebook
    key: str


class GradingRun:
    """Grades what is missing of some assignments.

    Parameters
    ----------
    writer : mixgrade.gradebook.GradeWriter
        The one that writes.
    plan : list of tuple of (str, str, Path)
        Assignment, student and folder of each submission.
    progress : Progress
        Told of each submission.
    force : bool
        Whether submissions that are done are graded anew.
    """

    def __init__(self, writer, plan, progress, *, force):
        self.writer, self.plan, self.progress, self.force = writer, plan, progress, force
        self.graded, self.skipped, self.failed = Counter(), Counter(), Counter()
        self.isolation = set()
        self.seconds = 0.0
        self._held = {}

    def run(self, grade_all):
        """Grade; ``grade_all`` takes tasks and yields results, as `mixgrade.pool.grade_all`."""
        started = time.monotonic()
        try:
            with contextlib.closing(grade_all(self._tasks())) as results:
                for result in results:
                    assignment, student = result.name
                    held = self._held.pop(result.name)
                    # Without a key the record never spares a later run the work.
                    key = "" if result.failure else held.key
                    self.failed[assignment] += bool(result.failure)
                    self._write(assignment, student, held.reading, result.outcome, key)
        finally:
            self.seconds = time.monotonic() - started

    def _tasks(self):
        """Yield what a worker has to do, and do at once what needs none."""
        for assignment, student, folder in self.plan:
            source = self.writer.source(assignment)
            reading = read_submission(folder, source.name, source.notebook)
            key = self.writer.key(assignment, reading)
            if not self.force and self.writer.is_done(student, assignment, key):
                self.skipped[assignment] += 1
                self.progress.skipped()
            elif not reading.readable:
                reason = "no notebook of this assignment could be read: " + reading.findings[0]
                outcome = not_run(reading.notebook, source.notebook, reason)
                self._write(assignment, student, reading, outcome, key)
            else:
                name = assignment, student
                # ASCII: half surrogates survive the journey.
                notebook, trusted = (
                    json.dumps(n).encode() for n in (reading.notebook, source.notebook)
                )
                kept = Reading(None, reading.findings, reading.readable, reading.digest)
                self._held[name] = _Held(kept, key)
                yield Task(name, notebook, trusted)

    def _write(self, assignment, student, reading, outcome, key):
        record = self.writer.write(student, assignment, reading, outcome, key=key)
        self.graded[assignment] += 1
        if reading.readable and key:
            self.isolation.add(outcome["isolation"])
        self.progress.graded()
        found = [*record["findings"]]
        for incident in record["incidents"]:
            place = f" in {incident['cell']}" if incident["cell"] else ""
            found.append(f"{incident['kind']}{place}: {incident['text']}")
        if not key:
            found.append(record["checks"][0]["message"] if record["checks"] else "not graded")
        if found:
            self.progress.tell(_one_line(f"{assignment} {student}: " + "; ".join(found)))

    def summary(self):
        """Return what the run did, as lines."""
        lines = []
        for assignment in dict.fromkeys(name for name, _, _ in self.plan):
            records = self.writer.records(assignment)
            stuck = [r["student"] for r in records if _is_stuck(r)]
            scores = [r["score"] for r in records if not _is_stuck(r)]
            parts = [f"{self.graded[assignment]} graded", f"{self.skipped[assignment]} skipped"]
            if stuck:
                names = ", ".join(stuck[:5]) + (", ..." if len(stuck) > 5 else "")
                parts.append(
                    f"{len(stuck)} {'need' if len(stuck) > 1 else 'needs'} a human ({names})"
                )
            if scores:
                most = max(r["max_score"] for r in records)
                parts.append(f"mean score {fmean(scores):.2f} of {most:g}")
            lines.append(f"{assignment}: {', '.join(parts)}")
            lines.append(f"  mixgrade report {assignment}   makes a page of it")
        number = self.graded.total()
        if number:
            rate = number / self.seconds
            lines.append(f"{number} in {self.seconds:.1f} s, {rate:.2f} a second; {self._level()}")
        else:
            lines.append("nothing to do: every submission was graded before (--force grades anew)")
        if self.failed.total():
            lines.append(
                f"{self.failed.total()} could not be graded for reasons of this machine (see "
                "above); start again to grade them"
            )
        return lines

    def _level(self):
        return "isolation: " + (" and ".join(sorted(self.isolation)) or "nothing was run")


def _is_stuck(record):
    """Return whether not one check of a submission ran."""
    return {check["kind"] for check in record["checks"]} == {"not run"}


def _one_line(text):
    """Return a text that may quote a student as one line that cannot move the cursor."""
    text = "".join(letter if letter.isprintable() else " " for letter in text)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 4]} ..."
