"""The charts of pygal, without what it leaves behind: imported from here alone."""

from __future__ import annotations

import sys

from pygal import XY, HorizontalBar, PluginImportFixer
from pygal.style import Style

__all__ = ["XY", "HorizontalBar", "Style"]

# A finder of its maps, among those of Python's imports, and of a kind that 3.11 warns of and later versions do not know.
sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, PluginImportFixer)]
