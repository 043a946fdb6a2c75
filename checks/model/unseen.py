"""Characters that nobody sees but that act: on a terminal, on the direction of reading, on the programs that read a file."""

from __future__ import annotations

import json
import re
from typing import Any

UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls: they move the cursor, C1 as well as C0
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ufff9-\ufffb"  # changes of direction, annotations
    "\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"  # ends of line, halves of characters, non-characters
)
"""One of them. Tabs and ends of line are seen, and joiners make one sign of several."""


def json_text(value: Any, indent: int | None = None) -> str:
    """JSON with its unseen characters as escapes: it means the same, acts on nothing, and can always be encoded."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
