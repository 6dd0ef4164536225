# %% [markdown]
# The same once more: nothing of the one before is there.
#
# earns: 8

# %% own="first"
import os
import sys

folders = (".", "/tmp", "/dev/shm", "/dev", "/sockets", "/course", "/var/tmp")
for folder in folders:
    for name in os.listdir(folder) if os.path.isdir(folder) else []:
        if "left" in name:
            print("FOUND", folder, name)
for folder in folders:
    try:
        open(f"{folder}/left", "w").close()
    except OSError as error:
        print(error)
if hasattr(sys, "left"):
    print("FOUND in memory")
sys.left = True
