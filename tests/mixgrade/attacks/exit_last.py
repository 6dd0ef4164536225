# %% [markdown]
# The last cell ends the kernel; every check before it has been seen.
#
# earns: 8
# incident: died

# %% own="last"
import os

os._exit(0)
