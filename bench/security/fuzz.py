"""Tries, for as long as is asked, whatever may come in by files, forms and addresses (hypothesis).

    .venv/bin/python bench/security/fuzz.py [--examples 5000] [--seed 1] [-k WORDS]

The properties are those of the tests that are marked `fuzz`: what comes in is understood or refused in words, nothing
else happens. The tests try 60 examples each, always the same; this tries more and others. Prints JSON: properties,
examples, findings (0 expected); what was found stands on standard error with the example that shows it.
"""

import argparse
import os
import random
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness.processes import ROOT
from harness.report import show


def main() -> None:
    """Run the marked tests with many examples and count what failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=int, default=5000, help="tried for each property (default 5000)")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 31), help="the same again with the same")
    parser.add_argument("-k", dest="words", default="", help="only properties whose names match, as pytest has it")
    asked = parser.parse_args()
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "fuzz", "-k", asked.words]
    command += ["--hypothesis-seed", str(asked.seed), "--hypothesis-show-statistics", "tests"]
    environ = {**os.environ, "LOUMAP_FUZZ_EXAMPLES": str(asked.examples)}
    done = subprocess.run(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True, check=False)
    sys.stderr.write(done.stdout if done.returncode else "")
    tried = sum(map(int, re.findall(r"generate phase[^\n]*\n(?:.*\n)*?.*?(\d+) passing examples", done.stdout)))
    counts = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|error)", done.stdout)}
    found = counts.get("failed", 0) + counts.get("error", 0)
    properties = sum(counts.values())
    show({"exit": done.returncode, "seed": asked.seed, "properties": properties, "examples": tried, "findings": found})
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
