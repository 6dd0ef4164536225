# %% [markdown]
# A cell closes everything that is open.
#
# earns: 8
# incident: died|timeout

# %% own="first"
import os

os.closerange(0, 512)
