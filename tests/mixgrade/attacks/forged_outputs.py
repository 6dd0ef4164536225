# %% [markdown]
# A cell forges messages with the key of its session: no dicts, odd kinds, results of other cells.
#
# earns: 8

# %% own="first"
import threading

from IPython import get_ipython

kernel = get_ipython().kernel
parent = kernel.get_parent("shell")

for kind, content in [
    ("status", [1]),
    ("status", {"execution_state": ["idle"]}),
    ("stream", {"name": {}, "text": {"a": 1}}),
    ("stream", {"text": 5}),
    ("display_data", {"data": [1]}),
    ("display_data", {"data": {"image/png": ["x"], "text/plain": ["y"]}}),
    ("error", {"ename": 1, "evalue": None, "traceback": [None, 1, ["x"]]}),
    ("error", {}),
    (["kind"], {}),
    ("clear_output", {}),
    ("stream", {"name": "stdout", "text": "forged"}),
]:
    kernel.session.send(kernel.iopub_socket, kind, content, parent=parent)
kernel.session.send(kernel.shell_stream, "execute_reply", ["x"], parent=parent)
