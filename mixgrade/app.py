"""The command line: ``mixgrade grade | report | export | check``."""

import sys

__all__ = ["main"]


def main():
    """Run ``mixgrade`` with the arguments of the command line."""
    # It makes a grammar of web addresses, a second's work, for formats that notebooks do not have;
    # jsonschema, which nbformat imports, does without it where it is not installed.
    sys.modules.setdefault("rfc3987_syntax", None)
    # Students check their notebooks without nbgrader, which is slow to import besides.
    if sys.argv[1:2] == ["check"]:
        from mixgrade.check import CheckApp

        CheckApp.launch_instance(sys.argv[2:])
    else:
        from mixgrade.commands import Mixgrade

        Mixgrade.launch_instance()
