from __future__ import annotations

from checks.parse.declaration.parts import Owed
from checks.parse.legal import notice, privacy, terms
from reports.render.words import PARTS


def test_what_a_document_lacks_has_its_words():
    labels = {group.label for rule in (notice, privacy, terms) for group in rule.GROUPS}
    assert set(PARTS) == {str(part) for part in Owed} | labels
    assert all(PARTS[label] == label for label in labels), "these are named in French by the verdicts"
