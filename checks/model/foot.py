"""What the authors of pages call the foot of them: the crawl waits for one, and the judge reads it first."""

from __future__ import annotations

import re

from checks.model.french import fold
from checks.model.memory import remembered

_FOOT = re.compile(r"(?:^|[-_])(?:footer|pied|pied-?de-?page|bas-?de-?page)(?:[-_]|$)")
_OF_A_FOOT = ("footer", "pied", "bas")
"""Without one of these words nothing is called the foot of a page."""
_OF_A_PART = re.compile(
    r"(?:has|no|with|without|sticky|push|card|modal|dialog|entry|post|article|tile|table)[-_]+footer"
)

HOLDERS = frozenset({"div", "section", "nav", "ul"})
"""Elements that may be the foot of a page by their name alone."""


@remembered(2_048)
def names_foot(identity: str) -> bool:
    """Whether an element's id and classes, separated by spaces, call it the foot of the page: that of a card is not.

    >>> names_foot("colophon site-footer"), names_foot("card-footer"), names_foot("has-footer")
    (True, False, False)
    """
    names = fold(identity)
    if not any(word in names for word in _OF_A_FOOT):
        return False
    return any(_FOOT.search(name) and not _OF_A_PART.search(name) for name in names.split())
