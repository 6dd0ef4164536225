# %% [markdown]
# A cell sends messages of 100 MB that are lists of lists.
#
# earns: 8
# incident: output|timeout|memory|died

# %% own="first"
import threading

from IPython import get_ipython

kernel = get_ipython().kernel
parent = kernel.get_parent("shell")

kernel.session.check_pid = False
for _ in range(5):
    kernel.session.send(
        kernel.iopub_socket, "stream", {"name": "stdout", "text": [[]] * 5_000_000}, parent=parent
    )
