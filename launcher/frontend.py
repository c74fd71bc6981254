"""Builds the pages' scripts and styles, again only when a source changed."""

from __future__ import annotations

import os
import shutil
import subprocess

from launcher.environment import ensure_packages, is_installed
from launcher.progress import run, step
from launcher.project import ROOT, VENV, fingerprint, is_stamped

OLDEST_NODE = 20
BUILT = ROOT / "static" / "dist"
_SOURCES = [ROOT / name for name in ("package.json", "package-lock.json", "build.mjs", "static/src")]


def has_frontend() -> bool:
    """Say whether there is anything to build."""
    return (ROOT / "package.json").exists()


def is_built() -> bool:
    """Say whether the build is that of the sources as they are now."""
    return is_stamped(BUILT / ".loumap-build", fingerprint(_SOURCES))


def ensure_frontend() -> None:
    """Build when a source changed."""
    if not has_frontend() or is_built():
        return
    env = ensure_node_modules()
    with step("Front end"):
        built = fingerprint(_SOURCES)
        run(["npm", "run", "build"], env)
    (BUILT / ".loumap-build").write_text(built)


def ensure_node_modules() -> dict[str, str]:
    """Install the locked npm packages when the lock changed; give the environment in which `npm` is found."""
    env = _node_environment()
    stamp, lock = ROOT / "node_modules" / ".loumap-lock", fingerprint([ROOT / "package-lock.json"])
    if not is_stamped(stamp, lock):
        with step("npm packages (package-lock.json)"):
            run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], env)
        stamp.write_text(lock)
    return env


def _node_environment() -> dict[str, str]:
    """Give the environment with node and npm: the machine's own if new enough, else those of a Python package."""
    if not is_installed("node") and _node_version() >= OLDEST_NODE and shutil.which("npm"):
        return dict(os.environ)
    ensure_packages("node")
    return {**os.environ, "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}


def _node_version() -> int:
    node = shutil.which("node")
    if not node:
        return 0
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return int(said.strip().lstrip("v").partition(".")[0] or 0)
