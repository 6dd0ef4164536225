# %% [markdown]
# A cell leaves a daemon behind.
#
# earns: 8

# %% own="first"
import os
import subprocess
import sys

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(600)", "__NAME__"])
    os._exit(0)
subprocess.Popen(
    [sys.executable, "-c", "import time; time.sleep(600)", "__NAME__"],
    start_new_session=True,
    stdin=subprocess.DEVNULL,
    stdout=subprocess.DEVNULL,
    stderr=subprocess.DEVNULL,
)
