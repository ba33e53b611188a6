"""The figures of a round out of its answers. What they mean is said in `rules.estimates`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from onedoor.city.tree import tree
from onedoor.kernel import log
from onedoor.surveys import queries
from onedoor.surveys.language import Question, Questionnaire
from onedoor.surveys.models import Answer, Round
from onedoor.surveys.rules import estimates
from onedoor.surveys.rules.estimates import Case, Estimate
from onedoor.surveys.rules.sampling import withheld

Figures = dict[str, Any]


@dataclass(frozen=True)
class Sample:
    """All answers of a round with their weights, and the sizes of its strata by township code."""

    rows: list[tuple[str, dict[str, Any]]]  # (township code, values)
    weights: list[float]
    sizes: dict[str, int]
    balance: str

    def cases(
        self, key: str, value: Callable[[Any], float], within: frozenset[str] | None = None
    ) -> list[Case]:
        """The answers to a question as `rules.estimates` takes them, of some townships or all."""
        return [
            Case(code, weight, value(values[key]) if key in values else 0.0, key in values,
                 str(values.get(self.balance, "")))
            for (code, values), weight in zip(self.rows, self.weights, strict=True)
            if within is None or code in within
        ]  # fmt: skip


def sample(held: Round) -> Sample:
    """Reads the answers of a round and weighs them."""
    strata = held.strata.values_list("division__code", "size")
    sizes = dict(strata)
    rows = list(
        Answer.objects.filter(stratum__round=held)
        .order_by("pk")
        .values_list("stratum__division__code", "values")
    )
    by_stratum = estimates.design_weights(Counter(code for code, _ in rows), sizes)
    weights = [by_stratum[code] for code, _ in rows]
    balance = queries.asked_in(held).balance if held.shares else None
    if balance and rows:
        weights = estimates.balanced(weights, [values[balance] for _, values in rows], held.shares)
    return Sample(rows, weights, sizes, balance or "")


def reckon(held: Round) -> Figures:
    """All figures of a round: as stored when it closes, and as a command shows them while it runs."""
    asked, drawn = queries.asked_in(held), sample(held)
    return {
        "answers": len(drawn.rows),
        "population": sum(drawn.sizes.values()),
        "effect": round(estimates.design_effect(drawn.weights), 4),
        "balanced": drawn.balance,
        "response": queries.response(held),
        "questions": {
            key: _question(question, key, drawn)
            for key, question in asked.questions.items()
            if question.published != "nothing"
        },
        "places": _places(held, asked, drawn),
    }


def _question(question: Question, key: str, drawn: Sample) -> Figures:
    if question.published == "mean":
        return {"mean": _told(estimates.mean(drawn.cases(key, float), drawn.sizes))}
    options = {name: _share(drawn, key, {name}) for name in question.options}
    return {"options": options, "counted": _share(drawn, key, _counted(question))}


def _counted(question: Question) -> set[str]:
    return {name for name, option in question.options.items() if option.counts}


def _share(drawn: Sample, key: str, names: set[str], within: frozenset[str] | None = None) -> Figures | None:
    """The share of those asked who chose one of `names`; None where it cannot be told."""
    if not names:
        return None
    cases = drawn.cases(key, lambda value: float(bool(names & set(_as_list(value)))), within)
    return _told(estimates.share(cases, drawn.sizes))


def _as_list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def _told(found: Estimate | None) -> Figures | None:
    return {name: round(value, 6) for name, value in asdict(found).items()} if found else None


def _places(held: Round, asked: Questionnaire, drawn: Sample) -> list[Figures]:
    """The headline of every place below the division, parents first; None where too few answered to tell.

    Siblings are withheld together, and with a place all that lies in it.
    """
    places, counted = tree(), _counted(asked.questions[asked.headline])
    below = _townships(held, drawn.sizes)
    counts = {node: sum(code in codes for code, _ in drawn.rows) for node, codes in below.items()}
    hidden: set[int] = set()
    told = []
    for parent, group in _siblings(below).items():
        few = {int(node) for node in withheld({str(node): counts[node] for node in group}, held.least)}
        hidden |= set(group) if parent in hidden else few
        for node_id in group:
            node = places.nodes[node_id]
            estimate = None if node_id in hidden else _share(drawn, asked.headline, counted, below[node_id])
            told.append({
                "code": node.code, "name": places.full_name(node_id), "level": node.level,
                "answers": None if node_id in hidden else counts[node_id], "counted": estimate,
            })  # fmt: skip
    return sorted(told, key=lambda place: place["code"])


def _townships(held: Round, sizes: Mapping[str, int]) -> dict[int, frozenset[str]]:
    """Every place between the division and its townships, those included → the codes of its townships."""
    places, found = tree(), defaultdict(set)
    for code in sizes:
        node = places.by_code.get(code)  # a township that was merged since stands in the whole only
        path = node.path if node else ()
        for place in path[path.index(held.division_id) + 1 :] if held.division_id in path else ():
            found[place].add(code)
    return {place: frozenset(codes) for place, codes in found.items()}


def _siblings(nodes: Iterable[int]) -> dict[int | None, list[int]]:
    """Parent → its children among `nodes`, the upper parents first."""
    places = tree()
    found: dict[int | None, list[int]] = defaultdict(list)
    for node in sorted(nodes, key=lambda one: (len(places.nodes[one].path), places.nodes[one].code)):
        found[places.nodes[node].parent_id].append(node)
    return dict(found)


def seal(held: Round) -> str:
    """A digest over all answers of a round, so that one changed later would show."""
    rows = Answer.objects.filter(stratum__round=held).values_list("id", "stratum_id", "channel", "values")
    return log.digest(sorted((str(pk), stratum, channel, values) for pk, stratum, channel, values in rows))
