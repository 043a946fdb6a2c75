"""Where the program is known to be wrong: each is a strict expected failure, so that mending one obliges to strike it out.

The labels stand: nothing here says that a verdict is right.
"""

from __future__ import annotations

from collections.abc import Mapping

DISAGREEMENTS: Mapping[tuple[str, str], str] = {}
"""Why the program is wrong, by service and rule."""
