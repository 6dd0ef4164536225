"""Turn the bytes of a handed-in file into cells, as far as that goes."""

import json
import re

import nbformat

from mixgrade.findings import listing
from mixgrade.layout import Cell

KINDS = ("code", "markdown", "raw")
MAX_CELLS = 5_000
# Objects and lists in a file, then their elements: they take far more memory than bytes in a file.
MAX_NODES, MAX_VALUES = 1_000_000, 5_000_000
# Without its closing mark too, or a file full of marks would be searched to its end from each.
STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
SURROGATE = re.compile("[\ud800-\udfff]")
AGAIN = "ask the student to hand it in again"


class Unreadable(Exception):
    """A file or folder cannot be taken; the text says why and what can be done."""


def parse(data):
    """Return (cells, findings) of the bytes of a notebook.

    Parameters
    ----------
    data : bytes
        Content of a file, not trusted.

    Returns
    -------
    cells : list of mixgrade.layout.Cell
    findings : list of str
        What is unusual, as the part of a sentence that follows the file's name.

    Raises
    ------
    Unreadable
        If there is no notebook in it; the text is such a part of a sentence too.
    """
    text, findings = _text(data)
    cells, damage = _cells(_parsed(text))
    return cells, findings + damage


def _text(data):
    """Return (text, findings) of the bytes of a file."""
    marks = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
    encoding = next((marks[mark] for mark in marks if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(
            f"is not UTF-8 (at byte {error.start}); {AGAIN}, saved by Jupyter"
        ) from error
    if not text.strip():
        raise Unreadable(f"is empty ({len(data)} bytes); {AGAIN}")
    name = "UTF-16" if encoding == "utf-16" else "UTF-8 with a byte order mark"
    return text, [] if encoding == "utf-8" else [f"is {name} instead of UTF-8; it was read as such"]


def _parsed(text):
    """Return the object that a text holds as JSON."""
    nodes, values = text.count("{") + text.count("["), text.count(",")
    if nodes > MAX_NODES or values > MAX_VALUES:
        bare = STRING.sub("", text)
        if bare.count("{") + bare.count("[") > MAX_NODES or bare.count(",") > MAX_VALUES:
            raise Unreadable(f"holds too many values; {AGAIN} with its outputs cleared")
    try:
        # Only the version of the format is used as a number: long ones need not be computed.
        return json.loads(text, parse_int=lambda digits: int(digits) if len(digits) < 9 else 0)
    except RecursionError as error:
        raise Unreadable(f"is nested too deeply to be a notebook; {AGAIN}") from error
    except ValueError as error:
        raise Unreadable(f"is not JSON ({error}); {AGAIN}, saved by Jupyter") from error


def _cells(data):
    """Return (cells, findings) of what a file holds as JSON."""
    major = data.get("nbformat") if isinstance(data, dict) else None
    findings = []
    if isinstance(major, int) and major > 4:
        raise Unreadable(f"is in notebook format {major}, newer than 4; {AGAIN} in format 4")
    if major == 3:
        try:
            data = _upgraded(data)
        except Exception as error:  # whatever a damaged notebook makes nbformat raise
            raise Unreadable(f"is in notebook format 3 and damaged; {AGAIN} in format 4") from error
        findings.append("is in notebook format 3; it was converted to format 4")
    items = data.get("cells") if isinstance(data, dict) else None
    if not isinstance(items, list):
        raise Unreadable(f"is JSON but not a notebook; {AGAIN}, saved by Jupyter")
    if len(items) > MAX_CELLS:
        raise Unreadable(f"has {len(items)} cells, more than {MAX_CELLS}; {AGAIN} with fewer")
    read = [_cell(item) for item in items]
    damaged = [str(number) for number, (_, whole) in enumerate(read, 1) if not whole]
    if damaged:
        findings.append(
            f"has damaged cells, of which was kept what could be read: {listing(damaged)}"
        )
    return [cell for cell, _ in read if cell is not None], findings


def _upgraded(data):
    """Return a notebook of format 3 in format 4, without its outputs."""
    for sheet in data["worksheets"]:
        for cell in sheet["cells"]:
            if cell["cell_type"] == "code":
                cell["outputs"] = []
    return nbformat.convert(nbformat.versions[3].to_notebook_json(data), 4)


def _cell(item):
    """Return (cell or None, whether it was whole) of an element of a notebook's cells."""
    if not isinstance(item, dict):
        return None, False
    kind, lines, metadata = (item.get(key) for key in ("cell_type", "source", "metadata"))
    whole = kind in KINDS and isinstance(metadata, dict)
    if kind not in KINDS:
        kind = "code" if "outputs" in item else "raw"
    lines = lines if isinstance(lines, list) else [lines]
    parts = [line for line in lines if isinstance(line, str)]
    # A half of a pair of surrogates can be written in JSON, but in no file.
    source = SURROGATE.sub("\ufffd", "".join(parts))
    whole = whole and len(parts) == len(lines) and source == "".join(parts)
    rules = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    rules = rules if isinstance(rules, dict) else {}
    grade_id, cell_id = rules.get("grade_id"), item.get("id")
    cell = Cell(
        kind,
        source,
        cell_id if isinstance(cell_id, str) else "",
        grade_id if isinstance(grade_id, str) and grade_id else None,
        rules,
        bool(item.get("attachments")),
    )
    return cell, whole
