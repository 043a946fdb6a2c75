"""What a chart shows, in a sentence, for those who do not see it."""

from __future__ import annotations

from collections.abc import Sequence

from reports.figures.figure import percent
from reports.language import _, many
from reports.render import words
from reports.render.charts import NAME, Bar, Point
from reports.render.foreign import cut


def trend(points: Sequence[Point]) -> str:
    """From where to where a share went, between what, and whether what is undecided could explain it."""
    drawn = [point for point in points if point.is_drawn]
    if not drawn:
        return _("Aucun audit ne donne ce chiffre en pourcentage.")
    first, last = drawn[0], drawn[-1]
    if first is last:
        return _("{share} le {day}, seul audit qui donne ce chiffre en pourcentage.").format(
            share=_share(last), day=_day(last)
        )
    sentences = [
        _moved(first, last, len(drawn)),
        *_extremes(drawn),
        *_gaps(points),
        *_doubt(first, last),
        *_redefined(drawn),
    ]
    return " ".join(sentences)


def ranking(bars: Sequence[Bar], count: int) -> str:
    """``count`` is the number of incubators."""
    if not bars:
        return _("Le registre ne nomme aucun incubateur.")
    largest = ", ".join(f"{cut(bar.name, NAME)} ({bar.count})" for bar in bars[:3] if not bar.others)
    text = many(
        "{number} incubateur : {largest}.",
        "{number} incubateurs ; ceux qui ont le plus de services : {largest}.",
        count,
    )
    return words.spaced(text).format(number=count, largest=largest)


def _moved(first: Point, last: Point, number: int) -> str:
    start, end = _share(first), _share(last)
    if start == end:
        text = _("{end} le {last} comme le {first}, en {number} audits.")
    elif (first.percent or 0) < (last.percent or 0):
        text = _("En hausse : de {start} le {first} à {end} le {last}, en {number} audits.")
    else:
        text = _("En baisse : de {start} le {first} à {end} le {last}, en {number} audits.")
    return words.spaced(text.format(start=start, end=end, first=_day(first), last=_day(last), number=number))


def _extremes(drawn: Sequence[Point]) -> list[str]:
    """The lowest and the highest, where they are not the ends."""
    low, high = (choose(drawn, key=lambda point: point.percent or 0) for choose in (min, max))
    said = {_share(drawn[0]), _share(drawn[-1])}
    return [
        text.format(share=_share(point), day=_day(point))
        for text, point in ((_("Au plus bas, {share} le {day}."), low), (_("Au plus haut, {share} le {day}."), high))
        if _share(point) not in said
    ]


def _gaps(points: Sequence[Point]) -> list[str]:
    missing = sum(not point.is_drawn for point in points)
    if not missing:
        return []
    text = many(
        "{number} audit ne donne pas ce chiffre en pourcentage.",
        "{number} audits ne donnent pas ce chiffre en pourcentage.",
        missing,
    )
    return [text.format(number=missing)]


def _doubt(first: Point, last: Point) -> list[str]:
    if _share(first) != _share(last) and first.low <= last.high and last.low <= first.high:
        return [_("Les bornes des deux se recouvrent : les indéterminés pourraient à eux seuls expliquer l'écart.")]
    return []


def _redefined(drawn: Sequence[Point]) -> list[str]:
    """The definition of a figure names the version of its rules."""
    if len({point.figure.definition for point in drawn if point.figure}) == 1:
        return []
    return [
        _("La définition de ce chiffre a changé entre ces audits : l'écart ne doit pas être attribué aux seuls sites.")
    ]


def _share(point: Point) -> str:
    return percent((point.percent or 0) / 100)


def _day(point: Point) -> str:
    return words.day(point.day.isoformat())
