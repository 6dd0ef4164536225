"""Sphinx extension: let Python look for garbage less often while it builds.

Reading the stored pages makes millions of objects that stay.  Each collection visits all of them
and finds nothing to free.  With Python's own thresholds that takes a quarter of a build in which no
chapter runs.
"""

import gc

# New objects before a collection.  Building the whole book takes about half a gigabyte with this.
THRESHOLD = 1_000_000


def setup(app):
    """Change the threshold of this process, which builds the book and nothing else."""
    gc.set_threshold(THRESHOLD)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
