# %% [markdown]
# A cell writes to the socket of outputs itself: one message whose parts never end.
#
# earns: 8
# incident: memory|timeout|output|died

# %% own="first"
import os
import socket
import time

time.sleep(0.5)
part = b"\x03" + (1 << 20).to_bytes(8, "big") + b"x" * (1 << 20)
for descriptor in range(3, 512):
    try:
        made = socket.socket(fileno=os.dup(descriptor))
        made.getpeername()
        if not str(made.getsockname()).endswith("k-2"):
            continue
        made.setblocking(True)
        while True:
            made.sendall(part)
    except OSError:
        pass
