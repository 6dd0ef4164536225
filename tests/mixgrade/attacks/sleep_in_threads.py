# %% [markdown]
# A cell leaves threads behind that keep the processor busy.
#
# earns: 8

# %% own="first"
import threading


def spin():
    while True:
        sum(range(1000))


for _ in range(2):
    threading.Thread(target=spin, daemon=True).start()
