"""Same matter or not, learned from clerks: every pair that somebody joined, parted or told apart moves the weights.

The weights are those of `triage.pairs`, held towards the ones set by hand, so that a few judgements move little. A
version is measured on pairs it never saw, a quarter of all by the older one's number, and taken only where it is right
at least as often as what is in use and its probabilities fit no worse (mean log loss). It is not learned unless there
are enough judgements of both sorts: from one sort alone it would only learn to say that.

Left out are pairs of which a filing was erased or is confidential. That two came from one reporter is asked only of
open matters, as they are matched; nothing is learned about it, and its weight stays as set by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from math import log
from zlib import crc32

from onedoor.city.tree import tree
from onedoor.intake import queries, versions
from onedoor.intake.held import held as memory
from onedoor.intake.learning import EVERY
from onedoor.intake.lessons import JUDGED, Pair, pairs
from onedoor.intake.match import Filed, text
from onedoor.intake.models import IN_USE, REFUSED, TrainedModel
from onedoor.intake.queries import FILED, SAME, as_filed
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.models import Entry
from onedoor.matters.models import Matter
from onedoor.triage.pairs import WEIGHTS, Compared, Model, compare

FEWEST, FEWEST_HELD_OUT = 20, 5  # judgements of each sort, below which nothing is learned: it would be luck
HELD_OUT = 4  # one pair in so many is never learned from, but measured on
NEWEST = 6000  # pairs that are looked at
AT_ONCE = 400  # matters in one statement
EVEN = 0.5
SURE = 1e-6  # no probability is believed beyond this, so that one mistake does not outweigh everything
MOVED = 4  # weights that are told of
TOO_FEW = {
    "zh": "判定“同一件”与“不是一件”的配对还太少，暂不学习",
    "en": "too few pairs have been judged the same, or not the same, to learn from",
}
TITLES: dict[str, dict[str, str]] = {
    "bias": {"zh": "起点", "en": "where all begin"}, "title": {"zh": "标题相近", "en": "titles alike"},
    "whole": {"zh": "文字相近", "en": "words alike"}, "cover": {"zh": "标题见于对方", "en": "title found in the other"},
    "rare": {"zh": "少见的词相同", "en": "rare words shared"}, "passage": {"zh": "整段相同", "en": "passages copied"},
    "named": {"zh": "同一单位或小区", "en": "same firm or estate"}, "road": {"zh": "同一道路", "en": "same road"},
    "numbered": {"zh": "同一编号", "en": "same number"}, "differ": {"zh": "名称不同", "en": "names differ"},
    "otherwise": {"zh": "编号不同", "en": "numbers differ"}, "near": {"zh": "相距近", "en": "near"},
    "elsewhere": {"zh": "在两处", "en": "in two places"}, "days": {"zh": "相隔日久", "en": "days between"},
    "category": {"zh": "同一分类", "en": "same category"}, "reporter": {"zh": "同一反映人", "en": "same reporter"},
    "copied": {"zh": "同样的话说另一处", "en": "same words of another place"},
}  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """Two filings as figures, and what a clerk said of them. No text, no number, nothing of who filed."""

    compared: Compared
    same: bool
    kept_back: bool


@dataclass(frozen=True)
class Measured:
    """How weights do on pairs held out."""

    of: int
    same: int  # those of them that clerks took for one matter
    right: int  # on the side of one half where the clerk stood
    loss: float  # mean of -ln of the probability given to what the clerk said


def measured(model: Model, held_out: Sequence[Judged]) -> Measured:
    """Asks weights about every pair held out."""
    given = [(model.probability(one.compared), one.same) for one in held_out]
    losses = [-log(max(SURE, p if same else 1 - p)) for p, same in given]
    return Measured(
        len(given), sum(same for _, same in given), sum((p >= EVEN) == same for p, same in given),
        round(sum(losses) / max(1, len(losses)), 4),
    )  # fmt: skip


def judged(newest: int = NEWEST) -> list[Judged]:
    """The newest pairs that clerks judged, as figures."""
    said = list(pairs())[-newest:]
    filings = _filings({number for pair in said for number in (pair.number, pair.other)})
    rarity, within = memory().whole().rarity, float(tree().profile.match_metres)
    read = {number: text(filed) for number, filed in filings.items()}
    return [
        Judged(compare(read[pair.number], read[pair.other], rarity, within), pair.same, _kept_back(pair))
        for pair in said
        if pair.number in read and pair.other in read
    ]


def _kept_back(pair: Pair) -> bool:
    """By the older filing's number alone, under which those joined to one master stand together."""
    return crc32(min(pair.number, pair.other).encode()) % HELD_OUT == 0


def _filings(numbers: Iterable[str]) -> dict[str, Filed]:
    ordered = sorted(numbers)
    found: dict[str, Filed] = {}
    rows = Matter.objects.filter(erased_at=None, confidential=False, category__confidential=False)
    for start in range(0, len(ordered), AT_ONCE):
        some = rows.filter(number__in=ordered[start : start + AT_ONCE])
        found |= {row[0]: as_filed(*row) for row in some.values_list(*FILED)}
    return found


def learn(actor: Actor, *, newest: int = NEWEST) -> TrainedModel:
    """Trains and measures weights, and takes them into use or refuses them. Seconds of one core. Raises NotAllowed."""
    version = versions.begun(actor, SAME)
    known = judged(newest)
    held_out = [one for one in known if one.kept_back]
    studied = [one for one in known if not one.kept_back]
    version.trained_at, version.examples = time.now(), len(studied)
    if _fewest(studied) < FEWEST or _fewest(held_out) < FEWEST_HELD_OUT:
        return versions.settle(actor, version, REFUSED, TOO_FEW)
    queries.look_again()
    present = queries.door()
    model = Model().learn((one.compared, one.same) for one in studied)
    now, was = measured(model, held_out), measured(present.same, held_out)
    version.body = model.to_bytes()
    version.figures = {
        "now": asdict(now), "before": asdict(was), "compared_with": present.same_version,
        "same": sum(one.same for one in studied), "bytes": len(version.body), "moved": _moved(model),
    }  # fmt: skip
    better = now.right >= was.right and now.loss <= was.loss
    return versions.settle(actor, version, IN_USE if better else REFUSED, _why(now, was))


def _fewest(found: Sequence[Judged]) -> int:
    """Of the sort of judgement of which there are fewer, how many."""
    same = sum(one.same for one in found)
    return min(same, len(found) - same)


def _moved(model: Model) -> list[dict[str, object]]:
    """The weights that moved farthest from those set by hand."""
    far = sorted(WEIGHTS, key=lambda name: -abs(model.weights[name] - WEIGHTS[name]))[:MOVED]
    return [
        {"title": TITLES[name], "by_hand": WEIGHTS[name], "learned": round(model.weights[name], 2)}
        for name in far
    ]


def _why(now: Measured, was: Measured) -> dict[str, str]:
    loss, before = f"{now.loss:.3f}", f"{was.loss:.3f}"
    zh = f"留出的 {now.of} 对中判对 {now.right} 对（原 {was.right}），对数损失 {loss}（原 {before}）"
    en = f"right on {now.right} of {now.of} pairs held out ({was.right} before), log loss {loss} ({before} before)"
    return {"zh": zh, "en": en}


@dataclass(frozen=True)
class Said:
    """How often clerks have judged pairs."""

    same: int
    apart: int

    @property
    def enough(self) -> bool:
        """Whether there may be enough of both sorts to learn from."""
        return min(self.same, self.apart) >= FEWEST + FEWEST_HELD_OUT


def said() -> Said:
    """Counts by the log: joined; parted again, or told apart, which stands in both histories."""
    counts = {kind: Entry.objects.filter(kind=kind).count() for kind in JUDGED}
    return Said(counts["joined"], counts["separated"] + counts["told_apart"] // 2)


def is_due() -> bool:
    """Whether it is time: asked for, or a day gone by in which pairs were judged, with enough of both sorts."""
    last = TrainedModel.objects.filter(kind=SAME).order_by("-number").defer("body").first()
    if last is None or last.trained_at is None:
        return last is not None or said().enough
    if time.now() - last.trained_at < EVERY:
        return False
    return Entry.objects.filter(kind__in=JUDGED, at__gt=last.trained_at).exists() and said().enough
