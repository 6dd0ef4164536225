# %% [markdown]
# The first cell ends the kernel.
#
# earns: 8
# incident: died

# %% own="first"
import os

os._exit(0)
