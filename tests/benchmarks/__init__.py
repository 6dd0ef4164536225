"""How fast mixcore is: measured beside other packages, which must compute the same thing.

``make bench`` builds the environment and runs ``python -m benchmarks``.  A module here holds the
cases of one subject; ``measure.py`` says how a case is timed.
"""
