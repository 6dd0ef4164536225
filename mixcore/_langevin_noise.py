"""The random numbers of the Langevin samplers, drawn for many steps at a time.

Drawing takes about as long as evaluating a small mixture.  Where nothing else can use the generator
meanwhile, a second thread therefore draws the next chunk while the first one computes.  The numbers
and their order are the same with and without that thread.
"""

import numpy as np

CHUNK = 1 << 17  # numbers a chunk: a millisecond or so of drawing


def noise(rng, shape, n_steps, *, ahead):
    """Yield, for each step, normals of the given shape (d, n) and standard exponentials (n,).

    With ``ahead`` the next chunk is drawn in a second thread.  A yielded array may be changed, and
    is overwritten later.
    """
    d, n = shape
    size = min(n_steps, max(1, CHUNK // ((d + 1) * n)))
    lengths = [min(size, n_steps - first) for first in range(0, n_steps, size)]
    buffers = [(np.empty((size, d, n)), np.empty((size, n))) for _ in lengths[:2]]

    def draw(i):
        normals, exponentials = (buffer[: lengths[i]] for buffer in buffers[i % 2])
        rng.standard_normal(out=normals)
        rng.standard_exponential(out=exponentials)
        return zip(normals, exponentials, strict=True)

    if not ahead or len(lengths) == 1:
        for i in range(len(lengths)):
            yield from draw(i)
        return

    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(max_workers=1) as pool:
        following = pool.submit(draw, 0)
        for i in range(len(lengths)):
            chunk = following.result()
            if i + 1 < len(lengths):
                following = pool.submit(draw, i + 1)
            yield from chunk
