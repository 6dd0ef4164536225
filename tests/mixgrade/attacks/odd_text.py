# %% [markdown]
# Text that no file takes: lone surrogates and control characters.
#
# earns: 8

# %% own="first"
print("\ud800\x00\x1b[31m")
raise type("Lone\udc00", (Exception,), {})("\ud800\x00")


# %% solution="dual_multiplier"
def dual_multiplier(M, h, b, c):
    raise ValueError("\ud800\x00\x07")
