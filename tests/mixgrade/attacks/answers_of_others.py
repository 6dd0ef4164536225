# %% [markdown]
# A submission looks for what others left and leaves something behind.
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
