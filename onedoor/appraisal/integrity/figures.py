"""What is counted of units in a period, each as one statement over the lake: a row for every case, with the unit it
falls to, its matter, and whether it counts. `$begin` and `$end` are the moments of the period, in seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FILES = "{0} AS (SELECT * FROM read_parquet(${0}, hive_partitioning = false))"
WITHIN = "{0} AND epoch({1}) >= $begin AND epoch({1}) < $end"


@dataclass(frozen=True)
class Counted:
    """One figure: what it is called, how it is counted, out of which tables, and by which moment."""

    key: str
    title: Mapping[str, str]
    about: Mapping[str, str]
    tables: tuple[str, ...]
    moment: str  # what must lie in the period
    rows: str  # selects subject, number, counts; ends in a condition
    of: bool = True  # whether those that do not count are what it is out of

    @property
    def statement(self) -> str:
        """The whole statement, with the files of its tables as parameters by their names."""
        held = ", ".join(FILES.format(table) for table in self.tables)
        return f"WITH {held} {WITHIN.format(self.rows, self.moment)}"


FIGURES: tuple[Counted, ...] = (
    Counted(
        "no_contact",
        {"zh": "未联系即办结", "en": "Closed without contact"},
        {"zh": "本期办结、听取了群众评判的事项中，承办单位在评判前没有联系告知过的",
         "en": "Of the matters that ended and somebody was asked about: those whose unit told nobody of its handling "
               "before"},
        ("matters", "verdicts"),
        "m.closed_at",
        "SELECT m.unit AS subject, m.number, NOT v.contacted AS counts FROM matters AS m "
        "JOIN (SELECT number, bool_or(contacted) AS contacted FROM verdicts GROUP BY number) AS v USING (number) "
        "WHERE NOT m.joined",
    ),
    Counted(
        "last_hour",
        {"zh": "最后一小时答复", "en": "Answered in the last hour"},
        {"zh": "本期按期答复中，距到期不足一小时的",
         "en": "Of the answers in time: those less than an hour before the limit"},
        ("clocks",),
        "ended_at",
        "SELECT unit AS subject, number, epoch(due_at) - epoch(ended_at) < 3600 AS counts FROM clocks "
        "WHERE name = 'act' AND in_time",
    ),
    Counted(
        "moved_clock",
        {"zh": "改类改变了期限", "en": "Reclassified, and the limit moved"},
        {"zh": "本期改类或改派，原办理期限作废、换成更晚到期的期限的次数，计在当时负责的单位",
         "en": "Times that a matter was reclassified or handed on and its handling limit gave way to a later one, "
               "counted at the unit that had it until then"},
        ("entries", "clocks"),
        'e."at"',
        "SELECT DISTINCT e.unit AS subject, e.number, e.seq, true AS counts FROM entries AS e "
        "JOIN clocks AS o ON o.number = e.number AND o.name = 'act' AND o.state = 'dropped' AND o.ended_at = e.\"at\" "
        "JOIN clocks AS n ON n.number = e.number AND n.name = 'act' AND n.clock > o.clock AND n.due_at > o.due_at "
        "WHERE e.kind IN ('changed', 'acted')",
        of=False,
    ),
    Counted(
        "merged",
        {"zh": "并入与拆分", "en": "Joined or separated"},
        {"zh": "本期把一件来件并入另一件、或把并入的拆出来的次数，都会改变件数",
         "en": "Times that a filing was joined to another or separated again: both change how many there are"},
        ("entries",),
        '"at"',
        "SELECT unit AS subject, number, true AS counts FROM entries WHERE kind IN ('joined', 'separated')",
        of=False,
    ),
    Counted(
        "extended",
        {"zh": "延期", "en": "Extended"},
        {"zh": "本期到期的办理期限中，延过期的",
         "en": "Of the handling limits that fell due: those that had been extended"},
        ("clocks",),
        "due_at",
        "SELECT unit AS subject, number, extensions > 0 AS counts FROM clocks "
        "WHERE name = 'act' AND state IN ('met', 'running')",
    ),
    Counted(
        "excluded",
        {"zh": "未计入回访", "en": "Left out of the call-back"},
        {"zh": "本期评判中，因未接通或逾期未评而不计入的",
         "en": "Of the verdicts: those that do not count, as nobody was reached or nothing was said"},
        ("verdicts",),
        '"at"',
        "SELECT unit AS subject, number, excluded IS NOT NULL AS counts FROM verdicts WHERE true",
    ),
)  # fmt: skip
BY_KEY: Mapping[str, Counted] = {one.key: one for one in FIGURES}
