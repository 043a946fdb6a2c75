from __future__ import annotations

import pytest

from checks.model.outcome import Outcome
from checks.model.service import PhaseGroup
from checks.parse.transparency.licences import licence_of, spdx_id
from checks.rules.transparency.source_licence import RULE
from tests.forge_answers import (
    GITEA,
    GITEA_API,
    GITHUB,
    GITHUB_API,
    GITHUB_PAGE,
    GITLAB,
    GITLAB_API,
    MIT,
    OWN_WORDS,
    file,
    gitea,
    github,
    gitlab,
    page,
    said,
)

UNKNOWN = {"key": "other", "name": "Other", "spdx_id": "NOASSERTION"}
QUESTION = f"{GITLAB_API}?license=true"
FILE = f"{GITLAB_API}/repository/files/LICENCE.md/raw?ref=HEAD"
UNRECOGNISED = gitlab(license={"key": "other"}, license_url=f"{GITLAB}/-/blob/main/LICENCE.md")

# The repository, what its API answers, its page if that was read: the reason and the licence.
ROWS = [
    (GITHUB, {GITHUB_API: github()}, None, "recognised-licence", "AGPL-3.0"),
    (GITHUB, {GITHUB_API: github(license=None)}, None, "no-licence", None),
    (GITHUB, {GITHUB_API: github(license=UNKNOWN), f"{GITHUB_API}/license": file(MIT)}, None, "recognised-licence", "MIT"),
    (
        GITHUB,
        {GITHUB_API: github(license=UNKNOWN), f"{GITHUB_API}/license": file("LICENCE OUVERTE / OPEN LICENCE 2.0")},
        None,
        "recognised-licence",
        "etalab-2.0",
    ),
    (GITHUB, {GITHUB_API: github(license=UNKNOWN), f"{GITHUB_API}/license": file(OWN_WORDS)}, None, "unrecognised-licence", None),
    (GITHUB, {GITHUB_API: github(license=UNKNOWN), f"{GITHUB_API}/license": 500}, None, "forge-unavailable", None),
    (GITHUB, {GITHUB_API: 500}, None, "forge-unavailable", None),
    (GITHUB, {GITHUB_API: 500}, GITHUB_PAGE, "recognised-licence", "MIT"),
    (GITHUB, {GITHUB_API: 500}, page("GitHub - port-embouchure/bac-a-voile"), "forge-unavailable", None),
    (GITHUB, {GITHUB_API: said("Not Found")}, None, "no-public-repository", None),
    (GITLAB, {QUESTION: gitlab()}, None, "recognised-licence", "MIT"),
    (GITLAB, {QUESTION: gitlab(license=None)}, None, "no-licence", None),
    (GITLAB, {QUESTION: UNRECOGNISED, FILE: MIT}, None, "recognised-licence", "MIT"),
    (GITLAB, {QUESTION: UNRECOGNISED, FILE: OWN_WORDS}, None, "unrecognised-licence", None),
    (GITEA, {GITEA_API: gitea()}, None, "recognised-licence", "EUPL-1.2"),
    (GITEA, {GITEA_API: gitea(licenses=None), f"{GITEA_API}/raw/LICENSE": MIT}, None, "recognised-licence", "MIT"),
    (GITEA, {GITEA_API: gitea(licenses=None), f"{GITEA_API}/raw/LICENSE": said("not found")}, None, "no-licence", None),
]  # fmt: skip


@pytest.mark.parametrize("declared,api,shown,reason,licence", ROWS)
def test_what_is_known_of_the_licence(judge, declared, api, shown, reason, licence):
    verdict = judge("source-licence", "<p>Le bac.", repository=declared, forges=[(declared, "declared", api, shown)])

    assert (verdict.reason, verdict.value) == (reason, licence)
    assert verdict.outcome == RULE.outcomes[reason]


@pytest.mark.parametrize(
    "answer,known", [('{"name": "publiccode.yml"}', True), (said("Not Found"), False), (500, None), (None, None)]
)
def test_publiccode_is_a_fact(judge, answer, known):
    api = {GITHUB_API: github(), **({f"{GITHUB_API}/contents/publiccode.yml": answer} if answer else {})}

    verdict = judge("source-licence", "<p>Le bac.", repository=GITHUB, forges=[(GITHUB, "declared", api, None)])

    assert (verdict.outcome, verdict.facts) == (Outcome.PASSED, {"publiccode": known})


def test_every_reason_has_a_row():
    assert {reason for *_, reason, _ in ROWS} == set(RULE.outcomes)


def test_a_site_without_a_repository_has_no_licence_to_show(judge, dress):
    assert judge("source-licence", dress["dsfr"]("<p>Le bac.</p>", "")).outcome is Outcome.INAPPLICABLE
    assert judge("source-licence", 500).reason == "server-error"
    assert judge("source-licence", dress["dsfr"]("", ""), group=PhaseGroup.INVESTIGATION).reason == "phase"


@pytest.mark.parametrize(
    "text,known",
    [
        (MIT, "MIT"),
        ("La licence MIT\n\nCopyright", "MIT"),
        (
            "GNU AFFERO GENERAL PUBLIC LICENSE\n    Version 3, 19 November 2007\n\n… the GNU General Public License, version 3",
            "AGPL-3.0",
        ),
        ("                    GNU GENERAL PUBLIC LICENSE\n                       Version 3, 29 June 2007", "GPL-3.0"),
        ("GNU LESSER GENERAL PUBLIC LICENSE\nVersion 2.1, February 1999", "LGPL-2.1"),
        (
            "                                 Apache License\n                           Version 2.0, January 2004",
            "Apache-2.0",
        ),
        ("LICENCE PUBLIQUE DE L’UNION EUROPÉENNE v. 1.2\nEUPL © l'Union européenne 2007, 2016", "EUPL-1.2"),
        ("European Union Public Licence\nV. 1.1", "EUPL-1.1"),
        ("CONTRAT DE LICENCE DE LOGICIEL LIBRE CeCILL\n\nVersion 2.1 du 2013-06-21", "CECILL-2.1"),
        ("Contrat de licence de logiciel libre CeCILL-B", "CECILL-B"),
        ("# Licence Ouverte / Open Licence version 2.0", "etalab-2.0"),
        ("// SPDX-License-Identifier: EUPL-1.2", "EUPL-1.2"),
        ("SPDX-License-Identifier: nimporte-quoi\nMIT License", "MIT"),
        (
            (
                "Redistribution and use in source and binary forms, with or without modification, are permitted …\n"
                "Neither the name of the copyright holder nor …"
            ),
            "BSD-3-Clause",
        ),
        (OWN_WORDS, None),
        ("", None),
        ("Tous droits réservés. Ceci n'est pas un logiciel libre.", None),
    ],
)
def test_licences_are_known_by_what_they_say_of_themselves(text, known):
    assert licence_of(text) == known


@pytest.mark.parametrize(
    "name,known",
    [
        ("agpl-3.0", "AGPL-3.0"),
        ("MIT", "MIT"),
        ("eupl-1.2", "EUPL-1.2"),
        ("NOASSERTION", None),
        ("other", None),
        ("", None),
        (None, None),
        (3, None),
    ],
)
def test_ids_are_spelt_as_spdx_does(name, known):
    assert spdx_id(name) == known
