# %% [markdown]
# A cell shows pictures and pages without end, and errors without words.
#
# earns: 8
# incident: output|timeout

# %% own="first"
import base64

from IPython.display import display

picture = base64.b64encode(b"x" * 2**20).decode()
for _ in range(1000):
    display({"image/png": picture, "text/html": "<b>" * 2**16}, raw=True)
