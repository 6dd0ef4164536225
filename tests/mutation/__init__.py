"""Do the checks notice mistakes?  Every model solution is changed in many small ways.

``make mutation`` runs it.  A mutant is *killed* when a check of its own function fails, and
*survives* when all of them pass.  A survivor that computes the same thing is *equivalent*:
``equivalents/<assignment>.toml`` names each with the reason.  ``results.json`` holds the figures
that a page of the book shows.
"""
