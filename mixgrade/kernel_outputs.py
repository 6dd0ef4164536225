"""What a cell printed, showed and raised, out of messages that may have been made to do harm.

What is kept has a limit in bytes, is text or a checked image, and is never run.
"""

import re
from dataclasses import dataclass, field

from mixgrade.kernel_state import KernelStopped

__all__ = ["CellRun", "Outputs"]

_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
_IMAGES = ("image/png", "image/jpeg")


@dataclass
class CellRun:
    """What a cell did.

    Attributes
    ----------
    outputs : list of dict
        Outputs in nbformat's form.
    stopped : KernelStopped or None
        Why it did not run to its end.
    failed : bool
        Whether it raised an error.
    cut : bool
        Whether it printed more than is kept.
    """

    outputs: list = field(default_factory=list)
    stopped: KernelStopped | None = None
    failed: bool = False
    cut: bool = False


class Outputs:
    """Collects the outputs of a cell up to a number of bytes."""

    def __init__(self, run, limit):
        self.run, self.left, self.seen, self.limit = run, limit, 0, limit

    def _keep(self, text):
        data = text.encode(errors="replace")
        kept = data[: self.left].decode(errors="ignore")
        self.left -= min(self.left, len(data))
        if len(data) > len(kept.encode(errors="replace")):
            self.run.cut = True
        return kept

    def _text(self, content, key):
        text = content.get(key)
        return self._keep(text) if isinstance(text, str) else ""

    def stream(self, content):
        """Keep text that was printed."""
        name = "stderr" if content.get("name") == "stderr" else "stdout"
        text = self._text(content, "text")
        if not text:
            return
        last = self.run.outputs[-1] if self.run.outputs else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"] += text
        else:
            self.run.outputs.append({"output_type": "stream", "name": name, "text": text})

    def display(self, content):
        """Keep what was shown: images and text."""
        data = content.get("data")
        data = data if isinstance(data, dict) else {}
        kept = {}
        # Only what a page can show without running it: no HTML, no scripts, no SVG.
        for kind in _IMAGES:
            image = data.get(kind)
            if isinstance(image, str) and _BASE64.fullmatch(image):
                if len(image) <= self.left:
                    self.left -= len(image)
                    kept[kind] = image
                else:
                    self.run.cut = True
        if text := self._text(data, "text/plain"):
            kept["text/plain"] = text
        if kept:
            self.run.outputs.append({"output_type": "display_data", "metadata": {}, "data": kept})

    def error(self, content):
        """Keep an error and where it came from."""
        lines = content.get("traceback")
        lines = lines[:50] if isinstance(lines, list) else []
        self.run.failed = True
        if self.left <= 0:
            self.run.cut = True
            return
        # An error without words takes room, too.
        self.left -= min(self.left, 100 + 10 * len(lines))
        self.run.outputs.append(
            {
                "output_type": "error",
                "ename": self._text(content, "ename")[:100],
                "evalue": self._text(content, "evalue"),
                "traceback": [self._keep(line) for line in lines if isinstance(line, str)],
            }
        )

    def take(self, kind, content):
        """Keep the content of a message of any kind."""
        if kind == "stream":
            self.stream(content)
        elif kind in ("display_data", "execute_result"):
            self.display(content)
        elif kind == "error":
            self.error(content)
        elif kind == "clear_output":
            self.run.outputs.clear()

    def finish(self):
        """Say at the end if there was more than is kept."""
        if self.run.cut:
            notice = f"\n[output cut: more than {self.limit:,} bytes]\n"
            self.run.outputs.append({"output_type": "stream", "name": "stdout", "text": notice})
