"""Say in sentences how a submission differs from its source.

One sentence for each kind of difference: what was found, and what was done about it.  Text that
comes from a submission is shortened and made printable before it stands in a sentence.
"""

from itertools import pairwise

SHOWN = 5  # names in one sentence; the rest are counted
RULES = ("grade", "solution", "locked", "task", "points")


def shown(text):
    """Return a text from a submission so that it fits into one line of a report."""
    text = text if text.isprintable() else ascii(text)
    return text if len(text) <= 60 else f"{text[:57]}..."


def listing(names):
    """Return names as one phrase: the first few, and how many more."""
    names = [shown(name) for name in names]
    rest = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def same_text(one, other):
    """Return whether two texts are the same but for white space at ends of lines."""
    return one == other or [line.rstrip() for line in one.strip().splitlines()] == [
        line.rstrip() for line in other.strip().splitlines()
    ]


def describe(slots, cells, layout):
    """Return the sentences on a submission.

    Parameters
    ----------
    slots : list of mixgrade.layout.Slot
        The cells of the source.
    cells : list of mixgrade.layout.Cell
        The cells of the submission.
    layout : mixgrade.layout.Layout
        Which cells stand for which slots.

    Returns
    -------
    list of str
        Empty if nothing but the answers and the student's own cells is new.
    """
    return [
        *_on_answers(slots, cells, layout),
        *_on_trusted_cells(slots, cells, layout.versions),
        *_on_all(slots, cells, layout),
    ]


def _on_answers(slots, cells, layout):
    """Yield what concerns solutions and written answers."""
    answers = {n: slot for n, slot in enumerate(slots) if slot.is_answer}
    missing = [slot.name for n, slot in answers.items() if n not in layout.versions | layout.copied]
    if missing:
        yield f"Missing, put in empty and therefore without points: {listing(missing)}."
    if layout.retyped:
        names = listing(slots[n].name for n in sorted(layout.retyped))
        yield f"Missing, but another cell defines the function and was taken instead: {names}."
    for number, cell in layout.copied.items():
        other = next(slots[n].name for n, taken in layout.taken.items() if taken is cell)
        yield (
            f"Missing: {slots[number].name}, which the cell {other} defines as well; "
            "a copy of that cell was put in."
        )
    repeated = [slot.name for n, slot in answers.items() if len(layout.versions.get(n, ())) > 1]
    if repeated:
        yield (
            f"There more than once: {listing(repeated)}; the first answer keeps the name, "
            "further ones follow it as the student's own cells."
        )
    changed = [
        f"{slots[n].name} (was {cell.kind})"
        for n, cell in layout.taken.items()
        if n in answers and cell.kind != slots[n].cell.cell_type
    ]
    if changed:
        yield f"Of another cell type, changed back to what the source has: {listing(changed)}."
    attached = [
        "a cell of the student's own" if n is None else slots[n].name
        for cell, n in zip(cells, layout.numbers, strict=True)
        if cell.attachments and (n is None or slots[n].is_students)
    ]
    if attached:
        yield (
            f"Attached files are left out, look at the submitted notebook for them: "
            f"{listing(dict.fromkeys(attached))}."
        )


def _on_trusted_cells(slots, cells, versions):
    """Yield what concerns given, check and text cells."""
    trusted = {n: slot for n, slot in enumerate(slots) if slot.is_trusted}
    ids = {cell.cell_id for cell in cells}
    missing = [slot.name for n, slot in trusted.items() if n not in versions]
    texts = sum(
        slot.kind == "text" and n not in versions and slot.cell.id not in ids
        for n, slot in enumerate(slots)
    )
    if missing or texts:
        names = [listing(missing)] if missing else []
        names += [f"{texts} text cell{'s' * (texts > 1)}"] if texts else []
        yield f"Missing given, check or text cells were put back: {', '.join(names)}."
    repeated = [slot.name for n, slot in trusted.items() if len(versions.get(n, ())) > 1]
    if repeated:
        yield f"Copies of given or check cells were left out: {listing(repeated)}."
    edited = [
        slot.name
        for n, slot in trusted.items()
        for cell in versions.get(n, ())[:1]
        if cell.kind != slot.cell.cell_type
        or not (same_text(cell.source, slot.released) or same_text(cell.source, slot.cell.source))
    ]
    if edited:
        yield (
            f"Given or check cells that were edited, or are of another release: {listing(edited)}; "
            "the source's text was used."
        )


def _on_all(slots, cells, layout):
    """Yield what concerns cells of every kind."""
    changed = [
        slots[n].name
        for n, found in layout.versions.items()
        if slots[n].has_rules
        and n not in layout.retyped
        and any(_changed(cell.rules, slots[n]) for cell in found)
    ]
    if changed:
        yield (
            f"Points or other nbgrader metadata were changed or lost: {listing(changed)}; "
            "the source's were used."
        )
    order = [n for n in layout.versions if slots[n].has_rules and n not in layout.retyped]
    moved = [slots[n].name for before, n in pairwise(order) if n < before]
    if moved:
        yield f"Cells stood in another order: {listing(moved)}; the source's order was used."
    names = {slot.name for slot in slots if slot.has_rules}
    foreign = dict.fromkeys(
        cell.grade_id for cell in cells if cell.grade_id and cell.grade_id not in names
    )
    if foreign:
        yield (
            f"Cells that this assignment does not have: {listing(foreign)}; "
            "they were kept as the student's own."
        )


def _changed(rules, slot):
    """Return whether nbgrader's metadata say something else than the source's."""
    trusted = slot.cell.metadata["nbgrader"]
    return not rules or any(rules.get(key, trusted.get(key)) != trusted.get(key) for key in RULES)
