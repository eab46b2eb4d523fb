"""The tests of this folder share one helper module."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # made_journal
