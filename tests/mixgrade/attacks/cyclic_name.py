# %% [markdown]
# A cell binds a function's name to a list that holds itself.
#
# earns: 8

# %% solution="dual_multiplier"
dual_multiplier = []
dual_multiplier.append(dual_multiplier)
