"""The command line's door: `python -m townboard COMMAND`."""

import sys

from townboard.cli import main

if __name__ == "__main__":
    sys.exit(main())
