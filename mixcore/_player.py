"""An animation as a self-contained piece of HTML: frames, buttons, a slider, no other file."""

import base64
import html
import io
import itertools
import json
from dataclasses import dataclass

import matplotlib.pyplot as plt

# Numbers the players of a page, so that each script finds its own elements.
_counter = itertools.count(1)

_TEMPLATE = """\
<div class="mixcore-player" id="{id}" role="group" aria-label="Animation">
<img class="mixcore-player-frame" src="{first}" alt="{alt}" style="max-width:100%">
<img class="mixcore-player-still" src="{last}" alt="{alt}" style="max-width:100%;display:none">
<p class="mixcore-player-caption" aria-live="off" style="margin:.2em 0">{caption}</p>
<div class="mixcore-player-controls" style="display:flex;flex-wrap:wrap;gap:.5em;align-items:center">
<button type="button" data-act="back" aria-label="Step back">&#9664;</button>
<button type="button" data-act="play" aria-label="Play">Play</button>
<button type="button" data-act="on" aria-label="Step forward">&#9654;</button>
<input type="range" min="0" max="{max}" value="0" aria-label="Frame" style="flex:1 1 8em">
</div>
<style>
@media print {{
  .mixcore-player-frame, .mixcore-player-controls, .mixcore-player-caption {{ display: none !important }}
  .mixcore-player-still {{ display: block !important }}
}}
</style>
<script>
(function () {{
  const root = document.getElementById("{id}");
  const frames = {frames}, captions = {captions};
  const image = root.querySelector(".mixcore-player-frame");
  const caption = root.querySelector(".mixcore-player-caption");
  const slider = root.querySelector("input");
  const play = root.querySelector('[data-act="play"]');
  let now = 0, timer = null;
  function show(t) {{
    now = Math.max(0, Math.min(frames.length - 1, t));
    image.src = frames[now];
    caption.textContent = captions[now];
    slider.value = now;
    slider.setAttribute("aria-valuetext", captions[now]);
  }}
  function stop() {{
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
    play.setAttribute("aria-label", "Play");
  }}
  function start() {{
    if (now === frames.length - 1) show(0);
    play.textContent = "Pause";
    play.setAttribute("aria-label", "Pause");
    timer = setInterval(function () {{
      show(now + 1);
      if (now === frames.length - 1) stop();
    }}, 500);
  }}
  play.addEventListener("click", function () {{ timer ? stop() : start(); }});
  root.querySelector('[data-act="back"]').addEventListener("click", function () {{ stop(); show(now - 1); }});
  root.querySelector('[data-act="on"]').addEventListener("click", function () {{ stop(); show(now + 1); }});
  slider.addEventListener("input", function () {{ stop(); show(Number(slider.value)); }});
  show(0);
}})();
</script>
</div>
"""


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
            buffer = io.BytesIO()
            # No metadata: the same frames give the same bytes.
            figure.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
            plt.close(figure)
            frames.append(buffer.getvalue())
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
        return _TEMPLATE.format(
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
