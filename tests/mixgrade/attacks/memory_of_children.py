# %% [markdown]
# Twelve processes, forked from a thread, take 100 MB each.
#
# earns: 8
# incident: memory

# %% own="first"
import os
import threading
import time


def take():
    kept = bytearray(100 * 2**20)
    kept[:: 2**12] = b"x" * (len(kept) // 2**12)
    time.sleep(60)


def spread():
    for _ in range(12):
        if os.fork() == 0:
            take()
    time.sleep(60)


thread = threading.Thread(target=spread)
thread.start()
thread.join()
