"""Whatever a student hands in is read: laid out as the source, every oddity in a sentence."""

import copy
import functools
import json
import operator
import os
import re
import time
from random import Random

import nbformat
import pytest
from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions, ComputeChecksums, LockCells

import build
from mixgrade.reading import find_submissions, read_submission


def source_of(assignment):
    """Return a source notebook without the cell with which students check themselves.

    Tests below find cells by their numbers; one of them tries such a cell.
    """
    name, notebook = build.build_notebook(build.masters()[assignment])
    notebook.cells = [cell for cell in notebook.cells if cell.id != "check_yourself"]
    return name, notebook


NAME, SOURCE = source_of("ps5-em")
STUB = "# YOUR CODE HERE\n    raise NotImplementedError()"


@functools.cache
def released(assignment="ps5-em"):
    """Return a notebook as nbgrader releases it, as JSON text."""
    notebook = source_of(assignment)[1]
    for step in (LockCells, ClearSolutions, ClearHiddenTests, ComputeChecksums):
        notebook, _ = step().preprocess(notebook, {})
    return nbformat.writes(notebook)


def notebook(*filled):
    """Return a released notebook as plain data, the named solutions filled in."""
    data = json.loads(released())
    for cell in data["cells"]:
        cell["source"] = "".join(cell["source"])
    for name in filled:
        find(data, name)["source"] = f"def {name}(*args):\n    return {name!r}, args\n"
    return data


def grade_id(cell):
    return cell.get("metadata", {}).get("nbgrader", {}).get("grade_id")


def find(data, name):
    return next(cell for cell in data["cells"] if grade_id(cell) == name)


def where(data, name):
    return data["cells"].index(find(data, name))


def code(source, **more):
    return {
        "cell_type": "code", "id": f"id{abs(hash(source))}", "metadata": {}, "source": source,
        "outputs": [], "execution_count": None,
    } | more  # fmt: skip


def text(source):
    return {"cell_type": "markdown", "id": f"id{abs(hash(source))}", "metadata": {},
            "source": source}  # fmt: skip


@pytest.fixture
def hand_in(tmp_path):
    """Return a function that hands something in and reads it; notebooks are checked as well."""

    def read(data=None, name=f"{NAME}.ipynb", **options):
        if data is not None:
            path = tmp_path / name
            path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
        result = read_submission(tmp_path, NAME, SOURCE, **options)
        check(result)
        return result

    return read


def check(result):
    """Check what holds for every reading."""
    nbformat.validate(result.notebook)
    cells = result.notebook.cells
    assert len({cell.id for cell in cells}) == len(cells)
    assert result.notebook.metadata == SOURCE.metadata
    known = [cell for cell in cells if grade_id(cell)]
    trusted = [cell for cell in SOURCE.cells if grade_id(cell)]
    for cell, expected in zip(known, trusted, strict=True):
        assert (cell.id, cell.cell_type) == (expected.id, expected.cell_type)
        assert cell.metadata == expected.metadata
        if expected.metadata.nbgrader.locked:
            assert cell.source == expected.source
        else:
            assert "### BEGIN SOLUTION" not in cell.source
    texts = [cell for cell in SOURCE.cells if not grade_id(cell)]
    assert [cell for cell in cells if cell in texts] == texts
    assert all(not cell.outputs for cell in cells if cell.cell_type == "code")
    assert re.fullmatch("[0-9a-f]{64}", result.digest)
    assert result.readable or result.findings
    for finding in result.findings:
        assert finding.isprintable()
        assert finding.endswith(".")
        assert len(finding) < 500


def sources(result):
    """Return {grade id: source} and the list of the student's own cells."""
    cells = result.notebook.cells
    return (
        {grade_id(cell): cell.source for cell in cells if grade_id(cell)},
        [cell for cell in cells if cell.id.startswith("own-")],
    )


def following(result, name):
    """Return the sources of the student's own cells right after a cell of the source."""
    cells, found = result.notebook.cells, []
    for cell in cells[where(result.notebook, name) + 1 :]:
        if not cell.id.startswith("own-"):
            break
        found.append(cell.source)
    return found


def only(result):
    """Return the one finding of a reading."""
    assert len(result.findings) == 1, result.findings
    return result.findings[0]


# Ordinary submissions


@pytest.mark.parametrize("assignment", build.masters())
def test_a_released_notebook_reads_back_without_findings(assignment, tmp_path):
    name, source = build.build_notebook(build.masters()[assignment])
    (tmp_path / f"{name}.ipynb").write_text(released(assignment), encoding="utf-8")
    result = read_submission(tmp_path, f"{name}.ipynb", source)
    assert (result.readable, result.findings) == (True, [])
    assert [cell.id for cell in result.notebook.cells] == [cell.id for cell in source.cells]
    assert [c.metadata for c in result.notebook.cells] == [c.metadata for c in source.cells]
    assert "BEGIN SOLUTION" not in nbformat.writes(result.notebook)
    assert nbformat.writes(result.notebook).count("BEGIN HIDDEN") == nbformat.writes(source).count(
        "BEGIN HIDDEN"
    )


def test_answers_and_own_cells_keep_every_character(hand_in):
    data = notebook("m_step")
    odd = "%matplotlib inline\r\n!ls\n\tx = '\u2028é\x0c'  \n\n"
    find(data, "e_step")["source"] = odd.splitlines(True)
    find(data, "singularities")["source"] = "Because.\n"
    data["cells"].insert(where(data, "e_step") + 1, code("%time 1\n"))
    data["cells"].insert(where(data, "test_e_step") + 1, text("A *thought*"))
    data["cells"].insert(0, code("first = 1"))
    data["cells"].append(code("last = 1"))
    for cell in data["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x"}, 3]
    result = hand_in(data)
    answers, own = sources(result)
    assert result.findings == []
    assert answers["e_step"] == odd
    assert answers["m_step"] == find(data, "m_step")["source"]
    assert answers["singularities"] == "Because.\n"
    assert STUB in answers["fit_gaussian_mixture"]
    assert following(result, "e_step") == ["%time 1\n"]
    assert following(result, "test_e_step") == ["A *thought*"]
    assert result.notebook.cells[0].source == "first = 1"
    assert result.notebook.cells[-1].source == "last = 1"
    assert len(own) == 4


def test_the_source_is_not_changed(hand_in):
    before = copy.deepcopy(SOURCE)
    hand_in(notebook("e_step"))
    assert before == SOURCE


def test_the_digest_follows_the_file(hand_in):
    first, again = hand_in(notebook()), hand_in()
    assert first.digest == again.digest
    assert hand_in(notebook("e_step")).digest != first.digest
    broken = [hand_in(data).digest for data in (b"{", b"[", b"", b"\xff")]
    assert len({*broken, first.digest}) == 5


def test_changed_text_is_kept_beside_the_sources(hand_in):
    data = notebook()
    data["cells"][0]["source"] += "\nMy note."
    data["cells"].append(copy.deepcopy(data["cells"][3]))
    result = hand_in(data)
    assert result.findings == []
    assert [cell.source for cell in sources(result)[1]] == [data["cells"][0]["source"]]


def test_own_cells_stay_between_the_texts_around_them(hand_in):
    data = notebook()
    data["cells"].insert(4, code("between = 1"))
    result = hand_in(data)
    assert result.notebook.cells[4].source == "between = 1"
    # A text that was moved does not take code along.
    data["cells"].insert(3, data["cells"].pop(-2))
    result = hand_in(data)
    assert following(result, "checking") == []
    assert where(result.notebook, "gaussian_log_density") == 5


def test_scratch_cells_are_matched_by_id(tmp_path):
    source = copy.deepcopy(SOURCE)
    scratch = nbformat.from_dict(code("# Your own plot", id="own_plot"))
    source.cells.insert(3, scratch)
    for change in ("plot()", None, "lost"):
        data = notebook()
        if change is not None:
            ids = {"id": "elsewhere" if change == "lost" else "own_plot"}
            data["cells"].insert(3, code(change, **ids))
        (tmp_path / f"{NAME}.ipynb").write_text(json.dumps(data))
        result = read_submission(tmp_path, NAME, source)
        assert result.findings == []
        plot = next(cell for cell in result.notebook.cells if cell.id == "own_plot")
        assert plot.source == ("plot()" if change == "plot()" else "# Your own plot")
        own = [cell.source for cell in result.notebook.cells if cell.id == "own-1"]
        assert own == (["lost"] if change == "lost" else [])


# Files and folders


def unreadable(result, *words):
    assert not result.readable
    assert "NotImplementedError" in sources(result)[0]["e_step"]
    assert sources(result)[1] == []
    for word in words:
        assert word in " ".join(result.findings)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "is empty (0 bytes)"),
        (b" \n", "is empty (2 bytes)"),
        (b"\xef\xbb\xbf", "is empty (3 bytes)"),
        (released().encode()[: len(released()) // 2], "is not JSON"),
        (b"\x89PNG\r\n", "is not UTF-8"),
        (released().replace("Gauss", "Gau\xdf").encode("latin-1", "replace"), "is not UTF-8"),
        (b"\xff\xfe{", "is not UTF-8"),
        (b"[]", "JSON but not a notebook"),
        (b"null", "JSON but not a notebook"),
        (b'{"cells": {}, "nbformat": 4}', "JSON but not a notebook"),
        (b'{"cells": [], "nbformat": 4}', "no graded cells of this assignment"),
        (b'{"cells": [], "nbformat": 5}', "format 5"),
        (b'{"worksheets": [{"cells": [{}]}], "nbformat": 3}', "format 3 and damaged"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"nbformat": 4, "cells": ' + b'[{"a":' * 50_000, "nested too deeply"),
        (b"[" + b"{}," * 1_000_001 + b"0]", "too many values"),
        (b"[" + b"1," * 5_000_001 + b"0]", "too many values"),
        (b"{" * 1_000_001 + b'"' + b'\\"' * 1_000_000, "too many values"),
        (b'"""' + b"{" * 1_000_001 + b'"\\' * 1_000_000, "is not JSON"),
        (b'{"cells": [' + b"0," * 5_000 + b"0]}", "has 5001 cells"),
    ],
)  # fmt: skip
def test_what_is_no_notebook_is_said(hand_in, data, word):
    result = hand_in(data)
    unreadable(result, word, "ask the student")
    assert only(result).startswith(f"{NAME}.ipynb ")


def test_many_brackets_in_a_string_are_no_values(hand_in):
    data = notebook()
    data["cells"][1]["outputs"] = ['{,["\\' * 1_000_001]
    assert hand_in(data).findings == []


def test_numbers_of_any_length_are_passed_over(hand_in):
    data = json.dumps(notebook())
    for number in ("9" * 1_000_000, "1e999999", "-" + "9" * 5000, "NaN", "-Infinity"):
        result = hand_in(f'{{"x": {number}, {data[1:]}'.encode())
        assert (result.readable, result.findings) == (True, [])
        result = hand_in(re.sub('"nbformat": 4', f'"nbformat": {number}', data).encode())
        assert (result.readable, result.findings) == (True, [])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_other_encodings_with_a_mark_are_read(hand_in, encoding):
    data = notebook()
    find(data, "e_step")["source"] = "ß = 'π'"
    result = hand_in(json.dumps(data, ensure_ascii=False).encode(encoding))
    assert "instead of UTF-8; it was read" in only(result)
    assert sources(result)[0]["e_step"] == "ß = 'π'"


def test_a_large_file_is_not_read(hand_in, tmp_path):
    with (tmp_path / f"{NAME}.ipynb").open("wb") as file:
        file.truncate(100_000_000)
    started = time.perf_counter()
    unreadable(hand_in(), "has 100.0 MB, more than the 50 MB")
    assert time.perf_counter() - started < 2
    assert hand_in(notebook(), max_bytes=1_000_000).readable
    unreadable(hand_in(max_bytes=1000), "more than the 0.001 MB")


def test_what_is_no_ordinary_file_is_not_opened(hand_in, tmp_path):
    path, outside = tmp_path / f"{NAME}.ipynb", tmp_path.parent / "secret.ipynb"
    outside.write_text(released())
    for target in (outside, "/dev/zero", path, "nowhere", "../secret.ipynb"):
        path.symlink_to(target)
        unreadable(hand_in(), "is a symbolic link, which is not followed")
        path.unlink()
    os.mkfifo(path)
    unreadable(hand_in(), "is not an ordinary file")
    path.unlink()
    path.mkdir()
    unreadable(hand_in(), "is not an ordinary file")
    path.rmdir()
    outside.unlink()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_said(hand_in, tmp_path):
    (tmp_path / f"{NAME}.ipynb").touch(mode=0)
    unreadable(hand_in(), "cannot be read (Permission denied)")


def test_folders_that_are_none_are_said(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / f"{NAME}.ipynb").write_text(released())
    (tmp_path / "linked").symlink_to(tmp_path / "real")
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "fifo")
    for name, word in [
        ("linked", "is a symbolic link"),
        ("file", "Not a directory"),
        ("fifo", "Not a directory"),
        ("nowhere", "No such file"),
    ]:
        result = read_submission(tmp_path / name, NAME, SOURCE)
        check(result)
        unreadable(result, f"The folder {name} ", word)
    assert read_submission(tmp_path / "real", NAME, SOURCE).readable


def test_a_missing_notebook_is_said(hand_in, tmp_path):
    unreadable(hand_in(), "is missing, the folder holds nothing")
    for name in ("notes.txt", ".hidden.ipynb", "em\n.pdf"):
        (tmp_path / name).write_text(released())
    (tmp_path / os.fsdecode(b"\xff\xfe")).touch()
    unreadable(hand_in(), r"the folder holds 'em\n.pdf', notes.txt, '\udcff\udcfe';")


@pytest.mark.parametrize("name", ["em_gmm (1).ipynb", "Übung.IPYNB", os.fsdecode(b"\xff.ipynb")])
def test_a_notebook_of_another_name_is_taken(hand_in, tmp_path, name):
    (tmp_path / "other.ipynb").write_text(released("ps1-sampling"))
    (tmp_path / "broken.ipynb").write_text("{")
    (tmp_path / "linked.ipynb").symlink_to("/dev/zero")
    result = hand_in(notebook("e_step"), name)
    assert result.readable
    assert "is missing" in result.findings[0]
    assert f"was graded instead of {NAME}.ipynb." in result.findings[1]
    assert "return 'e_step'" in sources(result)[0]["e_step"]


def test_the_notebook_with_most_cells_is_taken(hand_in, tmp_path):
    few = notebook("e_step")
    few["cells"] = few["cells"][:15]
    hand_in(few, "a.ipynb")
    assert "m_step" in sources(hand_in(notebook("m_step"), "b.ipynb"))[0]["m_step"]
    result = hand_in(notebook("e_step"), "c.ipynb")
    unreadable(result, "b.ipynb, c.ipynb have equally many", f"rename the right one to {NAME}")
    assert hand_in(notebook("m_step"), "c.ipynb").readable  # the same file twice
    result = hand_in(notebook("match_components"))
    assert only(result) == f"Not read, because {NAME}.ipynb is there: a.ipynb, b.ipynb, c.ipynb."
    assert "return" in sources(result)[0]["match_components"]


def test_another_file_stands_in_for_a_broken_one(hand_in):
    hand_in(notebook("e_step"), "copy.ipynb")
    result = hand_in(b'{"cells": [')
    assert result.readable
    assert "is not JSON" in result.findings[0]
    assert "copy.ipynb was graded instead" in result.findings[1]
    result = hand_in(b"", "copy.ipynb")
    unreadable(result, "is not JSON", "copy.ipynb is empty", "No other file is a notebook")


@pytest.mark.parametrize(
    ("assignment", "own"), [("ps1-sampling", "no graded cells"), ("ps4-em-1d", "7 graded cells")]
)
def test_a_notebook_of_another_assignment_is_said(hand_in, assignment, own):
    result = hand_in(released(assignment).encode())
    unreadable(result, f"has {own} of this assignment and", "of others (")


# Formats and damage


def test_format_3_is_converted(hand_in):
    data = notebook("e_step")
    for cell in data["cells"]:
        del cell["id"]
        if cell["cell_type"] == "code":
            cell |= {"input": cell.pop("source").splitlines(True), "language": "python"}
            cell["outputs"] = [{"output_type": "pyout", "prompt_number": {}}]
            cell["prompt_number"] = cell.pop("execution_count")
    sheet = {"cells": data.pop("cells"), "metadata": {}}
    result = hand_in(data | {"nbformat": 3, "nbformat_minor": 0, "worksheets": [sheet]})
    assert "format 3; it was converted" in only(result)
    assert "return 'e_step'" in sources(result)[0]["e_step"]


@pytest.mark.parametrize("version", [{"nbformat": 4, "nbformat_minor": 99}, {"nbformat": "4"}, {}])
def test_versions_that_can_be_read_all_the_same(hand_in, version):
    data = {"cells": notebook("e_step")["cells"]} | version
    assert hand_in(data).findings == []


def test_damaged_cells_are_read_as_far_as_that_goes(hand_in):
    data = notebook("e_step", "m_step")
    find(data, "e_step")["source"] = ["def e_step", 3, "(): pass"]
    find(data, "m_step").pop("source")
    find(data, "match_components")["source"] = "x = '\ud800'"
    del find(data, "singularities")["cell_type"]
    find(data, "imports")["id"] = {}
    find(data, "figure")["metadata"]["nbgrader"]["grade_id"] = ["figure"]
    data["cells"][0] = None
    data["cells"] += [
        [], "x", 3, {}, {"cell_type": "heading", "source": "Title"},
        {"cell_type": [], "metadata": [], "source": {}, "outputs": {}}, code("y = 1", id=7),
        code("z = 1", metadata={"nbgrader": [1]}),
        code("q", metadata={"nbgrader": {"grade_id": 1}}),
    ]  # fmt: skip
    result = hand_in(data)
    answers, own = sources(result)
    assert "has damaged cells, of which was kept what could be read: 1, " in result.findings[0]
    assert answers["e_step"] == "def e_step(): pass"
    assert answers["m_step"] == ""
    assert answers["match_components"] == "x = '\ufffd'"
    assert [cell.source for cell in own] == ["", "Title", "", "y = 1", "z = 1", "q"]
    assert [cell.cell_type for cell in own] == ["raw", "raw", "code", "code", "code", "code"]


def test_attached_files_are_left_out_and_named(hand_in):
    data = notebook()
    find(data, "singularities")["attachments"] = {"a.png": {"image/png": "aGk="}}
    result = hand_in(data)
    assert "Attached files are left out" in only(result)
    assert "singularities" in only(result)
    assert "attachments" not in nbformat.writes(result.notebook)


JUNK = [None, True, -1, 1e400, "", "e_step", "code", [], {}, [[]], {"a": [None]}, ["e_step", 0]]


def places(data):
    """Yield (container, key) of every value in plain data."""
    for key, value in data.items() if isinstance(data, dict) else enumerate(data):
        yield data, key
        if isinstance(value, dict | list):
            yield from places(value)


@pytest.mark.parametrize("seed", range(40))
def test_no_damage_raises(hand_in, seed):
    random = Random(seed)
    data = notebook("e_step", "m_step")
    for _ in range(random.choice([1, 3, 30])):
        container, key = random.choice(list(places(data)))
        change = random.choice(["junk", "delete", "swap", "shuffle"])
        if change == "junk":
            container[key] = copy.deepcopy(random.choice(JUNK))
        elif change == "delete":
            del container[key]
        elif change == "shuffle" and isinstance(data.get("cells"), list):
            random.shuffle(data["cells"])
        else:
            container[key] = copy.deepcopy(operator.getitem(*random.choice(list(places(data)))))
    hand_in(data)
    whole = json.dumps(data).encode()
    at = random.randrange(len(whole))
    hand_in(whole[:at] + random.randbytes(3) + whole[at + 3 :])


# Cells


def test_missing_solutions_are_put_in_empty(hand_in):
    data = notebook("e_step", "m_step")
    data["cells"] = [c for c in data["cells"] if grade_id(c) not in ("m_step", "singularities")]
    result = hand_in(data)
    assert "put in empty and therefore without points: m_step, singularities." in only(result)
    assert STUB in sources(result)[0]["m_step"]
    assert sources(result)[0]["singularities"] == "YOUR ANSWER HERE"


def test_missing_cells_of_the_source_are_put_back(hand_in):
    data = notebook()
    gone = ("checking", "test_e_step")
    data["cells"] = [c for c in data["cells"][2:] if grade_id(c) not in gone]
    result = hand_in(data)
    assert "put back: imports, checking, test_e_step, 1 text cell." in only(result)


def test_a_solution_typed_into_another_cell_is_taken(hand_in):
    data = notebook("e_step")
    cell = find(data, "e_step")
    cell["metadata"], cell["id"] = {}, "new"
    data["cells"].insert(2, data["cells"].pop(data["cells"].index(cell)))
    result = hand_in(data)
    assert "another cell defines the function and was taken instead: e_step." in only(result)
    assert sources(result)[0]["e_step"] == cell["source"]
    assert sources(result)[1] == []


def test_two_solutions_in_one_cell_are_both_there(hand_in):
    data = notebook("e_step", "m_step")
    both = find(data, "e_step")["source"] + "\n" + find(data, "m_step")["source"]
    find(data, "e_step")["source"] = both
    data["cells"].remove(find(data, "m_step"))
    result = hand_in(data)
    assert "Missing: m_step, which the cell e_step defines as well" in only(result)
    assert sources(result)[0]["m_step"] == both


def test_a_notebook_without_nbgrader_metadata_is_matched_by_id(hand_in):
    data = notebook("e_step")
    for cell in data["cells"]:
        cell["metadata"] = {}
    result = hand_in(data)
    assert "metadata were changed or lost: imports, checking" in only(result)
    for cell in data["cells"]:
        del cell["id"]
    result = hand_in(data)
    assert result.readable
    assert "return 'e_step'" in sources(result)[0]["e_step"]


def test_a_split_solution_is_kept_whole_and_in_order(hand_in):
    data = notebook()
    first = find(data, "e_step")
    first["source"] = "a = 1"
    at = data["cells"].index(first) + 1
    parts = [copy.deepcopy(first) | {"source": source, "id": source} for source in ("b", "c")]
    data["cells"][at:at] = [parts[0], code("between"), parts[1], code("after")]
    result = hand_in(data)
    assert "There more than once: e_step; the first answer keeps the name" in only(result)
    assert sources(result)[0]["e_step"] == "a = 1"
    assert following(result, "e_step") == ["b", "between", "c", "after"]


def test_an_empty_copy_does_not_undo_an_answer(hand_in):
    data = notebook("e_step")
    empty = copy.deepcopy(find(notebook(), "e_step"))
    for at in (where(data, "e_step"), where(data, "e_step") + 2):
        data["cells"].insert(at, copy.deepcopy(empty))
    result = hand_in(data)
    assert "There more than once: e_step" in only(result)
    assert "return 'e_step'" in sources(result)[0]["e_step"]
    assert sources(result)[1] == []


def test_copies_of_checks_are_left_out_and_take_no_code_along(hand_in):
    data = notebook()
    pasted = [copy.deepcopy(find(data, name)) for name in ("imports", "test_e_step")]
    data["cells"] += [*pasted, code("last = 1")]
    result = hand_in(data)
    assert "Copies of given or check cells were left out: imports, test_e_step." in only(result)
    assert result.notebook.cells[-1].source == "last = 1"


def test_the_order_of_the_source_wins(hand_in):
    data = notebook("e_step", "m_step")
    data["cells"].append(data["cells"].pop(where(data, "e_step")))
    data["cells"].append(code("belongs = 'e_step'"))
    result = hand_in(data)
    assert "Cells stood in another order: e_step; the source's order was used." in only(result)
    assert following(result, "e_step") == ["belongs = 'e_step'"]


def test_edited_checks_and_given_cells_are_the_sources(hand_in):
    data = notebook()
    find(data, "test_e_step")["source"] = "pass"
    find(data, "imports")["source"] += "\nimport os"
    find(data, "checking")["source"] += "  \n"  # white space is no edit
    find(data, "figure")["cell_type"] = "raw"
    result = hand_in(data)
    assert "that were edited, or are of another release: imports, test_e_step, figure;" in only(
        result
    )


def test_changed_points_and_locks_are_the_sources(hand_in):
    data = notebook()
    find(data, "test_e_step")["metadata"]["nbgrader"]["points"] = 100
    find(data, "e_step")["metadata"]["nbgrader"] |= {"grade": True, "points": [[1]]}
    find(data, "imports")["metadata"]["nbgrader"]["locked"] = False
    result = hand_in(data)
    assert "were changed or lost: imports, e_step, test_e_step;" in only(result)


def test_changed_cell_types_are_changed_back(hand_in):
    data = notebook("e_step", "m_step")
    find(data, "e_step")["cell_type"] = "markdown"
    find(data, "m_step")["cell_type"] = "raw"
    find(data, "singularities")["cell_type"] = "code"
    result = hand_in(data)
    assert "e_step (was markdown), m_step (was raw), singularities (was code)." in only(result)
    assert "return 'e_step'" in sources(result)[0]["e_step"]


def test_cells_of_another_assignment_are_the_students_own(hand_in):
    data = notebook()
    rules = {"grade_id": "test_\nhack" + "x" * 1000, "grade": True, "points": 100}
    data["cells"].append(code("hack", metadata={"nbgrader": rules}, id="imports"))
    result = hand_in(data)
    assert r"Cells that this assignment does not have: 'test_\nhackx" in only(result)
    assert sources(result)[1][0].metadata == {}


def test_own_ids_do_not_collide(hand_in):
    data = notebook()
    data["cells"] += [code("a", id="own-1"), code("b", id="own-1"), code("c", id="?" * 99)]
    assert len(sources(hand_in(data))[1]) == 3


# The class


def test_submissions_are_found_in_order(tmp_path, caplog):
    for student in ("zoe", "adam", ".hidden", "s*", " blank", "a\nb", os.fsdecode(b"\xff")):
        (tmp_path / student / "ps5-em").mkdir(parents=True)
    (tmp_path / "eve" / "ps4-em-1d").mkdir(parents=True)
    (tmp_path / "mia").mkdir()
    (tmp_path / "mia" / "ps5-em").touch()
    (tmp_path / "lea").mkdir()
    (tmp_path / "lea" / "ps5-em").symlink_to(tmp_path / "adam")
    (tmp_path / "max").symlink_to(tmp_path / "adam")
    (tmp_path / "ann").symlink_to("nowhere")
    (tmp_path / "notes.txt").touch()
    (tmp_path / "linked.txt").symlink_to("notes.txt")
    found = find_submissions(tmp_path, "ps5-em")
    assert [student for student, _ in found] == ["adam", "ann", "lea", "max", "mia", "zoe"]
    assert dict(found)["adam"] == tmp_path / "adam" / "ps5-em"
    assert len(caplog.messages) == 4
    assert all("rename it" in message for message in caplog.messages)
    for student in ("ann", "lea", "max"):
        result = read_submission(dict(found)[student], NAME, SOURCE)
        check(result)
        unreadable(result, "is a symbolic link")
    unreadable(read_submission(dict(found)["mia"], NAME, SOURCE), "Not a directory")
    assert find_submissions(tmp_path / "none", "ps5-em") == []
