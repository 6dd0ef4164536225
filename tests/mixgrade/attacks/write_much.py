# %% [markdown]
# A cell writes 1 GB past Python's print.
#
# earns: 8
# incident: output|timeout

# %% own="first"
import os

line = b"x" * 2**16
for _ in range(16_000):
    os.write(1, line)
    os.write(2, line)
