"""``make accuracy``: prints how the verdicts compare with the labels, writes ``docs/accuracy.md`` and what reports show."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.corpus.confusion import Pair, disagreements, measured, pairs, table, totals

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "accuracy.md"
DATA = ROOT / "reports" / "figures" / "accuracy.json"

_PAGE = """\
# Accuracy

How often Toise's verdicts on accessibility, transparency and legal pages are right, measured on a corpus of {services}
labelled services.
Made by `make accuracy`; a test fails when this page no longer says what the program gives.

## The corpus

`tests/services/` holds one folder a service: its pages, what each of its addresses answers (`service.json`), the verdicts
expected, and the reasons for them (`why.md`).

- **The services are invented**, and so is every sentence of their pages. They are written as the sites of French public
  services are: plain HTML with several versions of the DSFR, @codegouvfr/react-dsfr in Next.js, WordPress, single-page
  applications, static generators, pages by hand; with their navigation, scripts and clumsiness, and with the mistakes that
  real declarations carry.
- **The labels were written from the rules, before the program read the pages**: the published wording of each rule was
  applied by hand, and written down with its reason. Where the program disagreed, the rules decided who was right. A label
  was corrected only where the rules had been misread, never to agree with the program.
- **Each service is visited by the plan of the crawl** (redirects, random path, links, conventional paths, rendering) in the
  answers of its folder, forges included, then judged by the same code as an audit. No network is involved.
- A service is labelled for all the rules of accessibility, for all those of transparency, or for all those of legal pages.

## The figures

Agreement: same outcome and same reason (and same value and facts, where they are labelled). Precision of an outcome: of the
verdicts given, the share that was expected. Recall: of those expected, the share that was given.

{table}

Four mistakes must never be made:

{totals}

## Disagreements

{disagreements}

## Limits

- Invented services are not a sample of the real ones: hard cases are over-represented on purpose, so these shares say how
  the rules behave on difficulties we thought of, not how often an audit of the whole State is right.
- Those who wrote the pages knew the rules, and the program was mended where the corpus showed it wrong. A figure near 100 %
  means that nothing known is wrong.
- A share over few services is coarse: its fraction stands beside it.
- The browser is not part of it: what a browser ends with is recorded in the folder.
"""


def page(judged: Sequence[Pair]) -> str:
    """``docs/accuracy.md``, whole."""
    services = len({pair.service for pair in judged})
    return _PAGE.format(
        services=services, table=table(judged), totals=totals(judged), disagreements=disagreements(judged)
    )


def data(judged: Sequence[Pair]) -> str:
    """``reports/figures/accuracy.json``, whole."""
    return json.dumps(measured(judged), indent=1) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(pairs()), "utf-8")
    DATA.write_text(data(pairs()), "utf-8")
    sys.stdout.write(f"{table(pairs())}\n\n{totals(pairs())}\n\n{disagreements(pairs())}\n")
