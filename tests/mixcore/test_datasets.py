import functools
import gzip
import hashlib
import http.server
import os
import socket
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from mixcore import _mnist_files, datasets


def test_old_faithful_is_the_known_table(faithful, shared):
    reference = np.loadtxt(shared / "data" / "old_faithful.csv", delimiter=",", skiprows=1)
    np.testing.assert_array_equal(faithful, reference)


def test_old_faithful_has_the_known_size_and_means(faithful):
    assert faithful.shape == (272, 2)
    np.testing.assert_allclose(faithful.mean(axis=0), [3.48778309, 70.89705882], atol=5e-9)


def test_the_names_are_those_of_the_course():
    assert datasets.names() == (
        "blobs_many", "blobs_overlapping", "blobs_separated", "digits", "four_corners", "mnist",
        "old_faithful", "three_components", "two_gaussians_1d", "uniform",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "shape", "n_labels"),
    [
        ("blobs_many", (500, 2), 8),
        ("blobs_overlapping", (500, 2), 3),
        ("blobs_separated", (500, 2), 4),
        ("four_corners", (1000, 2), 4),
        ("three_components", (900, 2), 3),
        ("two_gaussians_1d", (40, 1), 2),
        ("uniform", (500, 2), 0),
    ],
)
def test_synthetic_sets_have_the_promised_size(name, shape, n_labels):
    dataset = datasets.load(name)
    assert dataset.x.shape == shape
    assert dataset.x.dtype == np.float64
    assert len(dataset.feature_names) == shape[1]
    assert dataset.description
    if n_labels:
        assert set(dataset.labels.tolist()) == set(range(n_labels))
        assert dataset.truth.n_components == n_labels
    else:
        assert dataset.labels is None
        assert dataset.truth is None


def test_synthetic_sets_are_those_of_the_curriculum():
    three = datasets.load("three_components").truth
    np.testing.assert_array_equal(three.means, [[-4, 0], [0, 4], [4, 0]])
    np.testing.assert_array_equal(three.weights, [0.3, 0.5, 0.2])
    np.testing.assert_array_equal(three.covariances[:, 0, 1], [0.5, 0, -0.5])
    line = datasets.load("two_gaussians_1d").truth
    np.testing.assert_array_equal(line.means.ravel(), [-2.5, 3.5])
    np.testing.assert_array_equal(line.covariances.ravel(), [4, 4])
    np.testing.assert_array_equal(line.weights, [0.4, 0.6])
    corners = datasets.load("four_corners").truth
    np.testing.assert_array_equal(corners.means, [[0, 0], [0, 3], [3, 0], [3, 3]])


def test_points_come_from_their_component():
    dataset = datasets.load("three_components")
    for k in range(3):
        own = dataset.x[dataset.labels == k]
        assert np.abs(own.mean(axis=0) - dataset.truth.means[k]).max() < 0.4


def test_preparing_twice_gives_the_same_numbers(tmp_path):
    first = datasets.load("uniform", data_dir=tmp_path / "a")
    second = datasets.load("uniform", data_dir=tmp_path / "b")
    again = datasets.load("uniform", data_dir=tmp_path / "a")
    np.testing.assert_array_equal(first.x, second.x)
    np.testing.assert_array_equal(first.x, again.x)


def test_sets_are_array_records_in_the_named_folder(tmp_path):
    datasets.load("old_faithful", data_dir=tmp_path)
    files = [path.name for path in tmp_path.rglob("*array_record*")]
    assert files == ["mixcore_old_faithful-train.array_record-00000-of-00001"]


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(ValueError, match="no data set 'faithful'; choose one of blobs_many"):
        datasets.load("faithful")


LOAD = "from mixcore import datasets; print(datasets.load('old_faithful').x.sum())"


def test_processes_side_by_side_prepare_a_set_once(tmp_path):
    environment = os.environ | {"TFDS_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-W", "error", "-c", LOAD]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(command, env=environment, **pipes) for _ in range(4)]
    answers = [process.communicate(timeout=120) for process in processes]
    assert len({out for out, _ in answers}) == 1
    # Nothing on stderr: nbgrader would take it for a failed check.
    assert [err for _, err in answers] == [""] * 4


def test_no_tensorflow_and_no_network_are_needed(tmp_path):
    """Without network calls and without TensorFlow in the process, the sets are prepared."""
    code = (
        "import socket, sys\n"
        "def refuse(*args, **kwargs): raise AssertionError('network')\n"
        "socket.socket.connect = refuse\n"
        "socket.getaddrinfo = refuse\n"
        "from mixcore import datasets\n"
        "for name in datasets.names():\n"
        "    if name != 'mnist': datasets.load(name)\n"
        "assert 'tensorflow' not in sys.modules\n"
        "print('done')\n"
    )
    environment = os.environ | {"TFDS_DATA_DIR": str(tmp_path)}
    result = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (result.stdout, result.stderr) == ("done\n", "")


def test_a_missing_table_names_the_remedy(tmp_path, monkeypatch):
    import importlib.metadata

    def nothing(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "distribution", nothing)
    with pytest.raises(ImportError, match=r"pip install 'mixture-course\[reading\]'"):
        datasets.load("old_faithful", data_dir=tmp_path)


def test_a_changed_table_is_refused(tmp_path, monkeypatch):
    import importlib.metadata

    table = tmp_path / "faithful.csv"
    table.write_text('"eruptions","waiting"\n3.6,80\n')

    class Distribution:
        def locate_file(self, name):
            return table

    monkeypatch.setattr(importlib.metadata, "distribution", lambda name: Distribution())
    with pytest.raises(ValueError, match="does not hold the known Old Faithful table"):
        datasets.load("old_faithful", data_dir=tmp_path / "tfds")


def test_digits_are_those_of_scikit_learn():
    from sklearn.datasets import load_digits

    theirs, ours = load_digits(), datasets.load("digits")
    assert ours.x.shape == (1797, 64)
    assert ours.x.dtype == np.uint8
    np.testing.assert_array_equal(ours.labels, theirs.target)
    np.testing.assert_array_equal(ours.images, theirs.images / 16)
    # Strictly above a half: the level 8 of 16 is no ink.
    np.testing.assert_array_equal(ours.x, theirs.data > 8)
    assert (theirs.data == 8).any()
    assert ours.image_shape == (8, 8)
    assert (len(ours.feature_names), ours.feature_names[9]) == (64, "pixel (1, 1)")


def test_sets_of_points_have_no_images():
    dataset = datasets.load("uniform")
    assert (dataset.images, dataset.image_shape, dataset.split) == (None, None, "train")


def test_only_mnist_has_a_test_part():
    with pytest.raises(ValueError, match="digits has no part 'test'; split must be 'train'"):
        datasets.load("digits", split="test")
    with pytest.raises(ValueError, match="no part 'all'; split must be 'train' or 'test'"):
        datasets.load("mnist", split="all")


def test_real_mnist_is_read_from_a_folder(shared, monkeypatch, tmp_path):
    folder = shared / "data" / "mnist"
    monkeypatch.setenv("MIXCORE_MNIST_DIR", str(folder))
    dataset = datasets.load("mnist", split="test", data_dir=tmp_path)
    raw = gzip.decompress((folder / "t10k-images-idx3-ubyte.gz").read_bytes())
    assert [int.from_bytes(raw[i : i + 4]) for i in (4, 8, 12)] == [10_000, 28, 28]
    levels = np.frombuffer(raw[16:], np.uint8).reshape(10_000, 28, 28)
    np.testing.assert_array_equal(dataset.x.reshape(levels.shape), levels / 255 > 0.5)
    np.testing.assert_array_equal(dataset.images, np.float32(levels) / np.float32(255))
    assert dataset.labels[:5].tolist() == [7, 2, 1, 0, 4]
    assert np.bincount(dataset.labels).tolist() == [
        980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009
    ]  # fmt: skip
    # Once prepared, the files are not needed again.
    monkeypatch.setenv("MIXCORE_MNIST_DIR", str(tmp_path / "empty"))
    again = datasets.load("mnist", split="test", data_dir=tmp_path)
    np.testing.assert_array_equal(again.x, dataset.x)


class Handler(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        self.server.before(self)

    def log_message(self, *args):
        pass


def whole(handler):
    http.server.SimpleHTTPRequestHandler.do_GET(handler)


def truncated(handler):
    """Send the labels, but of the images only the first half of what was promised."""
    if "labels" in handler.path:
        return whole(handler)
    content = (handler.server.folder / handler.path.strip("/")).read_bytes()
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content[: len(content) // 2])


def garbled(handler):
    """Send as many bytes of the images as promised, but other ones."""
    if "labels" in handler.path:
        return whole(handler)
    content = (handler.server.folder / handler.path.strip("/")).read_bytes()
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(content[:-1] + bytes([content[-1] ^ 1]))


def stalled(handler):
    """Send the labels, then begin to send the images and say no more."""
    if "labels" in handler.path:
        return whole(handler)
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(b"some bytes")
    handler.wfile.flush()
    handler.server.released.wait(60)


def login_page(handler):
    """Answer as networks do that want a password first."""
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(b"<html>Please sign in</html>")


def silent(handler):
    handler.server.released.wait(60)


def missing_page(handler):
    handler.send_error(404)


@pytest.fixture
def small_mnist(tmp_path, monkeypatch, rng):
    """Return a server of a small MNIST: 2,345 training images and 12 test images."""
    folder = tmp_path / "www"
    folder.mkdir()
    truth, files = {}, {}
    for part, n in (("train", 2345), ("test", 12)):
        images = rng.integers(0, 256, (n, 784), dtype=np.uint8)
        labels = rng.integers(0, 10, n, dtype=np.uint8)
        truth[part] = (images, labels)
        sizes = np.array([2051, n, 28, 28], ">u4").tobytes(), np.array([2049, n], ">u4").tobytes()
        entries = []
        contents = (sizes[0] + images.tobytes(), sizes[1] + labels.tobytes())
        for (name, _, _), content in zip(_mnist_files.FILES[part], contents, strict=True):
            packed = gzip.compress(content, 1)
            (folder / name).write_bytes(packed)
            entries.append((name, len(packed), hashlib.sha256(packed).hexdigest()))
        files[part] = tuple(entries)
    handler = functools.partial(Handler, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.folder, server.truth, server.asked = folder, truth, []
    server.before, server.released = whole, threading.Event()
    server.url = f"http://127.0.0.1:{server.server_port}/"
    monkeypatch.setattr(_mnist_files, "FILES", files)
    monkeypatch.setattr(_mnist_files, "MIRRORS", (server.url,))
    monkeypatch.setattr(_mnist_files, "STALL", 0.5)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.delenv("MIXCORE_MNIST_DIR", raising=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server
    server.released.set()
    server.shutdown()
    thread.join()
    server.server_close()


def left_over(folder):
    """Return what a failed preparation left in the data folder, apart from empty folders."""
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


@pytest.mark.parametrize("part", ["train", "test"])
def test_mnist_is_downloaded_verified_and_prepared_once(small_mnist, tmp_path, capfd, part):
    dataset = datasets.load("mnist", split=part, data_dir=tmp_path / "tfds")
    images, labels = small_mnist.truth[part]
    np.testing.assert_array_equal(dataset.grey_levels, images)
    np.testing.assert_array_equal(dataset.x, images > 127.5)
    np.testing.assert_array_equal(dataset.labels, labels)
    assert dataset.split == part
    assert len(small_mnist.asked) == 2
    out, err = capfd.readouterr()
    assert "100 % of" in out
    assert err == ""
    again = datasets.load("mnist", split=part, data_dir=tmp_path / "tfds")
    np.testing.assert_array_equal(again.x, dataset.x)
    assert len(small_mnist.asked) == 2
    records = [p.name for p in (tmp_path / "tfds").rglob("*array_record*")]
    assert records == [f"mixcore_mnist-{part}.array_record-00000-of-00001"]


@pytest.mark.parametrize("variable", [False, True])
def test_files_put_there_by_hand_need_no_network(small_mnist, tmp_path, monkeypatch, variable):
    data_dir = tmp_path / "tfds"
    folder = tmp_path / "chosen" if variable else data_dir / "downloads" / "manual" / "mnist"
    folder.mkdir(parents=True)
    for name, _, _ in _mnist_files.FILES["train"]:
        (small_mnist.folder / name).rename(folder / name)
    if variable:
        monkeypatch.setenv("MIXCORE_MNIST_DIR", str(folder))
    dataset = datasets.load_images(data_dir=data_dir)
    np.testing.assert_array_equal(dataset.grey_levels, small_mnist.truth["train"][0])
    assert dataset.notice == "mnist: 2,345 images of 28 x 28 pixels"
    assert small_mnist.asked == []


def test_a_wrong_file_put_there_by_hand_is_refused(small_mnist, tmp_path):
    folder = tmp_path / "tfds" / "downloads" / "manual" / "mnist"
    folder.mkdir(parents=True)
    for name, _, _ in _mnist_files.FILES["train"]:
        (folder / name).write_bytes((small_mnist.folder / name).read_bytes()[:-1])
    before = left_over(tmp_path / "tfds")
    with pytest.raises(OSError, match=r"train-images-idx3-ubyte.gz is not the file .*; delete it"):
        datasets.load("mnist", data_dir=tmp_path / "tfds")
    assert left_over(tmp_path / "tfds") == before


def test_a_chosen_folder_without_the_files_is_named(small_mnist, tmp_path, monkeypatch):
    monkeypatch.setenv("MIXCORE_MNIST_DIR", str(tmp_path / "chosen"))
    with pytest.raises(FileNotFoundError, match=r"chosen/train-images\S+ is not there; put"):
        datasets.load("mnist", data_dir=tmp_path / "tfds")
    assert small_mnist.asked == []


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (truncated, r"train-images-idx3-ubyte.gz failed: .* has \S+ bytes where \S+ are expected"),
        (garbled, "train-images-idx3-ubyte.gz failed: .* has the SHA-256"),
        (stalled, "train-images-idx3-ubyte.gz failed: timed out"),
        (login_page, "could not be downloaded .* has 27 bytes"),
        (missing_page, "could not be downloaded .* 404"),
    ],
)
def test_a_broken_download_leaves_nothing_and_names_the_remedy(
    small_mnist, tmp_path, behaviour, words
):
    small_mnist.before = behaviour
    remedy = r".* put the file, from http\S+gz, into \S+mnist"
    with pytest.raises(OSError, match=words + remedy):
        datasets.load("mnist", data_dir=tmp_path / "tfds")
    kept = [name for name in left_over(tmp_path / "tfds") if "labels" not in name]
    assert kept == []
    assert datasets.load_images(data_dir=tmp_path / "tfds").name == "digits"
    # The next attempt, on a better day, is not spoilt by this one.
    small_mnist.before = whole
    dataset = datasets.load_images(data_dir=tmp_path / "tfds")
    np.testing.assert_array_equal(dataset.grey_levels, small_mnist.truth["train"][0])


def closed_port(server, monkeypatch):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setattr(_mnist_files, "MIRRORS", (f"http://127.0.0.1:{port}/",))


def silent_server(server, monkeypatch):
    server.before = silent


def hanging_name_service(server, monkeypatch):
    def look_up(*args, **kwargs):
        server.released.wait(60)
        raise socket.gaierror("no answer")

    monkeypatch.setattr(_mnist_files, "MIRRORS", ("http://mnist.invalid/",))
    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.parametrize("trouble", [closed_port, silent_server, hanging_name_service])
def test_without_a_network_the_digits_are_taken_and_named(
    small_mnist, tmp_path, monkeypatch, trouble
):
    trouble(small_mnist, monkeypatch)
    began = time.monotonic()
    dataset = datasets.load_images(data_dir=tmp_path)
    # The promise is 3 seconds; the troubles last 60. In between is room for a busy machine.
    assert time.monotonic() - began < 20
    assert dataset.name == "digits"
    assert dataset.notice == (
        "digits: 1,797 images of 8 x 8 pixels from scikit-learn, because the training images of "
        'MNIST could not be had (load("mnist") says why)'
    )
    monkeypatch.setattr(datasets, "_PATIENCE", 0.3)
    with pytest.raises(OSError, match="MNIST could not be downloaded"):
        datasets.load_images("mnist", data_dir=tmp_path)


def test_one_mirror_that_answers_is_enough(small_mnist, tmp_path, monkeypatch):
    monkeypatch.setattr(_mnist_files, "MIRRORS", ("http://127.0.0.1:9/", small_mnist.url))
    assert datasets.load("mnist", split="test", data_dir=tmp_path).x.shape == (12, 784)


def test_processes_side_by_side_download_mnist(small_mnist, tmp_path):
    code = (
        "from mixcore import _mnist_files, datasets\n"
        f"_mnist_files.FILES = {_mnist_files.FILES!r}\n"
        f"_mnist_files.MIRRORS = {_mnist_files.MIRRORS!r}\n"
        f"print('sum', datasets.load('mnist', data_dir={str(tmp_path / 'tfds')!r}).x.sum())"
    )
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    command = [sys.executable, "-W", "error", "-c", code]
    processes = [subprocess.Popen(command, **pipes) for _ in range(3)]
    answers = [process.communicate(timeout=120) for process in processes]
    expected = f"sum {(small_mnist.truth['train'][0] > 127).sum()}"
    assert [out.splitlines()[-1] for out, _ in answers] == [expected] * 3
    assert [err for _, err in answers] == [""] * 3
    assert not [name for name in left_over(tmp_path / "tfds") if "part" in name]


def test_the_test_images_serve_where_they_alone_are_there(small_mnist, tmp_path, monkeypatch):
    datasets.load("mnist", split="test", data_dir=tmp_path)
    small_mnist.before = missing_page
    dataset = datasets.load_images(data_dir=tmp_path, timeout=0.5)
    assert (dataset.name, dataset.split, len(dataset.x)) == ("mnist", "test", 12)
    assert dataset.notice.startswith("mnist: 12 images of the test part of 28 x 28 pixels, because")


def test_timeout_zero_leaves_the_network_alone(small_mnist, tmp_path):
    assert datasets.load_images(data_dir=tmp_path, timeout=0).name == "digits"
    assert small_mnist.asked == []


def test_bad_options_of_load_images_are_named():
    with pytest.raises(ValueError, match="source is 'fashion'; choose one of 'auto', 'mnist'"):
        datasets.load_images("fashion")
    with pytest.raises(ValueError, match="timeout is -1"):
        datasets.load_images(timeout=-1)
