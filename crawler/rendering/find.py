"""Which browser shows pages. ``python -m crawler.rendering.find`` prints its version, and exits with 1 where none runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from checks.model.errors import InputError

VARIABLE = "TOISE_BROWSER"
SYSTEM_BROWSERS = (
    "chromium-headless-shell",
    "chrome-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
)
# A headless shell is the same browser without windows, and shows a page for half of what a whole Chromium takes.
_PROGRAMS = (
    "chromium_headless_shell-*/chrome-headless-shell-*/chrome-headless-shell",
    "chromium_headless_shell-*/chrome-headless-shell-*/chrome-headless-shell.exe",
    "chromium_headless_shell-*/chrome-*/headless_shell",
    "chromium_headless_shell-*/chrome-*/headless_shell.exe",
    "chromium-*/chrome-linux/chrome",
    "chromium-*/chrome-linux64/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
    "chromium-*/chrome-win*/chrome.exe",
)
_SHELL = ("headless-shell", "headless_shell")
_FOLDERS = (".cache/ms-playwright", "Library/Caches/ms-playwright", "AppData/Local/ms-playwright")


def find_browser() -> Path | None:
    """The Chromium to use: that of ``TOISE_BROWSER``, else Playwright's own, else one of the system.

    ``None`` without any, or without Playwright to drive it. Raises :class:`InputError` when the variable names no program.
    """
    chosen = os.environ.get(VARIABLE)
    if chosen and (not os.access(chosen, os.X_OK) or Path(chosen).is_dir()):
        raise InputError(f"{VARIABLE} : {chosen} n'est pas un programme ; donnez le chemin d'un Chromium.")
    if find_spec("playwright") is None:
        return None
    return Path(chosen) if chosen else _of_playwright() or _of_system()


def _of_playwright() -> Path | None:
    """The newest one that ``playwright install`` downloaded; told by its folder, since asking Playwright starts it."""
    given = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    roots = [Path(given)] if given else [Path.home() / folder for folder in _FOLDERS]
    found = [path for root in roots for program in _PROGRAMS for path in root.glob(program)]
    shells = [path for path in found if path.stem.endswith(_SHELL)]
    return max(shells or found, key=lambda path: path.stat().st_mtime, default=None)


def _of_system() -> Path | None:
    found = (path for name in SYSTEM_BROWSERS if (path := shutil.which(name)))
    return next((Path(path) for path in found), None)


def version(program: Path) -> str | None:
    """What a browser says of itself (``Chromium 141.0.7390.37``); ``None`` where it does not run."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return None
    return said.stdout.strip()[:100]


def main() -> int:
    program = find_browser()
    said = version(program) if program else None
    sys.stdout.write(f"{said}\n" if said else "")
    return 0 if said else 1


if __name__ == "__main__":
    sys.exit(main())
