"""``security.txt`` (RFC 9116) and ``robots.txt``."""

from __future__ import annotations

from reports.publisher.publisher import Publisher, Security


def security_txt(publisher: Publisher, security: Security) -> str:
    """``Canonical`` is where the file stands: at the top of the host, whatever the folder of the site."""
    return "\n".join(
        [
            f"Contact: {security.contact}",
            f"Expires: {security.expires.isoformat()}T00:00:00Z",
            "Preferred-Languages: fr, en",
            f"Canonical: {publisher.site.removesuffix(publisher.root)}/.well-known/security.txt",
            "",
        ]
    )


def robots_txt(root: str) -> str:
    """All may be read by engines, except copies of pages of others."""
    return f"User-agent: *\nDisallow: {root}preuves/\n"
