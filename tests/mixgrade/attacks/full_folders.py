# %% [markdown]
# A cell fills the scratch folder and /dev/shm.
#
# earns: 8
# incident: denied

# %% own="first"
import os

block = b"x" * 2**20
written = 0
for folder in (".", "/dev/shm", "/tmp"):
    for number in range(100):
        try:
            with open(f"{folder}/{number}", "wb", buffering=0) as file:
                for _ in range(100):
                    written += file.write(block)
        except OSError as error:
            print(folder, error)
            break
print("FILLED" if written > 200 * 2**20 else "held")
raise OSError(28, os.strerror(28))
