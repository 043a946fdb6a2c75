"""The rows of the finance bill's table (projet de loi de finances) that a registry alone can give, one figure a year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from checks.model.service import PhaseGroup, Service
from reports.figures.figure import Figure
from reports.language import N_, _

DINUM = "dinum"
DINUM_PRODUCTS = "dinum_produits_interministeriels"
"""The other incubator of the same administration, which some editions of the annual report count with it."""

_EVERY_ENTRY = N_("toutes les entrées du registre")


def plf_figures(services: Sequence[Service], *, as_of: str | None, year: int | None) -> Iterator[Figure]:
    """``launched-by-dinum`` and ``national-impact-new`` of one year, or without ``year`` of each one on record.

    With ``as_of`` (ISO), constructions that begin later do not count. Events of national impact are not limited by it:
    the registry receives them the year after the one that they stand for.
    """
    for one in _years(year, _launch_years(services, as_of)):
        yield _launched_by_dinum(services, as_of, one)
    for one in _years(year, _impact_years(services)):
        yield _national_impact_new(services, one)


def _years(asked: int | None, recorded: Iterable[int]) -> list[int]:
    return sorted(set(recorded)) if asked is None else [asked]


def _launch_years(services: Sequence[Service], as_of: str | None) -> Iterator[int]:
    for service in services:
        if service.incubators[:1] in {(DINUM,), (DINUM_PRODUCTS,)}:
            yield from (int(start[:4]) for start in _constructions(service, as_of))


def _impact_years(services: Sequence[Service]) -> Iterator[int]:
    events = (event for service in services for event in service.events if event.name == "national_impact")
    return (int(event.date[:4]) - 1 for event in events if event.date)


def _constructions(service: Service, as_of: str | None) -> Iterator[str]:
    """The days (ISO) on which a construction begins."""
    for phase in service.phases:
        if phase.group is PhaseGroup.CONSTRUCTION and phase.start and not (as_of and phase.start > as_of):
            yield phase.start


def _launched_by_dinum(services: Sequence[Service], as_of: str | None, year: int) -> Figure:
    launched = [one for one in services if any(day.startswith(f"{year}-") for day in _constructions(one, as_of))]
    ids = [service.id for service in launched if service.incubators[:1] == (DINUM,)]
    products = [service.id for service in launched if service.incubators[:1] == (DINUM_PRODUCTS,)]
    return Figure(
        id="launched-by-dinum",
        label=_("Services lancés par la DINUM en {year}").format(year=year),
        population=_(_EVERY_ENTRY),
        definition=_(
            "Entrées dont une phase de construction commence en {year} et dont le premier incubateur est « {dinum} » "
            "; à part, avec celles de « {products} »."
        ).format(year=year, dinum=DINUM, products=DINUM_PRODUCTS),
        count=len(ids),
        by="year",
        group=str(year),
        details={"services": ids, f"with-{DINUM_PRODUCTS}": len(ids) + len(products)},
    )


def _national_impact_new(services: Sequence[Service], year: int) -> Figure:
    events = [
        {"service": service.id, "date": event.date}
        for service in services
        for event in service.events
        if event.name == "national_impact" and (event.date or "").startswith(f"{year + 1}-")
    ]
    return Figure(
        id="national-impact-new",
        label=_("Nouveaux services à impact national de {year}").format(year=year),
        population=_(_EVERY_ENTRY),
        definition=_(
            "Événements « national_impact » datés de {year} : le registre les reçoit l'année qui suit celle "
            "qu'ils distinguent."
        ).format(year=year + 1),
        count=len(events),
        by="year",
        group=str(year),
        details={"events": events},
    )
