"""Print the path of a Weaviate server that can run here; download or build one where that is needed. Exit 1, with the reasons, if none.

python scripts/support/find_server.py [VERSION]
"""

from __future__ import annotations

import logging
import os
import sys

from weaviate_orm.embedded import DEFAULT_VERSION
from weaviate_orm.embedded.binary import BinaryFinder
from weaviate_orm.errors import EmbeddedError


def main() -> int:
    """Print the path; progress and reasons go to standard error."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    version = sys.argv[1] if len(sys.argv) > 1 else DEFAULT_VERSION
    try:
        print(BinaryFinder(version, environ=os.environ).find())
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
