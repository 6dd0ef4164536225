"""An animation as a self-contained piece of HTML: frames, buttons, a slider, no other file."""

import base64
import html
import importlib.resources
import io
import itertools
import json
import string
from dataclasses import dataclass

import matplotlib.pyplot as plt
from PIL import Image

from mixcore._validation import as_count

__all__ = ["Player", "player"]

# Numbers the players of a page, so that each script finds its own elements.
_counter = itertools.count(1)


@dataclass(frozen=True, eq=False)
class Player:
    """An animation of PNG frames that Jupyter and the book show with buttons and a slider.

    Attributes
    ----------
    frames : list of bytes
        PNG images.
    captions : list of str
        One line a frame.
    alt : str
        What the animation shows, for readers who do not see it.
    """

    frames: list[bytes]
    captions: list[str]
    alt: str

    @classmethod
    def render(cls, draw, alt, captions, figsize, dpi):
        """Draw every frame with ``draw(ax, frame)`` and return the animation."""
        if not alt.strip():
            raise ValueError("alt is empty; say in a sentence what the animation shows")
        frames = []
        for t in range(len(captions)):
            figure, ax = plt.subplots(figsize=figsize, layout="constrained")
            draw(ax, t)
            raw, small = io.BytesIO(), io.BytesIO()
            figure.savefig(raw, format="png", dpi=dpi)
            plt.close(figure)
            # 64 colours are enough for a plot, and make a frame a fifth as large. The octree
            # keeps the colours of small marks, which Pillow's default method turns grey.
            Image.open(raw).convert("RGB").quantize(
                64, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
            ).save(small, format="png", optimize=True)
            frames.append(small.getvalue())
        return cls(frames, list(captions), alt)

    def save_still(self, path):
        """Write the last frame as a PNG file.

        Parameters
        ----------
        path : path-like
            File to write.
        """
        with open(path, "wb") as file:
            file.write(self.frames[-1])

    def __repr__(self):
        return f"<Player with {len(self.frames)} frames: {self.alt}>"

    def _repr_html_(self):
        urls = ["data:image/png;base64," + base64.b64encode(f).decode() for f in self.frames]
        template = importlib.resources.files("mixcore.plotting") / "player.html"
        return string.Template(template.read_text(encoding="utf-8")).substitute(
            id=f"mixcore-player-{next(_counter)}",
            alt=html.escape(self.alt, quote=True),
            caption=html.escape(self.captions[0]),
            first=urls[0],
            last=urls[-1],
            max=len(urls) - 1,
            frames=json.dumps(urls),
            # "</" would end the script element.
            captions=json.dumps(self.captions).replace("</", "<\\/"),
        )


def player(draw, n_frames, *, alt, captions=None, figsize=(6.0, 4.2), dpi=90):
    """Return an animation that plays on a page without a server, with buttons and a slider.

    Parameters
    ----------
    draw : callable
        ``draw(ax, frame)`` draws one frame into empty axes.
    n_frames : int
        Number of frames.
    alt : str
        What the animation shows, for readers who do not see it.
    captions : list of str, optional
        One line a frame, shown under it; the frame's number by default.
    figsize : (float, float)
        Size of a frame in inches.
    dpi : int
        Pixels an inch.

    Returns
    -------
    Player
        Notebooks and chapters show it; :meth:`Player.save_still` writes the last frame.

    Raises
    ------
    ValueError
        If ``alt`` is empty or the number of captions is not that of the frames.

    Examples
    --------
    >>> animation = player(lambda ax, t: ax.plot([0, t]), 3, alt="A line that grows steeper.")
    >>> len(animation.frames)
    3
    """
    n_frames = as_count(n_frames, "n_frames")
    captions = [f"frame {t}" for t in range(n_frames)] if captions is None else list(captions)
    if len(captions) != n_frames:
        raise ValueError(f"captions has {len(captions)} entries for {n_frames} frames")
    return Player.render(draw, alt, captions, figsize, dpi)
