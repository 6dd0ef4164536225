# %% [markdown]
# A cell says that it is done and goes on.
#
# earns: 8
# incident: timeout|died

# %% own="first"
import threading

from IPython import get_ipython

kernel = get_ipython().kernel
parent = kernel.get_parent("shell")

import time

kernel.session.send(kernel.iopub_socket, "status", {"execution_state": "idle"}, parent=parent)
kernel.session.send(kernel.shell_stream, "execute_reply", {"status": "ok"}, parent=parent)
time.sleep(60)
