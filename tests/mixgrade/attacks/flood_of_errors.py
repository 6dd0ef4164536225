# %% [markdown]
# A cell sends errors without words, without end.
#
# earns: 8
# incident: output|timeout|died

# %% own="first"
import threading

from IPython import get_ipython

kernel = get_ipython().kernel
parent = kernel.get_parent("shell")

while True:
    kernel.session.send(kernel.iopub_socket, "error", {"traceback": [""] * 50}, parent=parent)
