# %% [markdown]
# A cell never ends.
#
# earns: 8
# incident: timeout

# %% own="first"
while True:
    pass
