"""`python -m townboard`."""

import sys

from townboard.cli import main

if __name__ == "__main__":
    sys.exit(main())
