"""A report of made-up figures, with runs of the years before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from reports.figures.figure import Figure, Share
from reports.figures.past import Counted
from reports.render.report import Report
from reports.store.records import RunRecord

LABEL = "Services qui respectent les obligations"


def run(day: str = "2026-11-23", *, rule: int = 1, is_healthy: bool = True, **state) -> RunRecord:
    return RunRecord(
        id=f"{day}T0600Z",
        started_at=f"{day}T06:00:00+00:00",
        as_of=day,
        registry_digest=f"sha256:{day.replace('-', '')}0123456789abcdef",
        ruleset="sha256:fedcba9876543210fedcba",
        state={
            "versions": {"toise": "0.1.0"},
            "ruleset": {
                "rules": {"accessibility-mention": {"version": rule}, "accessibility-declaration": {"version": 3}}
            },
            "health": {"is_healthy": is_healthy, "reasons": ["registre raccourci"]},
            **state,
        },
    )


def figure(share: Share | None = None, *, id: str = "accessibility-obligations", **more) -> Figure:  # noqa: A002
    about = {"label": LABEL, "population": "services qui ont une adresse", "definition": "La règle est respectée."}
    return Figure(id=id, share=share, **(about | more))


def counted(day: str, *shares: Share | None) -> Counted:
    """A run that gives the figure of obligations, or nothing."""
    return Counted(run=run(day), figures=tuple(figure(share) for share in shares if share))


def incubators(*names: str) -> tuple[Figure, ...]:
    """The first has as many services as there are names, the last one."""
    return tuple(
        figure(id="services-by-incubator", by="incubator", group=name, count=len(names) - rank)
        for rank, name in enumerate(names)
    )


def report(**changes) -> Report:
    share = Share(passed=170, failed=66, undecided=12, inapplicable=62, untested=1)
    made = Report(
        run=run(),
        figures=(figure(share),),
        registry_figures=(
            figure(id="services-supported", label="Services accompagnés ou pérennisés", count=248),
            *incubators("dinum", "mtes"),
        ),
        by_phase=(),
        by_incubator=(),
        by_sponsor=(),
        services=(),
        bare_services=(),
        rules={},
        evidence=lambda *_: None,
    )
    return replace(made, **changes)


def day(text: str) -> date:
    return date.fromisoformat(text)
