"""What a text names: areas, estates, roads, firms, houses of public use, and numbered things. By suffix, no dictionary.

A name is what stands before one of the suffixes below, back to a cut: a word that cannot be part of a name (的, 位于,
投诉 …), a mark, or the end of another name. What is common to all cities (小区, 本市, 公路 …) is no name. In English, a
run of capitalised words that ends in Road, Street, Estate, School, Ltd …, with the number before it.

Names that both texts have speak for one matter. A name in one title that the other text nowhere has (nor its last four
characters) is missing; where each title misses the other's, the names differ: the strongest sign that two texts of the
same wording are two matters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

KINDS = {
    "area": "街道|社区|新区|区|县市|县|镇|乡|村|组|片区",
    "estate": "小区|花园|公寓|家园|新村|新城|山庄|广场|公馆|大厦|商城|市场|酒店|宾馆|国际|公园"
    "|苑|园|城|府|湾|庭|邸|轩|居|郡|里",
    "road": "大道|路口|路|街|巷|桥|高速|立交|隧道",
    "firm": "有限公司|公司|集团|物业|银行|合作社|健身房|俱乐部|超市|机构|厂|店|馆|平台|楼盘|项目|网|贷",
    "house": "幼儿园|小学|中学|学校|大学|学院|医院|卫生院|附中|派出所|中心|法院|车站",
}
ENGLISH = {
    "area": "District|County|Township|Village|Ward|Town",
    "estate": "Estate|Gardens|Garden|Court|Plaza|Park|Tower|Towers|House|Market|Square|Mansion|Apartments",
    "road": "Road|Rd|Street|St|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Bridge|Highway|Way",
    "firm": "Ltd|Limited|Inc|Company|Corporation|Bank|Factory|Hotel|Restaurant",
    "house": "School|Hospital|University|College|Kindergarten|Library|Station|Clinic",
}
NUMBERED = (
    r"[0-9一二三四五六七八九十]{1,5}(?:号线|路|栋|期|单元|号楼|年|号|组|班|标段)"
    r"|[a-z]\d*(?:区|县市|县|市)|\d+[a-z]{1,3}\b|(?:no\.?|block|route|line|bus)\s?\d{1,5}"
)
NUMBER = "number"
ALL_KINDS = (*KINDS, NUMBER)
LONGEST = 6  # characters before a suffix
READ = 2000  # characters that are searched
COMMON = frozenset(
    re.split(
        r"\|",
        "小区|社区|地区|城区|市区|片区|公司|集团|学校|医院|道路|马路|公路|铁路|一路|线路|市场|广场|花园|公园|家园|校园|城市"
        "|农村|开发区|园区|校区|辖区|该路|我市|本市|全市|超市|门市|高楼|房地产公司|物业公司|居民小区|住宅小区",
    )
)
_HAN = "\u3400-\u9fff"
_KIND_OF = {suffix: kind for kind, found in KINDS.items() for suffix in found.split("|")}
_SUFFIX = re.compile("|".join(sorted(_KIND_OF, key=len, reverse=True)))
_CUT = re.compile(
    "关于|反映|投诉|咨询|举报|请问|请查|要求|位于|地处|附近|旁边|对面|周边|这个|那个|这里|号线"
    "|[的在于位是请问我们你他她它和与及或对就到从了把被给让为往向至等将该此这那有也都没不去来由以并且某各每本全其两几多单个旁自]"
    f"|街道|社区|大道|[省市区县镇乡村路街号]|[^{_HAN}A-Za-z0-9·]"
)
_NUMBERED = re.compile(NUMBERED, re.IGNORECASE)
_KIND_IN_ENGLISH = {suffix: kind for kind, found in ENGLISH.items() for suffix in found.split("|")}
_ENGLISH = re.compile(
    rf"(?:\d{{1,5}} )?(?:[A-Z][a-z'-]+ ){{1,4}}({'|'.join(sorted(_KIND_IN_ENGLISH, key=len, reverse=True))})\b"
)

Names = dict[str, frozenset[str]]


def names(text: str) -> Names:
    """The names in a text, in lower case, by kind. Reads the first 2,000 characters."""
    text = text[:READ]
    found: dict[str, set[str]] = {}
    for suffix in _SUFFIX.finditer(text):
        before = text[max(0, suffix.start() - LONGEST) : suffix.start()]
        cuts = [cut.end() for cut in _CUT.finditer(before)]
        name = before[cuts[-1] if cuts else 0 :] + suffix[0]
        if len(name) - len(suffix[0]) >= 2 and name not in COMMON:
            found.setdefault(_KIND_OF[suffix[0]], set()).add(name.lower())
    for name_in_english in _ENGLISH.finditer(text):
        found.setdefault(_KIND_IN_ENGLISH[name_in_english[1]], set()).add(name_in_english[0].lower())
    for numbered in _NUMBERED.finditer(text):
        found.setdefault(NUMBER, set()).add(numbered[0].lower())
    return {kind: frozenset(held) for kind, held in found.items()}


@dataclass(frozen=True)
class Compared:
    """The names of one kind in two texts: in both; of each title, those that the other text has not."""

    shared: frozenset[str]
    missing: tuple[frozenset[str], frozenset[str]]

    @property
    def differ(self) -> bool:
        """Whether each title names what the other text does not."""
        return bool(self.missing[0] and self.missing[1])


@dataclass(frozen=True)
class Named:
    """A text in lower case, its names, and those of its title."""

    text: str
    whole: Names
    title: Names


NONE: frozenset[str] = frozenset()


def read(title: str, detail: str) -> Named:
    """What a message names."""
    text = f"{title}。{detail}"[:READ]
    return Named(text.lower(), names(text), names(title))


def compare(a: Named, b: Named, kind: str) -> Compared:
    """Holds the names of one kind in two messages against each other."""
    shared = a.whole.get(kind, NONE) & b.whole.get(kind, NONE)
    return Compared(shared, (missing(a, b, kind), missing(b, a, kind)))


def missing(a: Named, b: Named, kind: str) -> frozenset[str]:
    """The names in the title of `a` that the text of `b` has not, nor their last four characters."""
    return frozenset(x for x in a.title.get(kind, NONE) if x not in b.text and x[-4:] not in b.text)
