"""What the values declared in a registry are: how many of each kind, by the shape of their addresses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from checks.model.declared import FIELDS, KINDS, Declared, declared
from checks.model.service import Service
from reports.figures.figure import Figure
from reports.language import N_, Spoken, _

_LABELS: Mapping[str, str] = Spoken(
    {
        "statistics_url": "Statistiques déclarées",
        "budget_url": "Budgets déclarés",
        "repository": "Codes sources déclarés",
    }
)
_POPULATION = N_("toutes les entrées du registre qui remplissent ce champ")
_DEFINITION = N_(
    "Valeurs du registre rangées d'après la forme de leur adresse, que personne n'a visitée. À part : celles qui peuvent être la "
    "page, le document ou le dépôt d'un seul service, et celles qu'il a fallu réparer pour les lire."
)


def declared_kinds(services: Iterable[Service]) -> Iterator[Figure]:
    """For each field, one figure a kind, the most frequent first; each value is in exactly one."""
    known = tuple(services)
    for field in FIELDS:
        values = [value for service in known if (value := declared(service, field))]
        counts = Counter(value.kind for value in values)
        for kind, _count in sorted(counts.items(), key=lambda pair: (-pair[1], list(KINDS).index(pair[0]))):
            yield _figure(field, kind, [value for value in values if value.kind == kind])


def _figure(field: str, kind: str, values: list[Declared]) -> Figure:
    return Figure(
        id=f"{field.replace('_', '-')}-kinds",
        label=_("{field} : {kind}").format(field=_LABELS[field], kind=_(KINDS[kind])),
        population=_(_POPULATION),
        definition=_(_DEFINITION),
        count=len(values),
        by="kind",
        group=kind,
        details={
            "attributable": sum(value.is_attributable for value in values),
            "repaired": sum(value.is_repaired for value in values),
        },
    )
