"""The command line: ``mixgrade grade | report | export | check``."""

import sys

__all__ = ["main"]


def main():
    """Run ``mixgrade`` with the arguments of the command line."""
    # Students check their notebooks without nbgrader, which is slow to import besides.
    if sys.argv[1:2] == ["check"]:
        from mixgrade.check import CheckApp

        CheckApp.launch_instance(sys.argv[2:])
    else:
        from mixgrade.commands import Mixgrade

        Mixgrade.launch_instance()
