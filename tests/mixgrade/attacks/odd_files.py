# %% [markdown]
# A cell leaves odd things in its folder: links out of it, pipes, folders that nobody may enter.
#
# earns: 8

# %% own="first"
import os

os.symlink("/", "everything")
os.symlink("nowhere", ".connection.json")
os.mkfifo("pipe")
os.makedirs("a/b")
os.chmod("a", 0)
deep = "d"
for _ in range(200):
    os.mkdir(deep)
    deep += "/d"
os.chdir("/usr")
