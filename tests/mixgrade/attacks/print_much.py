# %% [markdown]
# A cell prints 1 GB.
#
# earns: 8
# incident: output

# %% own="first"
line = "x" * 2**20
for _ in range(1000):
    print(line)
