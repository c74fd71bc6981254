"""What the benchmarks share: servers they start, load they make, figures they print."""

import sys
from pathlib import Path

# Benchmarks are run as files; the product is not installed, but lies beside them.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
