# %% [markdown]
# A cell never ends and catches every interrupt.
#
# earns: 8
# incident: timeout

# %% own="first"
while True:
    try:
        while True:
            pass
    except KeyboardInterrupt:
        pass
