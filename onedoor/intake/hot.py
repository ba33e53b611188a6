"""Hot issues kept up: each new filing is put to its group, outside every request; all are grouped anew by night.

Confidential filings and those whose words were erased never enter, and leave when they become so. Who reported is only
counted: by the blind token of the contact, which is read while counting and kept nowhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from onedoor.city.queries import directory
from onedoor.city.tree import tree
from onedoor.intake import lessons
from onedoor.intake.heat import Groups, Held, Item, Told, headline, heat
from onedoor.intake.models import HotGroup, HotMember, HotState
from onedoor.intake.queries import door
from onedoor.kernel import time
from onedoor.kernel.statements import any_of, insert, update
from onedoor.matters.models import Matter, Party
from onedoor.triage.pairs import Filed, Text

KEPT = timedelta(days=60)  # how long filings stay comparable
AT_ONCE = 200  # filings put to their groups in one go
READ_AT_ONCE = 5000  # earlier filings read into memory in one go
MOST = 20_000  # filings in memory
MARGIN = 500  # numbers looked at again: a filing committed late may have an earlier one
REBUILT = timedelta(days=1)
FIELDS = ("pk", "number", "title", "detail", "category_id", "division_id", "lon", "lat", "opened_at")
TOWNSHIP = 2  # steps below the city
HEADED = ("headline", "first_at", "last_at")
DAY = 86_400.0  # seconds


def open_to_grouping() -> QuerySet[Matter]:
    """The filings that may be grouped: of residents' own making or staff's, but neither confidential nor erased."""
    return Matter.objects.filter(confidential=False, erased_at=None, category__confidential=False).exclude(
        pk__in=HotGroup.objects.exclude(campaign=None).values("campaign")
    )


def _items(rows: QuerySet[Matter]) -> list[Item]:
    return [_item(*row) for row in rows.values_list(*FIELDS)]


def _item(
    pk: int, number: str, title: str, detail: str, category_id: int, division_id: int, lon: float | None,
    lat: float | None, at: datetime,
) -> Item:  # fmt: skip
    category, node = directory().category_by_id.get(category_id), tree().nodes.get(division_id)
    code, path = category.code if category else "", node.path if node else ()
    return Item(pk, number, at, Text(Filed(title, detail, at.timestamp() / DAY, code, path, lon, lat)))


def said() -> dict[frozenset[str], bool]:
    """What people said of pairs of filings: joined, or not the same."""
    return {frozenset((pair.number, pair.other)): pair.same for pair in lessons.pairs()}


class Watch:
    """Grouping as it goes on in one process: earlier filings are held in memory, new ones put to their groups."""

    def __init__(self) -> None:
        self.held = Held()
        self.read_to = 0  # the last earlier filing that was read into memory

    def __call__(self) -> int:
        """Does a bounded piece of the work; how many filings were put to a group."""
        state, _ = HotState.objects.get_or_create(pk=1)
        leave()
        self.held.model = door().same
        recent = open_to_grouping().filter(opened_at__gte=time.now() - KEPT).order_by("pk")
        self.held.keep(
            set(recent.values_list("pk", flat=True))
        )  # what became confidential or was erased goes
        if self.read_to < state.looked_to:
            earlier = recent.filter(pk__gt=self.read_to, pk__lte=state.looked_to)
            return self._read(earlier, state.looked_to)
        again = recent.filter(pk__gt=state.looked_to - MARGIN, pk__lte=state.looked_to)
        late = again.exclude(pk__in=list(self.held.items))
        fresh = [*_items(late), *_items(recent.filter(pk__gt=state.looked_to)[:AT_ONCE])]
        return self._put(fresh, state) if fresh else 0

    def _read(self, earlier: QuerySet[Matter], end: int) -> int:
        found = _items(earlier[:READ_AT_ONCE])
        for item in found:
            self.held.add(item)
        self.read_to = found[-1].pk if len(found) == READ_AT_ONCE else end
        return 0

    @transaction.atomic
    def _put(self, fresh: Sequence[Item], state: HotState) -> int:
        groups = Groups(self.held, said())
        known: defaultdict[int, list[int]] = defaultdict(list)
        for group, pk in HotMember.objects.order_by("matter_id").values_list("group_id", "matter_id"):
            if pk in self.held.items:
                known[group].append(pk)
        for group, pks in known.items():
            groups.members[group] = pks
            groups.of |= dict.fromkeys(pks, group)
        groups.next = max(known, default=0) + 1_000_000
        touched = {put for item in fresh if (put := groups.put(item)) is not None}
        keep(groups, heads(groups, touched), set(known))
        state.looked_to = max(state.looked_to, *(item.pk for item in fresh))
        self.read_to = state.looked_to
        state.save()
        recount()
        return len(touched)


@dataclass(frozen=True)
class Head:
    """What stands over a group."""

    headline: str
    first_at: datetime
    last_at: datetime


def heads(groups: Groups, keys: Iterable[int]) -> dict[int, Head]:
    """What stands over these groups. Headlines take longest, so that they are drawn before anything is locked."""
    found = {}
    for key in sorted(keys):
        items = [groups.held.items[pk] for pk in groups.members[key]]
        found[key] = Head(headline(items)[:120], min(i.at for i in items), max(i.at for i in items))
    return found


def keep(groups: Groups, touched: Mapping[int, Head], known: set[int]) -> None:
    """Writes the groups that changed, in few statements; those not known yet are new rows."""
    rows = HotGroup.objects.in_bulk([key for key in touched if key in known])
    for key, head in touched.items():
        row = rows.setdefault(key, HotGroup(first_at=head.first_at))
        row.headline, row.last_at = head.headline, head.last_at
        row.first_at = min(row.first_at, head.first_at)
        if row.pk:
            update(row, HEADED)
    insert([row for row in rows.values() if not row.pk])
    held = set(HotMember.objects.filter(group_id__in=any_of(known)).values_list("group_id", "matter_id"))
    insert([
        HotMember(group=row, matter_id=pk, share=groups.why[pk][0], why=groups.why[pk][1])
        for key, row in rows.items()
        for pk in groups.members[key]
        if (row.pk, pk) not in held and pk in groups.why
    ])  # fmt: skip


def leave() -> None:
    """Takes out what has become confidential or was erased, and groups that are left with fewer than two."""
    gone = HotMember.objects.exclude(matter__confidential=False, matter__erased_at=None)
    gone = gone | HotMember.objects.filter(matter__category__confidential=True)
    touched = set(gone.values_list("group_id", flat=True))
    if touched:
        HotMember.objects.filter(pk__in=list(gone.values_list("pk", flat=True))).delete()
        tidy_up(touched)


def tidy_up(group_ids: Iterable[int]) -> None:
    """Heads the groups anew by what is left of them; those left with fewer than two filings are no groups any more."""
    for group in HotGroup.objects.filter(pk__in=list(group_ids)):
        items = _items(Matter.objects.filter(hot__group=group))
        if len(items) < 2 and group.campaign_id is None:
            group.delete()
        elif items:
            group.headline = headline(items)[:120]
            group.first_at, group.last_at = min(i.at for i in items), max(i.at for i in items)
            group.save()


def counted(group_ids: Iterable[int], seen: QuerySet[Matter]) -> dict[int, list[Told]]:
    """By group, those of its filings that are among `seen`, with the tokens of who brought them, for counting."""
    nodes = tree().nodes
    rows = list(
        HotMember.objects.filter(
            group_id__in=any_of(set(group_ids)), matter__in=seen, matter__confidential=False
        )
        .order_by("matter__opened_at", "matter_id")
        .values_list("group_id", "matter_id", "matter__opened_at", "matter__division_id")
    )
    tokens: defaultdict[int, set[str]] = defaultdict(set)
    parties = Party.objects.filter(matter_id__in=any_of({row[1] for row in rows}), role="reporter")
    for matter_id, token, pk in parties.values_list("matter_id", "contact_token", "pk"):
        tokens[matter_id].add(token or f"#{pk}")  # who left no contact is counted as one of her own
    found: defaultdict[int, list[Told]] = defaultdict(list)
    for group, matter_id, at, division in rows:
        path = nodes[division].path if division in nodes else ()
        township = path[min(TOWNSHIP, len(path) - 1)] if path else 0
        found[group].append(Told(at, township, frozenset(tokens[matter_id])))
    return dict(found)


def recount() -> None:
    """The index over all filings of each group of late, by which the lists are ordered: read first, then written."""
    now = time.now()
    groups = list(HotGroup.objects.filter(last_at__gte=now - KEPT))
    told = counted([group.pk for group in groups], Matter.objects.all())
    found = {group.pk: heat(told.get(group.pk, []), now).index for group in groups}
    with transaction.atomic():
        for group in groups:
            if group.index != found[group.pk]:
                group.index = found[group.pk]
                update(group, ["index"])


def is_due() -> bool:
    """Whether a day has gone by since all was grouped anew."""
    state = HotState.objects.filter(pk=1).first()
    rebuilt = state.rebuilt_at if state else None
    return Matter.objects.exists() and (rebuilt is None or time.now() - rebuilt >= REBUILT)


def rebuild(now: datetime | None = None) -> int:
    """Groups all filings of the last weeks anew, by what is known today; how many groups there are.

    A group keeps its row (its address, its campaign) where most of its filings stay together.
    """
    now = now or time.now()
    recent = open_to_grouping().filter(opened_at__gte=now - KEPT).order_by("-pk")
    items = _items(
        Matter.objects.filter(pk__in=list(recent.values_list("pk", flat=True)[:MOST])).order_by("pk")
    )
    groups = Groups(Held(door().same), said())
    for one in items:
        groups.held.add(one)
    for one in items:
        groups.put(one)
    groups.unite()
    headed = heads(groups, groups.members)
    with transaction.atomic():
        count = _replace(groups, headed, items)
    recount()
    return count


def _replace(groups: Groups, headed: Mapping[int, Head], items: Sequence[Item]) -> int:
    state, _ = HotState.objects.select_for_update().get_or_create(pk=1)
    looked = {item.pk for item in items}
    before = dict(HotMember.objects.filter(matter_id__in=any_of(looked)).values_list("matter_id", "group_id"))
    names: dict[int, int] = {}
    taken: set[int] = set()
    for key, pks in sorted(groups.members.items(), key=lambda group: -len(group[1])):
        rows = [before[pk] for pk in pks if pk in before and before[pk] not in taken]
        names[key] = max(set(rows), key=lambda row: (rows.count(row), -row)) if rows else -key
        taken.add(names[key])
    HotMember.objects.filter(matter_id__in=any_of(looked)).delete()
    renamed = Groups(groups.held, groups.told)
    renamed.members = {names[key]: pks for key, pks in groups.members.items()}
    renamed.why = groups.why
    known = {row for row in names.values() if row > 0}
    keep(renamed, {names[key]: head for key, head in headed.items()}, known)
    tidy_up(set(before.values()) - known)
    newest = max((item.pk for item in items), default=0)
    state.looked_to, state.rebuilt_at = max(state.looked_to, newest), time.now()
    state.save()
    return len(renamed.members)
