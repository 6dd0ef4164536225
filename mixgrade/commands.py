"""The commands of the instructor: ``mixgrade grade | report | export``.

They are traitlets applications like nbgrader's own: they read ``nbgrader_config.py`` in the current
folder, and take any of its settings on the command line, such as
``--Sandbox.cell_seconds=10``.
"""

import functools
import importlib.metadata
import logging
import sys
import warnings
from pathlib import Path
from textwrap import dedent

from nbgrader.apps.baseapp import NbGrader
from traitlets import Bool, Float, Integer, Unicode, default

from mixgrade import grading
from mixgrade.engine import Grader
from mixgrade.export import write_grades
from mixgrade.gradebook import GradebookError, GradeWriter
from mixgrade.pool import PoolError, available_cpus, grade_all
from mixgrade.records import read_records, record_path
from mixgrade.report import write_report
from mixgrade.sandbox import Sandbox, SandboxError

__all__ = ["ExportCommand", "GradeCommand", "Mixgrade", "ReportCommand"]

ALIASES = {
    "log-level": "Application.log_level",
    "course-dir": "CourseDirectory.root",
    "db": "CourseDirectory.db_url",
}
FLAGS = {"debug": ({"Application": {"log_level": "DEBUG"}}, "say everything that happens")}


def stop(text):
    """End the program with one line that says why and what to do."""
    sys.exit(f"error: {text}")


class _Command(NbGrader):
    """What the commands share."""

    aliases = ALIASES
    flags = FLAGS
    version = importlib.metadata.version("mixture-course")

    @default("log_level")
    def _log_level_default(self):
        return logging.WARNING

    def excepthook(self, etype, evalue, tb):
        """Show a mistake of ours as Python does."""
        sys.__excepthook__(etype, evalue, tb)

    def start(self):
        """Run the command, and turn what the user can mend into one line."""
        super().start()
        # nbgrader makes it before it reads nbgrader_config.py: without this, the rule for late
        # submissions set there would be left aside.
        self.coursedir.config = self.config
        from sqlalchemy.exc import OperationalError, SAWarning

        # nbgrader's own use of its database draws warnings that nobody here can act on.
        warnings.simplefilter("ignore", SAWarning)
        try:
            self.command()
        except (GradebookError, SandboxError, PoolError) as error:
            stop(error)
        except OperationalError as error:
            stop(
                f"the gradebook {self.coursedir.db_url} cannot be used ({error.orig}); close what "
                "holds it, then start again: what was graded is kept"
            )
        except OSError as error:
            stop(f"{error}; mend it, then start again: what was graded is kept")

    def known(self, names):
        """Return the names of assignments that are asked for; stop at one that is unknown."""
        known = grading.assignments(self.coursedir)
        for name in names:
            if name not in known:
                course = self.coursedir
                folder = Path(course.format_path(course.source_directory, ".", name))
                there = ", ".join(known) or "none; run mixgrade in the course's folder"
                stop(f"there is no assignment {name} ({folder}); there are: {there}")
        return list(names)


class GradeCommand(_Command):
    """``mixgrade grade``."""

    name = "mixgrade-grade"
    description = """Grade what students handed in: mixgrade grade [ASSIGNMENT [STUDENT ...]]

    Without an assignment, every assignment that somebody handed in.  What was graded before is
    skipped, so a run that was stopped goes on where it was."""
    examples = dedent(
        """
        mixgrade grade ps5-em
        mixgrade grade ps5-em ada bob --force
        mixgrade grade ps5-em --workers 8 --Sandbox.cell_seconds=10
        mixgrade grade ps5-em --scheduler tcp://192.0.2.1:8786
        """
    )
    aliases = ALIASES | {
        "workers": "GradeCommand.workers",
        "scheduler": "GradeCommand.scheduler",
    }
    flags = FLAGS | {
        "force": ({"GradeCommand": {"force": True}}, "grade anew what was graded before"),
    }

    workers = Integer(
        min=0, help="Worker processes on this machine; 0 for one a CPU that may be used."
    ).tag(config=True)
    scheduler = Unicode(help="Grade on the Dask cluster with this scheduler.").tag(config=True)
    force = Bool(False, help="Grade anew what was graded before.").tag(config=True)
    submission_seconds = Float(
        1800.0, help="Wall time of a submission after which its worker process is ended."
    ).tag(config=True)

    @default("classes")
    def _classes_default(self):
        return [*super()._classes_default(), Grader, Sandbox]

    def command(self):
        """Grade and say what was done."""
        name, students = (self.extra_args or [""])[0], set(self.extra_args[1:])
        with GradeWriter(self.coursedir) as writer, grading.sole_writer(self.coursedir):
            plan, broken = self._plan(writer, self.known([name]) if name else None, students)
            progress = grading.Progress(len(plan))
            run = grading.GradingRun(writer, plan, progress, force=self.force)
            try:
                run.run(self._grade_all())
            except KeyboardInterrupt:
                progress.close()
                done = run.graded.total() + run.skipped.total()
                again = " ".join(["mixgrade grade", *self.extra_args])
                print(
                    f"\nstopped: {run.graded.total()} graded in this run, which are kept; "
                    f"{len(plan) - done} are left for `{again}`",
                    file=sys.stderr,
                )
                sys.exit(130)
            finally:
                progress.close()
            print("\n".join(run.summary()))
        sys.exit(1 if broken or run.failed.total() else 0)

    def _grade_all(self):
        """Return the function that grades tasks, here or on a cluster."""
        if self.scheduler:
            from mixgrade import cluster

            return functools.partial(
                cluster.grade_all, scheduler=self.scheduler, config=self.config
            )
        Sandbox(config=self.config)  # says at once if bubblewrap is missing
        return functools.partial(
            grade_all,
            workers=self.workers or available_cpus(),
            config=self.config,
            seconds=self.submission_seconds,
        )

    def _plan(self, writer, names, students):
        """Return the submissions to grade, and whether some assignment cannot be."""
        course, plan, broken = self.coursedir, [], False
        place = course.format_path(course.submitted_directory, "STUDENT", "ASSIGNMENT")
        if names is None:
            known, there = grading.assignments(course), grading.handed_in(course)
            names = [name for name in there if name in known]
            for name in sorted(set(there) - set(names)):
                print(f"notice: {name} was handed in and is no assignment of this course")
            if not names:
                stop(f"nobody handed in anything; put notebooks at {place}/")
            several = len(names) > 1
        else:
            several = False
        for name in names:
            found = grading.submissions(course, name)
            missing = students - {student for student, _ in found}
            if missing:
                stop(f"{', '.join(sorted(missing))} did not hand in {name}; see {place}")
            if not found:
                stop(f"nobody handed in {name}; put notebooks at {place}/")
            try:
                writer.check(name)
            except GradebookError as error:
                if not several:
                    raise
                print(f"error: {error}", file=sys.stderr)
                broken = True
                continue
            plan += [(name, s, folder) for s, folder in found if not students or s in students]
        return plan, broken


class ReportCommand(_Command):
    """``mixgrade report``."""

    name = "mixgrade-report"
    description = """Make one page an assignment: mixgrade report ASSIGNMENT [ASSIGNMENT ...]"""
    examples = dedent(
        """
        mixgrade report ps5-em
        mixgrade report ps5-em --output ps5.html
        """
    )
    aliases = ALIASES | {"output": "ReportCommand.output"}

    output = Unicode(
        help="File to write; by default ASSIGNMENT.html beside the folder of the records."
    ).tag(config=True)

    def command(self):
        """Write the pages and say where they are."""
        if not self.extra_args:
            stop("name one assignment or more: mixgrade report ASSIGNMENT")
        if self.output and len(self.extra_args) > 1:
            stop(f"--output={self.output} is for the page of one assignment; name one, or leave it")
        for name in self.known(self.extra_args):
            path = self.output or record_path(self.coursedir, name, "x").parent.with_name(
                f"{name}.html"
            )
            try:
                write_report(read_records(self.coursedir, name), path, assignment=name)
            except ValueError as error:
                stop(error)
            print(Path(path).resolve())


class ExportCommand(_Command):
    """``mixgrade export``."""

    name = "mixgrade-export"
    description = """Write grades as CSV: mixgrade export [ASSIGNMENT ...] [--output FILE] [--long]

    One row for each student and assignment, with nbgrader's columns and one for each function; in
    the long form one row for each check.  Scores given by hand are in it."""
    examples = dedent(
        """
        mixgrade export
        mixgrade export ps5-em --output ps5.csv
        mixgrade export ps5-em --long
        """
    )
    aliases = ALIASES | {"output": "ExportCommand.output"}
    flags = FLAGS | {"long": ({"ExportCommand": {"long": True}}, "one row for each check")}

    output = Unicode("grades.csv", help="File to write.").tag(config=True)
    long = Bool(False, help="One row for each check.").tag(config=True)

    def command(self):
        """Write the file and say where it is."""
        names = self.known(self.extra_args)
        rows = write_grades(self.coursedir, self.output, assignments=names, long=self.long)
        print(f"{rows} rows: {Path(self.output).resolve()}")


class Mixgrade(_Command):
    """``mixgrade`` itself, which only names its commands."""

    name = "mixgrade"
    description = "Grade notebooks of an nbgrader course in a sandbox, many at a time."
    subcommands = {  # noqa: RUF012 - traitlets reads the class
        "grade": (GradeCommand, "Grade what students handed in."),
        "report": (ReportCommand, "Make one page on a graded assignment."),
        "export": (ExportCommand, "Write grades as CSV."),
        # By name: students who check their own notebook have no course.
        "check": ("mixgrade.check.CheckApp", "Run the checks of one notebook, for its author."),
    }

    def start(self):
        """Run a command, or say which there are."""
        if self.extra_args:
            names = ", ".join(self.subcommands)
            stop(f"there is no command {self.extra_args[0]}; there are: {names}")
        if self.subapp is None:
            print(f"{self.description}\n")
            self.print_subcommands()
            print("mixgrade COMMAND --help says more.")
            return
        super().start()

    def command(self):
        """Do nothing: a command has run."""
