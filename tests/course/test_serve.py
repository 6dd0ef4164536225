import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from serve import PREFIX

ROOT = Path(__file__).resolve().parents[2]


def start(folder, port):
    return subprocess.Popen(
        [sys.executable, ROOT / "scripts" / "serve.py", folder, str(port)],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def stop(process):
    process.terminate()
    process.communicate(timeout=10)


def address(process):
    for line in process.stdout:
        if "http://" in line:
            return line.split("at ")[1].split()[0]
    raise AssertionError("no address was printed")


def test_the_site_is_shown_and_its_address_printed(tmp_path):
    (tmp_path / "index.html").write_text("hello")
    first = start(tmp_path, 0)
    try:
        url = address(first)
        assert url.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(url, timeout=10) as answer:
            assert answer.read() == b"hello"
        # The port is taken now: a second server finds another.
        second = start(tmp_path, int(url.rstrip("/").rsplit(":", 1)[1]))
        try:
            other = address(second)
            assert other != url
        finally:
            stop(second)
    finally:
        stop(first)


def test_the_site_has_its_own_page_for_errors_and_its_published_path(tmp_path):
    (tmp_path / "index.html").write_text("hello")
    (tmp_path / "404.html").write_text("not here")
    process = start(tmp_path, 0)
    try:
        url = address(process).rstrip("/")
        assert PREFIX.startswith("/")
        with urllib.request.urlopen(f"{url}{PREFIX}/index.html", timeout=10) as answer:
            assert answer.read() == b"hello"
        for path in ("/no/such/page.html", f"{PREFIX}/no-such-page"):
            with pytest.raises(urllib.error.HTTPError) as caught:
                urllib.request.urlopen(url + path, timeout=10)
            assert caught.value.code == 404
            assert caught.value.read() == b"not here"
    finally:
        stop(process)


def test_a_site_that_was_not_built_is_named(tmp_path):
    result = subprocess.run(
        [sys.executable, ROOT / "scripts" / "serve.py", tmp_path, "0"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 1
    assert "run make book first" in result.stderr
