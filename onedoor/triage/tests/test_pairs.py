"""Same matter or not: what speaks for it, what against, and what people's judgements change."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onedoor.triage.pairs import FIGURES, WEIGHTS, Compared, Filed, Model, Text, compare

PATH = (1, 2, 3, 4, 5)
LAMP = Filed(
    "翠柏苑门口路灯不亮", "翠柏苑东门的两盏路灯坏了半个月，老人晚上出门看不见路。", 10, "facility.light", PATH,
    114.0, 35.5,
)  # fmt: skip
AGAIN = Filed(
    "小区东门没有灯", "翠柏苑东门路灯坏了很久，晚上黑漆漆的，老人看不见。", 12, "facility.light", PATH, 114.0003, 35.5
)  # fmt: skip
WAGES = Filed("工地拖欠工资", "干了三个月活，包工头一分钱不给。", 11, "labour.wages", PATH, 114.0, 35.5)


def compared(a: Filed, b: Filed) -> Compared:
    return compare(Text(a), Text(b))


def probability(a: Filed, b: Filed) -> float:
    return Model().probability(compared(a, b))


def moved(filed: Filed, *names: tuple[str, str]) -> Filed:
    """The same wording with other names."""
    title, detail = filed.title, filed.detail
    for old, new in names:
        title, detail = title.replace(old, new), detail.replace(old, new)
    return replace(filed, title=title, detail=detail)


def test_the_same_told_by_another_is_one_matter() -> None:
    assert probability(LAMP, AGAIN) > 0.6
    assert probability(LAMP, WAGES) < 0.05


def test_copied_wording_about_another_estate_is_two_matters() -> None:
    other = moved(LAMP, ("翠柏苑", "望江花园"))
    assert probability(LAMP, replace(other, lon=114.05, path=(1, 2, 3, 8, 9))) < 0.1
    assert probability(LAMP, replace(other, lon=None, lat=None, path=())) < 0.5
    assert compared(LAMP, other)["differ"] > 0


def test_copied_wording_without_names_far_away_is_two_matters() -> None:
    plain = moved(LAMP, ("翠柏苑", ""))
    assert probability(plain, replace(plain, lon=114.05, path=(1, 2, 3, 8, 9))) < 0.2
    assert probability(plain, replace(plain, lon=114.0002)) > 0.9


def test_one_firm_in_two_townships_is_one_thing() -> None:
    first = Filed(
        "嘉美瘦身有限公司关门跑路", "在嘉美瘦身有限公司办了年卡，突然关门，老板电话不接，余额不退。", 3, "x", PATH,
        114.0, 35.5,
    )  # fmt: skip
    second = Filed(
        "嘉美瘦身有限公司不退卡里的钱", "嘉美瘦身有限公司说停业装修，办的卡不能用，老板电话也不接。", 5, "x",
        (1, 2, 7, 8), 114.2, 35.5,
    )  # fmt: skip
    assert compared(first, second)["elsewhere"] == 0
    assert compared(first, moved(second, ("嘉美瘦身", "康乐健体")))["elsewhere"] == 1
    assert probability(first, second) > 0.5 > probability(first, moved(second, ("嘉美瘦身", "康乐健体")))


@pytest.mark.parametrize(
    ("path", "near", "elsewhere"),
    [
        (PATH, 1.0, 0.0),
        ((1, 2, 3, 4), 1.0, 0.0),  # the village alone is known
        ((1, 2, 3, 4, 6), 1.0, 0.0),
        ((1, 2, 3), 2 / 3, 0.0),
        ((1, 2), 0.5, 0.0),
        ((1, 2, 3, 9, 10), 2 / 3, 1.0),
        ((1, 7), 0.0, 1.0),
        ((), 0.5, 0.0),
    ],
)
def test_without_points_the_divisions_say_how_near(
    path: tuple[int, ...], near: float, elsewhere: float
) -> None:
    nowhere = Filed("路灯不亮", "路口的灯坏了", path=path)
    found = compared(replace(nowhere, path=PATH), nowhere)
    assert found["near"] == pytest.approx(near)
    assert found["elsewhere"] == elsewhere


def test_only_whether_the_reporter_is_the_same_is_known() -> None:
    mine, yours = replace(LAMP, reporter="a"), replace(AGAIN, reporter="a")
    assert compared(mine, yours)["reporter"] == 1
    assert compared(mine, replace(yours, reporter="b")) == compared(LAMP, AGAIN)
    assert "a" not in repr(mine).split("reporter")[-1] or "reporter" not in repr(mine)


def test_the_reasons_are_told_in_words() -> None:
    found = Model().why(compared(LAMP, AGAIN))
    assert found["zh"].startswith("相距 27 米")
    assert "翠柏苑" in found["zh"]
    assert "2 days between them" in found["en"]


# Learning


def judged(count: int, same: bool, **figures: float) -> list[tuple[Compared, bool]]:
    row = tuple(figures.get(name, 0.0) for name in FIGURES)
    return [(Compared(row, None, 0.0, frozenset(), (frozenset(), frozenset())), same)] * count


def test_a_few_judgements_hardly_move_the_weights_and_many_do() -> None:
    few = Model().learn(judged(2, True, whole=0.3) + judged(2, False, whole=0.3, near=1.0))
    many = Model().learn(judged(400, True, whole=0.3) + judged(400, False, whole=0.3, near=1.0))
    assert abs(few.weights["near"] - WEIGHTS["near"]) < 1.2
    assert many.weights["near"] < few.weights["near"] - 1
    assert (few.pairs, many.pairs) == (4, 800)
    assert Model().learn([]).weights == WEIGHTS


def test_many_judgements_make_probabilities_of_shares() -> None:
    """Of pairs with these figures three in ten were the same: that is what it says then."""
    found = Model().learn(judged(300, True, whole=0.5) + judged(700, False, whole=0.5))
    assert found.probability(judged(1, True, whole=0.5)[0][0]) == pytest.approx(0.3, abs=0.02)


def test_a_model_is_kept_as_bytes() -> None:
    model = Model().learn(judged(20, True, title=1.0))
    again = Model.from_bytes(model.to_bytes())
    assert (again.weights, again.pairs) == (model.weights, 20)
    for broken in (b"", b"{}", b"[]", b"\xff", b'{"version": 1, "pairs": 1, "weights": {"bias": 1}}'):
        with pytest.raises(ValueError, match=r"model|version|weights|Expecting|column"):
            Model.from_bytes(broken)
    with pytest.raises(ValueError, match="weights"):
        Model({**WEIGHTS, "bias": float("nan")})


texts = st.text(alphabet="翠柏苑路灯不亮A3区 road🙂<b>", max_size=60)


@given(texts, texts, texts, texts)
def test_any_two_texts_compare_the_same_both_ways(a: str, b: str, c: str, d: str) -> None:
    one, other = Filed(a, b), Filed(c, d)
    found, back = compared(one, other), compared(other, one)
    assert found.figures == pytest.approx(back.figures)
    assert all(0 <= figure <= 1 for figure in found.figures)


@pytest.mark.parametrize("text", ["", "一" * 4000, "🙂" * 3000, "<p>" * 30_000, "ignore all rules " * 5000])
def test_odd_texts_are_compared_too(text: str) -> None:
    assert 0 <= probability(Filed(text, text), Filed("路灯不亮", text)) <= 1
