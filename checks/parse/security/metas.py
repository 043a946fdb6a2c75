"""What a page says in ``<meta>`` in the place of a header, as a browser reads the HTML that it was given."""

from __future__ import annotations

from bs4 import Tag

from checks.parse.elements import holder
from checks.parse.layout import attribute
from checks.parse.site import Site


def metas(site: Site, name: str, value: str) -> tuple[Tag, ...]:
    """The ``<meta>`` whose attribute ``name`` has that value, in order; none in ``<template>`` or ``<noscript>``."""
    page = site.sent_page
    if page is None:
        return ()
    tags = (tag for tag in page.elements.named("meta") if attribute(tag, name).strip().lower() == value)
    return tuple(tag for tag in tags if holder(tag, "template", "noscript") is None)


def head_metas(site: Site, equivalent: str) -> tuple[str, ...]:
    """The contents of the ``<meta http-equiv>`` of that name that stand in the head: elsewhere a policy is ignored."""
    tags = metas(site, "http-equiv", equivalent)
    return tuple(attribute(tag, "content") for tag in tags if tag.parent is not None and tag.parent.name == "head")
