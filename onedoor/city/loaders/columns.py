"""Which columns a kind of file may have, and by which names people call them. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from onedoor.kernel.problems import BadInput, FieldError

_JOINTS = re.compile(r"[\s_\-()]+")


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is understood: its name, and what else it is called."""

    name: str
    also: tuple[str, ...] = ()
    required: bool = False
    date: bool = False


@dataclass(frozen=True)
class Columns:
    """The columns of one kind of file. `left` are known to occur there and say nothing that is not said elsewhere."""

    columns: tuple[Column, ...]
    left: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """The names that are understood."""
        return [column.name for column in self.columns]

    @property
    def dates(self) -> list[str]:
        """Those that hold dates or moments."""
        return [column.name for column in self.columns if column.date]

    @property
    def required(self) -> list[str]:
        """Those that must be there."""
        return [column.name for column in self.columns if column.required]

    def rename(self, headers: Sequence[str], chosen: Mapping[str, str]) -> dict[str, str]:
        """Header → name, for the headers that are understood; what was `chosen` (name → header) comes first.

        The first of several headers that could mean the same is taken. Raises BadInput for a name that is none.
        """
        unknown = [name for name in chosen if name not in self.names]
        if unknown:
            listed = ", ".join(self.names)
            raise BadInput(
                [
                    FieldError(
                        "columns",
                        f"没有字段「{name}」，可用：{listed}",
                        f"there is no field {name!r}; there are {listed}",
                    )
                    for name in unknown
                ]
            )
        found = {header: name for name, header in chosen.items()}
        taken = set(chosen)
        for column in self.columns:
            for header in headers:
                if column.name not in taken and header not in found and _alike(header, column):
                    found[header] = column.name
                    taken.add(column.name)
        return found

    def unknown(self, headers: Sequence[str], rename: Mapping[str, str]) -> list[str]:
        """The headers that nothing is known of: to be told, and left."""
        left = set(map(_plain, self.left))
        return [header for header in headers if header not in rename and _plain(header) not in left]


def _alike(header: str, column: Column) -> bool:
    return _plain(header) in {_plain(name) for name in (column.name, *column.also)}


def _plain(text: str) -> str:
    return _JOINTS.sub("", unicodedata.normalize("NFKC", text)).casefold()


def parse_choice(text: str, known: Sequence[str]) -> dict[str, str]:
    """`code=区划代码,name=名称` as name → header; either way round where only one side is a field. Raises BadInput."""
    chosen: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in re.split("[,，]", text))):
        left, equals, right = (side.strip() for side in part.partition("="))
        if not equals or not left or not right:
            raise BadInput.of(
                "columns",
                f"「{part}」应写成 字段=列名，如 code=区划代码",
                f"write {part!r} as field=column, e.g. code=区划代码",
            )
        if left not in known and right in known:
            left, right = right, left
        chosen[left] = right
    return chosen


VALID = (
    Column("valid_from", ("生效日期", "设立日期", "启用日期", "since"), date=True),
    Column("valid_to", ("失效日期", "撤销日期", "停用日期", "until"), date=True),
)
CODE = Column(
    "code",
    (
        "区划代码",
        "代码",
        "编码",
        "统计用区划代码",
        "adcode",
        "division_code",
        "xzqdm",
        "网格编码",
        "网格代码",
    ),
)
NAME = Column("name", ("名称", "区划名称", "单位名称", "网格名称", "xzqmc"))

DIVISIONS = Columns(
    (
        Column(CODE.name, CODE.also, required=True),
        Column(NAME.name, NAME.also),
        Column("level", ("层级", "级别")),
        Column("parent_code", ("上级代码", "上级区划代码", "父级代码", "parent")),
        Column("kind", ("类型代码",)),
        Column("type", ("类型", "城乡分类", "类别")),
        Column("households", ("户数", "常住户数")),
        Column("successor_code", ("并入", "并入代码", "successor")),
        *VALID,
    ),
    left=("county", "township", "note", "subject", "区县", "乡镇", "备注"),
)
MAPS = Columns(
    (
        CODE,
        NAME,
        Column("level", ("层级", "级别")),
        Column("parent_code", ("上级代码", "所属村社区代码", "所属社区代码", "parent")),
        Column("kind", ("类型代码",)),
        Column("type", ("类型", "网格类型", "类别")),
        Column("households", ("户数", "常住户数")),
        Column("source", ("来源", "数据来源")),
        *VALID,
    ),
    left=(
        "city",
        "city_adcode",
        "center",
        "center_gcj02",
        "centroid",
        "area_km2",
        "childrenNum",
        "subFeatureIndex",
        "acroutes",
        "adchar",
        "parent_adcode",
        "subject",
        "fid",
        "objectid",
        "problem_zh",
        "problem_en",
        "suggested",
    ),
)
UNITS = Columns(
    (
        Column("code", ("单位代码", "单位编码", "unit_code")),
        Column("name", ("单位名称", "名称"), required=True),
        Column("kind", ("单位类型", "类型", "类别"), required=True),
        Column("division_code", ("区划代码", "管辖区划", "管辖区划代码", "所在区划代码"), required=True),
        Column("parent_code", ("上级单位", "上级单位代码", "主管单位代码")),
        Column("name_en", ("英文名称",)),
        Column("phone", ("电话", "联系电话", "值班电话", "公开电话")),
        *VALID,
    )
)
ROSTER = Columns(
    (
        Column("name", ("姓名", "人员姓名"), required=True),
        Column("unit_code", ("单位", "单位代码", "单位名称", "所在单位", "unit"), required=True),
        Column("role", ("岗位", "岗位角色", "角色", "职务"), required=True),
        Column("division_code", ("区划代码", "责任区划", "责任区域", "责任网格", "网格编码", "负责村社区")),
        Column("login", ("账号", "登录名", "用户名")),
        Column("valid_from", ("到任日期", "任职日期", "起始日期", "生效日期"), date=True),
        Column("valid_to", ("离任日期", "免职日期", "截止日期", "失效日期"), date=True),
        Column("reason", ("原因", "变动原因")),
    ),
    left=("责任地", "岗位名称"),
)
