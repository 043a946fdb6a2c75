"""What pure functions of short texts give is remembered: the pages of a site share their navigation and their footer, and the
sites of a State their words."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar, cast

SHORT = 200
"""Characters of a text that is worth remembering."""

_F = TypeVar("_F", bound=Callable[..., Any])


def remembered(maxsize: int) -> Callable[[_F], _F]:
    """Remembers the last ``maxsize`` answers of a pure function whose last argument is a text, where that is short."""

    def remembering(function: _F) -> _F:
        known = lru_cache(maxsize=maxsize)(function)

        @wraps(function)
        def answer(*given: Any) -> Any:
            return known(*given) if len(given[-1]) <= SHORT else function(*given)

        return cast("_F", answer)

    return remembering
