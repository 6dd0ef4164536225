# %% [markdown]
# A cell puts data and odd things in the place of functions.
#
# earns: 8

# %% own="last"
pass


# %% solution="dual_multiplier"
class Meta(type):
    def __getattribute__(cls, name):
        raise SystemExit

    def __instancecheck__(cls, other):
        raise SystemExit


class Odd(metaclass=Meta):
    @property
    def __class__(self):
        raise SystemExit


dual_multiplier = Odd()
