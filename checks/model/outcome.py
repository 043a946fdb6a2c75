from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """The five outcomes of W3C EARL 1.0 (https://www.w3.org/TR/EARL10-Schema/#OutcomeValue).

    ``CANT_TELL`` is never a failure, and ``FAILED`` needs a page that was fetched, understood and found wanting.
    """

    PASSED = "passed"
    FAILED = "failed"
    CANT_TELL = "cantTell"
    INAPPLICABLE = "inapplicable"
    UNTESTED = "untested"
