# %% [markdown]
# A cell forks from many threads, sessions of their own included.
#
# earns: 8
# incident: timeout|died|memory

# %% own="first"
import os
import threading


def bomb():
    while True:
        try:
            if os.fork() == 0:
                os.setsid()
        except OSError:
            pass


for _ in range(8):
    try:
        threading.Thread(target=bomb).start()
    except RuntimeError:  # no thread is left either: the limit counts both
        break
bomb()
