"""What changed between two judgements, for people: what moved each figure, then the verdicts, by cause and by service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from checks.model.judgement import Judgement
from checks.model.rule import Rule, Status
from reports.figures.changes import Cause
from reports.figures.comparison import Comparison, Difference, differences
from reports.figures.figure import FEW, share_text
from reports.figures.moves import STAGES, Move
from reports.render.comparison_services import service_lines
from reports.render.foreign import cut, one_line
from reports.render.lines import WIDTH, ours
from reports.render.words import NBSP, OUTCOMES, counted, day

_FIGURE = 22
_VERDICT = 40

_CAUSES: Mapping[Cause, str] = {
    Cause.RULE: "Règles",
    Cause.REGISTRY: "Registre",
    Cause.INDISTINCT: "Sans cause",
    Cause.SITE: "Sites",
}
_BY: Mapping[Cause, str] = {
    Cause.RULE: "par les règles",
    Cause.REGISTRY: "par le registre",
    Cause.INDISTINCT: "sans que la cause soit connue",
    Cause.SITE: "par les sites",
}
_LEGEND = (
    "Règles : les captures du premier audit, jugées selon les règles du second. Registre : les mêmes, avec les fiches du second, "
    "ou ce qui tient à une adresse que le premier n'a pas visitée. Sites : le reste."
)


def text(found: Comparison, rules: Mapping[str, Rule], *, is_all: bool) -> Iterator[str]:
    yield "\n".join(_heading(found))
    yield "\n".join(["", *_figures(found)])
    yield "\n".join(["", *_verdicts(found, is_all=is_all), "", *ours(_LEGEND)])
    for cause in found.causes:
        if _is_told(found, cause, is_all=is_all):
            yield "\n".join(["", f"CE QUI CHANGE {_BY[cause].upper()}", *_kinds(found, cause, rules)])
        for (service, name), ones in groupby(found.changes(cause), key=lambda one: (one.service, one.name)):
            told = list(service_lines(list(ones), found, rules, is_all=is_all))
            if told:
                yield "\n".join(["", f"  {cut(name)} [{one_line(service)}]", *told])


def _is_told(found: Comparison, cause: Cause, *, is_all: bool) -> bool:
    counts = found.counts
    return any([counts.changed(cause), counts.come(cause), counts.gone(cause), is_all and counts.reworded(cause)])


def _heading(found: Comparison) -> Iterator[str]:
    yield f"De   {_side(found.old)}"
    yield f"à    {_side(found.new)}"
    for side in (found.old, found.new):
        if not side.folder.is_healthy:
            yield from ours(f"Attention : {side.folder.id} n'est pas sain, ses chiffres ne sont pas à publier.")
    yield ""
    yield from ours(f"Registre  {_registries(found)}", 10)
    yield from ours(f"Services  {_services(found)}", 10)
    yield from ours(f"Règles    {_rules(found)}", 10)
    yield from ours(f"En bref   {_in_short(found)}", 10)
    corrected = dict.fromkeys(side.folder.id for side in (found.old, found.new) if _has_corrections(side))
    if corrected:
        yield from ours(
            f"Attention : les corrections de {' et de '.join(corrected)} ne comptent pas ici, ce sont les verdicts automatiques "
            "qui sont comparés. « toise summary --against » donne les chiffres avec elles et sans elles."
        )
    if found.counts.retried:
        again = f"{counted(found.counts.retried, 'service')} de {found.old.folder.id}"
        yield from ours(f"Captures  jugées de nouveau pour cette comparaison : {again}.", 10)


def _has_corrections(side: Judgement) -> bool:
    return bool((side.folder.state.get("overrides") or {}).get("applied"))


def _in_short(found: Comparison) -> str:
    figures = counted(sum(move.has_moved for move in found.moves), "chiffre bouge", "chiffres bougent")
    counts = [(cause, found.counts.changed(cause)) for cause in found.causes]
    verdicts = counted(sum(count for _, count in counts), "verdict change", "verdicts changent")
    return f"{figures}, {verdicts} ({', '.join(f'{_BY[cause]} : {count}' for cause, count in counts)})."


def _side(side: Judgement) -> str:
    return f"{side.name}, au {day(str(side.folder.state.get('as_of', '')))}"


def _registries(found: Comparison) -> str:
    old, new = ((side.folder.state.get("registry") or {}).get("digest", "?") for side in (found.old, found.new))
    return f"le même ({old})" if old == new else f"{old}, puis {new}"


def _services(found: Comparison) -> str:
    counts = found.counts
    if found.terms.is_same_gathering:
        return f"{counted(counts.both, 'service')}, d'un seul audit : seules les règles peuvent différer."
    parts = [f"{counts.both} dans les deux audits", f"{counts.entered} dans le second seul"]
    return f"{', '.join(parts)}, {counts.left} dans le premier seul."


def _rules(found: Comparison) -> str:
    terms = found.terms
    moved = [rule for rule in terms.rules if terms.has_moved(rule)]
    if not moved:
        return "les mêmes versions."
    return f"{'; '.join(f'{rule} ({_versions(found, rule)})' for rule in moved)}.".replace(";", f"{NBSP};")


def _versions(found: Comparison, rule: str) -> str:
    before, after = found.terms.before.get(rule), found.terms.after.get(rule)
    if before is None:
        return f"nouvelle, version {after}"
    return f"retirée, version {before}" if after is None else f"version {before} → {after}"


def _figures(found: Comparison) -> Iterator[str]:
    moved = [move for move in found.moves if move.has_moved]
    if moved:
        names = ["Avant", *(_CAUSES[cause] for cause in found.causes), "Après"]
        yield "CE QUI FAIT BOUGER LES CHIFFRES"
        yield _columns("", names)
    for move in moved:
        yield ""
        yield from _figure(move, found)
    still = [move.figure.id for move in found.moves if not (move.has_moved or move.is_new or move.is_gone)]
    yield from _listed("Chiffres inchangés" if moved else "Aucun chiffre ne bouge", still)
    yield from _listed("Chiffres nouveaux", [move.figure.id for move in found.moves if move.is_new])
    yield from _listed("Chiffres retirés", [move.figure.id for move in found.moves if move.is_gone])


def _listed(label: str, ids: Sequence[str]) -> list[str]:
    return ["", *ours(f"{label} : {', '.join(ids)}.", 2)] if ids else []


def _figure(move: Move, found: Comparison) -> Iterator[str]:
    figure, before, after = move.figure, move.before, move.after
    yield from ours(one_line(figure.label))
    yield from ours(f"  {one_line(figure.population)} [{figure.id}]", 2)
    yield f"  {share_text(before)} → {share_text(after)}"
    steps = [one for cause, one in zip(STAGES[1:], differences(move), strict=True) if cause in found.causes]
    pairs = [_pair(_signed(one.numerator), _signed(one.denominator)) for one in steps]
    yield _columns(
        "  Oui / décidés", [_pair(before.passed, before.decided), *pairs, _pair(after.passed, after.decided)]
    )
    if any(share.undecided for share in move.shares):
        moved = [_signed(one.undecided) for one in steps]
        yield _columns("  Indéterminés", [str(before.undecided), *moved, str(after.undecided)])
    if all(share.n >= FEW for share in move.shares):
        yield _columns("  Part (%, et points)", _percentages(move, steps))


def _pair(numerator: object, denominator: object) -> str:
    return "0" if (numerator, denominator) == ("0", "0") else f"{numerator} / {denominator}"


def _percentages(move: Move, steps: Sequence[Difference]) -> list[str]:
    ends = ("n/d" if share.value is None else f"{100 * share.value:.1f}" for share in (move.before, move.after))
    before, after = (end.replace(".", ",") for end in ends)
    return [before, *(_signed(step.points) for step in steps), after]


def _signed(number: float | None) -> str:
    """In French: the minus sign, a comma, and no sign on nothing."""
    if number is None:
        return "n/d"
    said = f"{number:+.1f}" if isinstance(number, float) else f"{number:+}"
    return said.replace("-", "\N{MINUS SIGN}").replace(".", ",") if number else "0"


def _verdicts(found: Comparison, *, is_all: bool) -> Iterator[str]:
    counts = found.counts
    yield _columns("CE QUI CHANGE DANS LES VERDICTS", [_CAUSES[cause] for cause in found.causes], _VERDICT)
    for label, count in (
        ("autre résultat", counts.changed),
        ("nouveaux (service ou règle)", counts.come),
        ("disparus (service ou règle)", counts.gone),
        ("autre motif ou valeur seulement", counts.reworded),
    ):
        numbers = [count(cause) for cause in found.causes]
        if any(numbers) or count == counts.changed:
            yield _columns(f"  {label}", list(map(str, numbers)), _VERDICT)
    if not is_all and any(counts.reworded(cause) for cause in found.causes):
        yield "  (--all montre aussi les changements de motif ou de valeur, un par un.)"


def _kinds(found: Comparison, cause: Cause, rules: Mapping[str, Rule]) -> list[str]:
    """How many verdicts of each rule went from which outcome to which. Those that come or go with a service are told with
    it, and those of which another reason is all are not told here."""
    lines = []
    for rule in found.terms.rules:
        kinds = [
            (before, after, count)
            for (of, name, before, after), count in found.counts.kinds.items()
            if (of, name) == (cause, rule)
            and before is not after
            and (cause is Cause.RULE or None not in {before, after})
        ]
        if kinds:
            told = ", ".join(f"{count} {_outcome(before)} → {_outcome(after)}" for before, after, count in kinds)
            lines += ours(f"  {_named(rule, cause, found, rules)} : {told}", 4)
    return lines


def _named(rule: str, cause: Cause, found: Comparison, rules: Mapping[str, Rule]) -> str:
    trial = "à l'essai" if rule in rules and rules[rule].status is Status.EVALUATION else ""
    versions = _versions(found, rule) if cause is Cause.RULE else ""
    about = ", ".join(filter(None, [versions, trial]))
    return f"{rule} ({about})" if about else rule


def _outcome(found: object) -> str:
    return next((word.lower() for known, word in OUTCOMES.items() if known is found), "(rien)")


def _columns(name: str, cells: Sequence[str], room: int = _FIGURE) -> str:
    width = (WIDTH - room) // len(cells)
    return (f"{name:<{room}}" + "".join(f"{cell:>{width}}" for cell in cells)).rstrip()
