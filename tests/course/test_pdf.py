"""The whole book as a PDF: one page with every link inside it, and what Chromium prints of it."""

import io
import re
import shutil
import sys
from collections import Counter
from pathlib import Path

import pikepdf
import pytest
import yaml

import one_page_book
import pdf
from plain_markdown import soup

ROOT = Path(__file__).resolve().parents[2]
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text())
PAGES = [TOC["root"]] + [
    chapter["file"]
    for part in TOC["parts"]
    for chapter in part["chapters"]
    if not chapter["file"].startswith(one_page_book.LEFT_OUT)
]


@pytest.mark.slow
def test_the_whole_book_is_one_page(site):
    book = one_page_book.make(site)
    page = soup(book.html)
    ids = Counter(element["id"] for element in page.find_all(id=True))
    links = [link["href"] for link in page.find_all("a", href=True)]
    inside = [link[1:] for link in links if link.startswith("#")]
    assert len(inside) > 1000
    assert {ids[target] for target in inside} == {1}
    assert [link for link in links if not link.startswith(("#", "https://", "http://"))] == []
    contents = [link["href"][1:] for link in page.select(".book-contents a")]
    assert {Path(name).name for name in PAGES} <= set(contents)
    titles = [heading for heading in book.headings if re.match(r"\d+\. ", heading)]
    assert [int(title.split(".")[0]) for title in titles] == list(range(1, 13))
    assert page.select(".above-input, button, .mixcore-player-controls") == []
    assert len(page.select(".mixcore-player-still")) == len(page.select(".mixcore-player")) > 8
    for picture in page.find_all("img"):
        source = picture["src"]
        assert source.startswith("data:") or (site / "book" / source).is_file(), source


@pytest.fixture(scope="module")
def printed(site, chromium):
    """Print two pages; the whole book takes minutes."""
    return pdf.print_book(site, chromium, only={"em-one-dimension", "notation"})


@pytest.mark.slow
def test_the_outline_and_all_links_lead_to_pages(printed):
    with pikepdf.open(io.BytesIO(printed)) as file:
        assert file.docinfo["/Title"] == "Mixture models and unnormalised models"
        pages = {page.objgen: number for number, page in enumerate(file.pages, 1)}
        with file.open_outline() as outline:
            parts = [item.title for item in outline.root]
            assert parts == [
                "Contents",
                "Mixture models and unnormalised models",
                "Before you start",
                "Part I: mixtures and expectation-maximisation",
            ]
            (chapter,) = outline.root[-1].children
            assert chapter.title == "4. EM in one dimension"
            assert len(chapter.children) > 10
            places = [pages[item.destination[0].objgen] for item in chapter.children]
        assert places == sorted(places)
        assert len(set(places)) > 5
        links = [note for page in file.pages for note in page.get("/Annots", ())]
        names = [str(note.Dest) for note in links if "/Dest" in note]
        assert len(names) > 70
        assert set(names) <= set(file.Root.Dests.keys())
        assert all(target[0].objgen in pages for target in file.Root.Dests.values())
    assert len(printed) < 2e6


@pytest.mark.slow
def test_formulas_and_figures_are_printed(printed):
    with pikepdf.open(io.BytesIO(printed)) as file:
        fonts = [
            font.get("/Subtype")
            for page in file.pages
            for font in page.Resources.get("/Font", {}).values()
        ]
        pictures = {
            image.objgen
            for page in file.pages
            for image in page.Resources.get("/XObject", {}).values()
            if image.get("/Subtype") == "/Image"
        }
    assert "/Type3" in fonts, "the fonts of formulas"
    assert len(pictures) >= 6


def test_the_site_gets_a_link(tmp_path):
    text = (ROOT / "book" / "take-along.md").read_text(encoding="utf-8")
    page = tmp_path / f"{pdf.PDF_PAGE}.html"
    page.parent.mkdir()
    page.write_text(f"<html>{text}</html>", encoding="utf-8")
    small = pikepdf.new()
    small.add_blank_page()
    small.save(tmp_path / pdf.PDF)
    for _ in range(2):  # the second time, the link is there already
        pdf.link_from_site(tmp_path)
        written = page.read_text(encoding="utf-8")
        assert written.count(f'href="../{pdf.PDF}" download') == 1
        assert "(1 pages, 0 MB)" in written
        assert "without the PDF" not in written
    page.write_text("no place", encoding="utf-8")
    with pytest.raises(ValueError, match="0 places for the link"):
        pdf.link_from_site(tmp_path)


def test_without_chromium_there_is_a_notice_or_an_error(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(sys, "argv", ["pdf.py", "--if-possible", str(tmp_path)])
    pdf.main()
    assert capsys.readouterr().out.startswith("notice: no PDF: Chromium is not on this machine")
    monkeypatch.setattr(sys, "argv", ["pdf.py", str(tmp_path)])
    with pytest.raises(SystemExit, match="error: no PDF: Chromium is not on this machine"):
        pdf.main()
    assert list(tmp_path.iterdir()) == []
