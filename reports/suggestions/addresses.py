"""The address of a page as a registry should give it, from the one under which it was read."""

from __future__ import annotations

import re

from checks.model.address import split

_TRACKING = re.compile(
    r"(?:utm|mtm|hsa)_\w+|(?:pk|piwik|matomo)_(?:campaign|kwd|keyword|source|medium|content|cid)|at_(?:medium|campaign|custom\d+)"
    r"|mc_[ce]id|gclid|gbraid|wbraid|dclid|fbclid|msclkid|yclid|twclid|igshid|_ga|_gl|_hsenc|_hsmi|xtor"
    r"|jsessionid|phpsessid|sessionid",
    re.IGNORECASE,
)
"""Parameters that follow a visitor or a campaign (Google, Matomo, Piano, Mailchimp, HubSpot …), never a page."""
_SESSION = re.compile(r";jsessionid=[^/]*", re.IGNORECASE)


def lasting_address(url: str) -> str | None:
    """The address without what belongs to one visit; its other parameters and its anchor as they are.

    ``None`` for what must not be written in a public registry: no http(s) address, or one with a password in it.
    """
    address, _, anchor = url.partition("#")
    page, _, query = address.partition("?")
    kept = [one for one in query.split("&") if one and not _is_tracking(one)]
    # A text fragment points at words that were searched for; the anchor before it is the page's own.
    anchor = "" if _is_tracking(anchor) else anchor.partition(":~:")[0]
    result = _SESSION.sub("", page) + "".join(
        mark + part for mark, part in (("?", "&".join(kept)), ("#", anchor)) if part
    )
    parts = split(result)
    is_public = parts is not None and "@" not in parts.netloc and result.isprintable() and " " not in result
    return result if is_public else None


def _is_tracking(parameter: str) -> bool:
    return _TRACKING.fullmatch(parameter.partition("=")[0]) is not None
