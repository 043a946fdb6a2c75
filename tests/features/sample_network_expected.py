"""What an audit of the sample network must say of each service, as the rules are published; plain data.

Each verdict is ``outcome/reason``. Pages are read as served, JavaScript not run; ``RENDERED`` says what a browser changes.
"""

from __future__ import annotations

from collections.abc import Mapping

RULES = (
    "accessibility-mention",
    "accessibility-declaration",
    "statistics-page",
    "budget-page",
    "source-code",
    "source-licence",
    "https",
)
DECLARED = (
    "accessibility-declaration-model",
    "accessibility-declaration-validity",
    "accessibility-declaration-consistency",
    "accessibility-schema",
    "accessibility-plan",
)
"""The rules that read what the declaration says, in a table of their own."""

LEGAL = ("legal-notice", "privacy-policy", "terms-of-use")
"""The rules about legal pages, in another."""

_OPEN = ("passed/public-repository", "passed/recognised-licence")
_UNLICENSED = ("passed/public-repository", "failed/no-licence")
_NO_LICENCE = "inapplicable/no-public-repository"
_NOT_PUBLIC = ("failed/not-public", _NO_LICENCE)
_NO_CODE = ("failed/none", _NO_LICENCE)
_PHASE = "inapplicable/phase"
_HTTPS = "passed/redirects-to-https"
_TABLE = {
    # Accessibility: mention, declaration; transparency: statistics, budget, source code and its licence; security: https.
    "carnet-vert": (  # everything is there, declared and true
        "passed/level-partially",
        "passed/declaration-found",
        "passed/declared-and-verified",
        "passed/declared-and-verified",
        *_OPEN,
        _HTTPS,
    ),
    "guichet-demenage": (  # never audited, and says so; a public dashboard, an anchor of a shared pad
        "passed/level-not",
        "passed/declaration-found",
        "passed/declared-and-verified",
        "passed/declared-and-verified",
        *_OPEN,
        _HTTPS,
    ),
    "trajet-doux": (  # nothing declared (a blank budget_url), all of it on the site; a mention in pieces
        "passed/level-totally",
        "passed/declaration-found",
        "passed/found-on-site",
        "passed/found-on-site",
        *_OPEN,
        _HTTPS,
    ),
    "signal-plage": (  # "Accessibilité : conforme" leads to a 404; nothing else
        "failed/no-legal-level",
        "failed/broken-link",
        "failed/none",
        "failed/none",
        *_NO_CODE,
        _HTTPS,
    ),
    "covoit-marche": (  # "Page introuvable" with status 200; the repository is known by a link of the site alone
        "passed/level-not",
        "failed/soft-404",
        "failed/soft-404",
        "failed/none",
        *_UNLICENSED,
        _HTTPS,
    ),
    "ma-mairie-simple": (  # templates never filled in, statistics behind a login, an organisation for a repository
        "failed/template-placeholder",
        "failed/placeholder",
        "failed/login-required",
        "failed/placeholder",
        "cantTell/organisation-only",
        _NO_LICENCE,
        _HTTPS,
    ),
    "ponts-ouverts": (  # expired certificate, and http that stays http; statistics that no page links
        "passed/level-not",
        "passed/declaration-found",
        "passed/found-at-conventional-path",
        "failed/none",
        *_NO_CODE,
        "failed/bad-certificate",
    ),
    "relais-quartier": (  # judged where it has moved
        "passed/level-partially",
        "passed/declaration-found",
        "passed/declared-and-verified",
        "failed/none",
        *_NOT_PUBLIC,
        _HTTPS,
    ),
    "portail-emploi": (  # shares its host and footer with the next one
        "passed/level-partially",
        "passed/declaration-found",
        "passed/declared-and-verified",
        "passed/found-on-site",
        "failed/empty-repository",
        _NO_LICENCE,
        _HTTPS,
    ),
    "portail-logement": (
        "passed/level-partially",
        "passed/declaration-found",
        "failed/none",
        "failed/none",
        *_NO_CODE,
        _HTTPS,
    ),
    "echo-conseils": (  # an investigation owes neither statistics, budget nor code
        "failed/no-mention",
        "failed/no-page",
        *[_PHASE] * 4,
        _HTTPS,
    ),
    "agenda-civique": (*["cantTell/needs-rendering"] * 4, *_UNLICENSED, _HTTPS),
    # Nothing of the site can be read, and without a repository in the registry nothing is known of the code either.
    "quai-libre": ("cantTell/unreachable",) * 7,
    "passe-bac": ("cantTell/unreachable",) * 7,
    # A wall hides the pages; that http leads to it over https is seen all the same.
    "permis-mouillage": (*["cantTell/blocked"] * 6, _HTTPS),
    "memoire-des-dunes": (*["cantTell/blocked"] * 6, _HTTPS),
    "registre-digues": ("cantTell/robots-disallowed",) * 7,
    "aides-pedale": (*["cantTell/server-error"] * 4, *_OPEN, "cantTell/server-error"),
    # There is no site; the code is another question.
    "trame-verte": (*["inapplicable/no-url"] * 4, *_OPEN, "inapplicable/no-url"),
    "marees-ouvertes": (*["inapplicable/not-a-website"] * 4, *_NOT_PUBLIC, "inapplicable/not-a-website"),
}

_SOUND = ("passed/complete", "passed/valid", "passed/consistent")
_NO_DECLARATION = ("inapplicable/no-declaration", "inapplicable/no-declaration", "cantTell/one-side-missing")
_NO_COMMITMENT = ("failed/not-found", "failed/not-found")
_DECLARED = {
    # Model, validity, consistency; schéma pluriannuel, plan.
    "carnet-vert": (*_SOUND, "passed/current", "passed/current"),
    "guichet-demenage": (*_SOUND, "failed/broken-link", "failed/years-not-current"),  # a lost PDF, last year's plan
    "trajet-doux": (*_SOUND, "failed/span-too-long", "cantTell/no-years"),  # seven years, a plan without any
    "signal-plage": (*_NO_DECLARATION, *_NO_COMMITMENT),
    "covoit-marche": (*_NO_DECLARATION, *_NO_COMMITMENT),
    "ma-mairie-simple": (*_NO_DECLARATION, *_NO_COMMITMENT),
    # five years old, without a way to appeal; 38 % is not conform, as it says
    "ponts-ouverts": ("failed/parts-missing", "failed/expired", "passed/consistent", *_NO_COMMITMENT),
    # 42,5 % is not enough for "partiellement"
    "relais-quartier": ("passed/complete", "passed/valid", "failed/rate-differs", *_NO_COMMITMENT),
    "portail-emploi": (*_SOUND, "failed/years-not-current", "failed/not-found"),  # a schema of 2021-2023
    "portail-logement": (*_SOUND, "failed/years-not-current", "failed/not-found"),
    "echo-conseils": (*_NO_DECLARATION, *_NO_COMMITMENT),
    # What hides the declaration hides all that it would say.
    **{
        service: (row[1],) * len(DECLARED)
        for service, row in _TABLE.items()
        if row[1].startswith(("cantTell", "inapplicable"))
    },
}

SECURITY = (
    "hsts",
    "content-security-policy",
    "clickjacking-protection",
    "x-content-type-options",
    "referrer-policy",
    "cookies",
    "security-txt",
    "security-headers",
)
"""The rules that read headers and what is beside the pages, in a table of their own."""

_BELOW = "failed/grade-below-b"
_NO_HEADER = (*["failed/absent"] * 4, "passed/browser-default", "passed/no-cookie", "failed/absent", _BELOW)
_FRAMED = ("failed/absent", "failed/absent", "passed/x-frame-options", *_NO_HEADER[3:])
_ANY_PATH = (*_NO_HEADER[:6], "failed/soft-404", _BELOW)
_SECURITY = {
    **dict.fromkeys(_TABLE, _NO_HEADER),
    "carnet-vert": (
        "passed/at-least-six-months",
        "passed/strict",
        "passed/frame-ancestors",
        "passed/nosniff",
        "passed/private",
        "passed/no-cookie",
        "passed/valid",
        "passed/grade-b-or-better",
    ),
    "trajet-doux": ("passed/at-least-six-months", *_NO_HEADER[1:]),
    # a session without Secure, and any origin let in with the cookies: a warning beside the grade
    "signal-plage": (*_FRAMED[:5], "failed/without-secure", "failed/absent", _BELOW),
    "relais-quartier": _FRAMED,
    "guichet-demenage": (*_NO_HEADER[:5], "passed/protected", "failed/absent", _BELOW),
    "agenda-civique": _ANY_PATH,  # an application that answers every path
    "covoit-marche": _ANY_PATH,
    # What hides the page hides its headers: they would be those of the wall.
    **{
        service: (row[0],) * len(SECURITY)
        for service, row in _TABLE.items()
        if row[0].startswith(("cantTell", "inapplicable")) and row[0] != "cantTell/needs-rendering"
    },
}

_NO_PAGES = ("failed/no-page",) * 3
_NOTICE_ALONE = ("passed/complete", "failed/no-page", "failed/no-page")
_LEGAL = {
    # Legal notice, privacy policy, terms of use.
    "carnet-vert": ("passed/complete", "passed/complete", "failed/no-page"),
    "guichet-demenage": _NOTICE_ALONE,
    "trajet-doux": _NOTICE_ALONE,
    "signal-plage": _NOTICE_ALONE,
    "covoit-marche": ("failed/soft-404", "failed/no-page", "failed/no-page"),  # a link to a page that does not exist
    "ma-mairie-simple": _NO_PAGES,
    "ponts-ouverts": _NO_PAGES,
    "relais-quartier": _NO_PAGES,
    "portail-emploi": _NOTICE_ALONE,
    "portail-logement": _NOTICE_ALONE,
    "echo-conseils": _NO_PAGES,  # an investigation has a site, and owes its notice
    # What hides the site hides them.
    **{
        service: (row[1],) * len(LEGAL)
        for service, row in _TABLE.items()
        if row[1].startswith(("cantTell", "inapplicable"))
    },
}

EXPECTED: Mapping[str, Mapping[str, str]] = {
    service: dict(
        zip(
            (*RULES, *DECLARED, *LEGAL, *SECURITY),
            (*row, *_DECLARED[service], *_LEGAL[service], *_SECURITY[service]),
            strict=True,
        )
    )
    for service, row in _TABLE.items()
}

NOT_AUDITED = frozenset({"pass-kermesse"})
"""Stopped services: no request is made, no verdict counts."""

RENDERED: Mapping[str, Mapping[str, str]] = {
    "agenda-civique": {
        "accessibility-mention": "passed/level-not",
        "accessibility-declaration": "passed/declaration-found",
        "statistics-page": "failed/none",
        "budget-page": "failed/none",
        **dict(zip(DECLARED, (*_SOUND, *_NO_COMMITMENT), strict=True)),
        **dict(zip(LEGAL, _NO_PAGES, strict=True)),
    }
}
"""What a browser adds, where one is at hand: the same services, these verdicts instead."""
