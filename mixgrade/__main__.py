"""``python -m mixgrade`` is ``mixgrade``."""

from mixgrade.app import main

main()
