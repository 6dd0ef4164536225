# %% [markdown]
# A cell blanks all later cells.
#
# earns: 0

# %% own="first"
from IPython import get_ipython

get_ipython().input_transformers_cleanup.append(lambda lines: ["pass\n"])
