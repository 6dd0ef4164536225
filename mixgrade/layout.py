"""Lay the cells of a submission out as the trusted source notebook.

What counts as trusted is the source: which cells there are, their order, their metadata and the
text of given and check cells.  From the student come the solutions, the written answers and cells
of their own.
"""

import re
from collections import defaultdict
from copy import deepcopy
from dataclasses import dataclass, field

import nbformat
from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions

from mixgrade.findings import describe, same_text


@dataclass(frozen=True, eq=False)
class Cell:
    """One cell as handed in: every field has its type, none can be trusted."""

    kind: str  # "code", "markdown" or "raw"
    source: str
    cell_id: str = ""
    grade_id: str | None = None
    rules: dict = field(default_factory=dict)  # nbgrader's metadata
    attachments: bool = False


@dataclass(frozen=True, eq=False)
class Slot:
    """One cell of the source."""

    kind: str  # "given", "check", "solution", "written", "text" or "scratch"
    name: str  # the grade id, or the cell id
    cell: nbformat.NotebookNode
    released: str  # the text that students were given

    @property
    def is_answer(self):
        """Whether the student writes it and it counts."""
        return self.kind in ("solution", "written")

    @property
    def is_trusted(self):
        """Whether its text must be the source's."""
        return self.kind in ("given", "check")

    @property
    def has_rules(self):
        """Whether nbgrader knows it."""
        return self.is_answer or self.is_trusted

    @property
    def is_students(self):
        """Whether its text is the student's."""
        return self.is_answer or self.kind == "scratch"


@dataclass(frozen=True)
class Layout:
    """Which cells of a submission stand for which cells of the source, by number."""

    numbers: list  # of each cell; None for the student's own
    versions: dict  # {number: cells that stand for it}, in the order of the submission
    taken: dict  # {number: the one of them that keeps the name}, answers and scratch cells only
    followers: dict  # {number: the student's own cells after it}; -1 for those before the first
    retyped: set  # numbers of solutions found by the function that a cell defines
    copied: dict  # {number: the cell of another solution that defines this one too}


def _kind(cell):
    rules = cell.metadata.get("nbgrader") or {}
    if rules.get("solution"):
        return "solution" if cell.cell_type == "code" else "written"
    if rules.get("grade"):
        return "check"
    if rules.get("locked") or rules.get("task"):
        return "given"
    return "scratch" if cell.cell_type == "code" else "text"


def _defines(cell, name):
    """Return whether a code cell has a function of that name at its left margin."""
    pattern = rf"^(?:async[ \t]+)?def[ \t]+{re.escape(name)}[ \t]*\("
    return cell.kind == "code" and re.search(pattern, cell.source, re.MULTILINE) is not None


class Template:
    """The trusted source notebook, ready to take in a submission.

    Parameters
    ----------
    source : dict
        The source notebook in format 4, model solutions and hidden checks included.
    """

    def __init__(self, source):
        self._notebook = nbformat.from_dict(source)
        for number, cell in enumerate(self._notebook.cells, 1):
            cell.setdefault("id", f"source-{number}")
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        released = deepcopy(self._notebook)
        for clear in (ClearSolutions(), ClearHiddenTests()):
            released, _ = clear.preprocess(released, {})
        self._slots = [
            Slot(
                _kind(cell),
                cell.metadata.get("nbgrader", {}).get("grade_id") or cell.id,
                cell,
                stub.source,
            )
            for cell, stub in zip(self._notebook.cells, released.cells, strict=True)
        ]
        numbered = list(enumerate(self._slots))
        self._by_grade_id = {slot.name: n for n, slot in numbered if slot.has_rules}
        self._by_cell_id = {slot.cell.id: n for n, slot in numbered if slot.kind != "text"}
        self._by_text = {
            (slot.cell.cell_type, slot.released.strip()): n
            for n, slot in numbered
            if not slot.is_answer
        }

    def count(self, cells):
        """Return what a submission has of this source's graded cells, and of other sources'.

        Parameters
        ----------
        cells : list of Cell

        Returns
        -------
        own : int
            Number of different checks, solutions and written answers of this source.
        foreign : list of str
            Grade ids that this source does not have.
        """
        numbers, _ = self._match(cells)
        slots = [self._slots[number] for number in set(numbers) - {None}]
        foreign = {cell.grade_id for cell in cells if cell.grade_id} - set(self._by_grade_id)
        return sum(s.is_answer or s.kind == "check" for s in slots), sorted(foreign)

    def empty(self):
        """Return the source without its solutions: what stands for an unreadable submission."""
        return self._assembled({}, {})

    def lay_out(self, cells):
        """Return (notebook, findings) for the cells of a submission.

        Parameters
        ----------
        cells : list of Cell
            What the student handed in, in its order.

        Returns
        -------
        notebook : nbformat.NotebookNode
            The source's cells in the source's order, with the student's answers and own cells.
        findings : list of str
            See `mixgrade.findings.describe`.
        """
        layout = self._layout(cells)
        notebook = self._assembled(layout.taken | layout.copied, layout.followers)
        return notebook, describe(self._slots, cells, layout)

    def _match(self, cells):
        """Return for every cell the number of its slot or None, and the numbers found by function.

        The grade id says it; without one the cell id or an unchanged text does, and for a solution
        that is missing still, a cell that defines the function.
        """
        numbers = [self._by_grade_id.get(cell.grade_id) for cell in cells]
        present = set(numbers)
        for position, cell in enumerate(cells):
            if cell.grade_id:
                continue
            number = self._by_cell_id.get(cell.cell_id)
            taken = number is None or number in present
            if taken or (cell.kind != "code" and self._slots[number].kind == "scratch"):
                number = self._by_text.get((cell.kind, cell.source.strip()))
            # A given cell that is there twice without its metadata is run twice on purpose.
            if number is not None and number in present and self._slots[number].has_rules:
                number = None
            numbers[position] = number
            present.add(number)
        retyped = set()
        for number, slot in enumerate(self._slots):
            if slot.kind == "solution" and number not in present:
                for position, cell in enumerate(cells):
                    if numbers[position] is None and _defines(cell, slot.name):
                        numbers[position] = number
                        retyped.add(number)
        return numbers, retyped

    def _layout(self, cells):
        numbers, retyped = self._match(cells)
        versions, followers = defaultdict(list), defaultdict(list)
        anchor = last = -1  # what own cells follow, and the last such that is not text
        for cell, number in zip(cells, numbers, strict=True):
            if number is None:
                followers[anchor].append(cell)
                continue
            slot = self._slots[number]
            if slot.is_students:
                followers[number].append(cell)
            # A text that was moved, or the copy of a cell, does not take the code after it along.
            if slot.kind == "text":
                anchor = number if self._code_before(number) == last else anchor
            elif number not in versions:
                anchor = last = number
            versions[number].append(cell)
        taken = {}
        for number, found in versions.items():
            slot = self._slots[number]
            if slot.is_students:
                taken[number] = kept = self._keeper(slot, found)
                # A copy of the released cell would undo the answer before it.
                followers[number] = [
                    cell
                    for cell in followers[number]
                    if cell is not kept
                    and not (cell in found and same_text(cell.source, slot.released))
                ]
        copied = self._defined_elsewhere(versions, taken)
        return Layout(numbers, dict(versions), taken, followers, retyped, copied)

    def _code_before(self, number):
        """Return the number of the nearest slot before this one that is not text, or -1."""
        kinds = enumerate(self._slots[:number])
        return max((n for n, slot in kinds if slot.kind != "text"), default=-1)

    @staticmethod
    def _keeper(slot, found):
        """Return the cell that keeps the name: the first that is filled in and of its type."""
        kind = slot.cell.cell_type
        return min(found, key=lambda c: (same_text(c.source, slot.released), c.kind != kind))

    def _defined_elsewhere(self, versions, taken):
        """Return {number: cell} for missing solutions that another solution's cell defines.

        An empty cell in their place would hide the student's function.
        """
        return {
            number: cell
            for number, slot in enumerate(self._slots)
            if slot.kind == "solution" and number not in versions
            for other, cell in taken.items()
            if self._slots[other].kind == "solution" and _defines(cell, slot.name)
        }

    def _assembled(self, taken, followers):
        """Return the notebook: the source's cells, and after each the student's own."""
        used = {slot.cell.id for slot in self._slots}
        free = (name for n in range(1, 10**9) if (name := f"own-{n}") not in used)
        cells = [_own(cell, next(free)) for cell in followers.get(-1, ())]
        for number, slot in enumerate(self._slots):
            text = slot.released if slot.is_students else slot.cell.source
            if number in taken:
                text = taken[number].source
            cells.append(slot.cell | {"source": text})
            cells += [_own(cell, next(free)) for cell in followers.get(number, ())]
        # Cell ids came with format 4.5.
        minor = max(self._notebook.nbformat_minor, 5)
        return nbformat.from_dict(self._notebook | {"cells": cells, "nbformat_minor": minor})


def _own(cell, cell_id):
    """Return a cell of the student's own as a dict in format 4.5."""
    made = {"cell_type": cell.kind, "id": cell_id, "metadata": {}, "source": cell.source}
    return made | ({"execution_count": None, "outputs": []} if cell.kind == "code" else {})
