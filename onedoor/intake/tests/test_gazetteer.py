"""Words to place: full and short names, ambiguity, what is no place, and a whole city's villages."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from onedoor.intake.gazetteer import Gazetteer, Named, Place, forms

CITY = (
    Place("41", "沂禾市"),
    Place("4101", "柳川区", "41"),
    Place("4102", "麦岗县", "41"),
    Place("4101001", "黄河路街道", "4101"),
    Place("4101002", "白寺镇", "4101"),
    Place("4102001", "石桥镇", "4102"),
    Place("4102002", "新镇镇", "4102"),
    Place("410100101", "广场社区居民委员会", "4101001"),
    Place("410100201", "白寺村民委员会", "4101002"),
    Place("410100202", "张庄村民委员会", "4101002"),
    Place("410100203", "东张庄村民委员会", "4101002"),
    Place("410100204", "大窑村民委员会", "4101002"),
    Place("410200101", "张庄村民委员会", "4102001"),
    Place("410200102", "李村村民委员会", "4102001"),
    Place("410200103", "水泉村民委员会", "4102001"),
    Place("410200104", "后村民委员会", "4102001"),
    Place("410200201", "刘庄村", "4102002"),
    Place("410200202", "刘庄社区", "4102002"),
    Place("410200203", "广场社区", "4102002"),
)
HEBI = Path(__file__).resolve().parents[4] / "shared" / "data" / "hebi" / "hebi_divisions.csv"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(CITY, aliases=[("锦绣花园", "410100101"), ("锦绣花园", "410100201")])


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("沂禾市柳川区白寺镇白寺村东头路灯不亮", "410100201", ("沂禾市", "柳川区", "白寺镇", "白寺村")),
        ("我是麦岗县石桥镇李村的", "410200102", ("麦岗县", "石桥镇", "李村")),
        ("石桥水泉自来水三天没来了", "410200103", ("石桥", "水泉")),
        ("大窑的路坏了", "410100204", ("大窑",)),
        ("大窑路灯不亮", "410100204", ("大窑",)),
        ("黄河路街道办事处没人管", "4101001", ("黄河路街道办事处",)),
        ("麦岗县张庄村有人占道", "410200101", ("麦岗县", "张庄村")),
        ("白寺镇，张庄，村口垃圾", "410100202", ("白寺镇", "张庄")),
        ("我住东张庄村,不是张庄村", "410100203", ("东张庄村",)),
        ("柳川区的广场社区", "410100101", ("柳川区", "广场社区")),
        ("石桥镇后村没有路", "410200104", ("石桥镇", "后村")),
    ],
)
def test_the_deepest_consistent_line_of_names_wins(
    gazetteer: Gazetteer, text: str, code: str, words: tuple[str, ...]
) -> None:
    found = gazetteer.find(text)
    assert found is not None
    assert (found.code, found.words, found.candidates) == (code, words, ())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "小区物业不退押金",
        "沂禾市民反映噪音扰民",  # only the city
        "在广场跳舞太吵",  # a word, not the community
        "水泉边有垃圾",
        "柳川河发臭",  # a river
        "石桥路积水",  # a road
        "以后村里没有路灯",  # 后村 is found, not meant
        "西张庄的井盖丢了",  # another village, unknown here
    ],
)
def test_words_that_are_no_place(gazetteer: Gazetteer, text: str) -> None:
    assert gazetteer.find(text) is None


def test_a_name_that_means_two_places_is_not_guessed(gazetteer: Gazetteer) -> None:
    assert gazetteer.find("张庄村的路灯坏了") == Named(
        code=None,
        words=("张庄村",),
        candidates=("410100202", "410200101"),
        why={
            "zh": "文中提到「张庄村」，可能是2处：柳川区白寺镇张庄村民委员会、麦岗县石桥镇张庄村民委员会",
            "en": "names 张庄村, which fits 2 places: 柳川区白寺镇张庄村民委员会, 麦岗县石桥镇张庄村民委员会",
        },
    )


def test_where_all_candidates_lie_in_one_division_that_much_is_known(gazetteer: Gazetteer) -> None:
    found = gazetteer.find("刘庄有人烧麦茬")
    assert found is not None
    assert (found.code, found.candidates) == ("4102002", ("410200201", "410200202"))


def test_the_more_is_said_for_a_place_the_better(gazetteer: Gazetteer) -> None:
    found = gazetteer.find("柳川区政府没管,麦岗县石桥镇张庄村的事")
    assert found is not None
    assert found.code == "410200101"


def test_of_two_places_said_alike_the_first_counts(gazetteer: Gazetteer) -> None:
    found = gazetteer.find("李村和东张庄村之间的路")
    assert found is not None
    assert found.code == "410200102"


def test_in_an_address_short_names_count_alone(gazetteer: Gazetteer) -> None:
    assert gazetteer.find("水泉3号院") is None
    found = gazetteer.find("家里停水", address="水泉3号院")
    assert found is not None
    assert (found.code, found.words) == ("410200103", ("水泉",))
    unclear = gazetteer.find("家里停水", address="广场")
    assert unclear is not None
    assert (unclear.code, len(unclear.candidates)) == (None, 2)


def test_address_and_text_speak_together(gazetteer: Gazetteer) -> None:
    found = gazetteer.find("石桥镇政府来过一次", address="张庄5号")
    assert found is not None
    assert (found.code, found.words) == ("410200101", ("张庄", "石桥镇"))


def test_estates_are_names_too_and_may_span_places(gazetteer: Gazetteer) -> None:
    found = gazetteer.find("锦绣花园3号楼漏水")
    assert found is not None
    assert (found.code, found.candidates) == ("4101", ("410100101", "410100201"))


def test_full_and_short_forms() -> None:
    assert forms("岗坡村民委员会") == {
        "岗坡村民委员会": True,
        "岗坡村委会": True,
        "岗坡村": True,
        "岗坡": False,
    }
    assert forms("罗村民委员会") == {"罗村民委员会": True, "罗村委会": True, "罗村": True}
    assert forms("中山路街道") == {
        "中山路街道": True,
        "中山路街道办事处": True,
        "中山路街道办": True,
        "中山路": False,
    }
    assert forms("和平第一网格") == {"和平第一网格": True}
    assert forms("甲") == {}


def test_places_that_hang_nowhere_are_refused() -> None:
    with pytest.raises(ValueError, match="which is no division"):
        Gazetteer([Place("1", "甲市", "9")])
    with pytest.raises(ValueError, match="which is no division"):
        Gazetteer([Place("1", "甲市", "2"), Place("2", "乙区", "1")])
    with pytest.raises(ValueError, match="which is no division"):
        Gazetteer([Place("1", "甲市")], aliases=[("花园", "7")])


if HEBI.exists():

    def test_in_hebi_every_village_is_found_and_none_is_mistaken() -> None:
        with HEBI.open(encoding="utf-8") as file:
            rows = {row["code"]: row for row in csv.DictReader(file)}
        gazetteer = Gazetteer(
            Place(c, r["name"], r["parent_code"] if r["parent_code"] in rows else None)
            for c, r in rows.items()
        )
        villages = [row for row in rows.values() if row["level"] == "village"]
        assert len(villages) == 1041
        for row in villages:
            usual = row["name"].replace("社区居民委员会", "社区").replace("村民委员会", "村")
            full = gazetteer.find(f"我是{row['county']}{row['township']}{usual}的,门前积水")
            assert full is not None
            assert full.code == row["code"]
            alone = gazetteer.find(f"{usual}门前积水")
            assert alone is not None
            assert alone.code == row["code"] or row["code"] in alone.candidates
