# %% [markdown]
# A cell takes 10 GB of shared anonymous memory.
#
# earns: 8
# incident: memory|timeout

# %% own="first"
import mmap

kept = []
for _ in range(100):
    shared = mmap.mmap(-1, 100 * 2**20)
    for place in range(0, len(shared), 2**12):
        shared[place] = 1
    kept.append(shared)
