"""The checklist of an answer, on invented answers: what counts, what does not, and the passage that decided."""

from __future__ import annotations

from time import perf_counter

import pytest

from onedoor.triage.replies import Check, Rarity, checklist, joined

TITLE = "春晓苑路灯不亮"
DETAIL = "春晓苑三号楼前的路灯坏了半个月，老人晚上摔倒。请问什么时候修好？物业说归供电所管。"
FULL = (
    "您好！您的留言已收悉。现将有关情况回复如下：经查，春晓苑三号楼前路灯线路老化。"
    "街道已责令物业公司更换线缆，供电所将于6月15日前完成维修。"
    "依据《城市照明管理规定》第二十六条，小区内照明由产权人维护。"
    "如有疑问，请致电供电所0392-0000000。感谢您的监督！2026年6月2日"
)


def check(key: str, reply: str, title: str = TITLE, detail: str = DETAIL) -> Check:
    return next(found for found in checklist(title, detail, reply) if found.key == key)


def test_a_full_answer_has_all_of_it() -> None:
    found = checklist(TITLE, DETAIL, FULL)
    assert [it.key for it in found] == ["asked", "substance", "done", "date", "rule", "contact"]
    assert all(it.there for it in found)


@pytest.mark.parametrize(
    "reply",
    [
        "您好，您反映的问题已转交相关部门调查处理，感谢您的支持！",
        "网友：您好！留言已收悉",
        "您的来信已收悉，我办已转区住建局核实处理，有结果将及时回复。2026年6月2日",
        "您好，建议您直接向供电所咨询，联系电话：0392-0000000。",
        "",
    ],
)
def test_received_passed_on_or_sent_elsewhere_is_not_an_answer(reply: str) -> None:
    assert not check("substance", reply).there
    assert not check("done", reply).there


def test_what_is_only_passed_on_is_shown_as_the_reason() -> None:
    assert check("substance", "您好，您反映的问题已转交相关部门调查处理。").passages == (
        "您反映的问题已转交相关部门调查处理",
    )


def test_an_answer_that_passes_on_and_says_more_has_substance() -> None:
    reply = "已转街道办理。经现场查看，三号楼前四盏路灯因线缆被挖断而熄灭，物业已换上新线。"
    assert check("substance", reply).there
    assert "物业已换上新线" in check("done", reply).passages[0]


def test_what_was_asked_is_taken_up_or_left_out() -> None:
    found = check("asked", FULL)
    assert "路灯" in "".join(found.passages)
    other = check("asked", "您好！关于公交线路延伸的建议，运营公司正在论证客流。")
    assert not other.there
    assert any("路灯" in word for word in other.missing)


def test_to_repeat_the_title_is_not_to_answer_it() -> None:
    assert not check("asked", f"您反映的“{TITLE}”已知悉。", detail="").there


def test_rare_words_weigh_more_where_a_city_counts_them() -> None:
    rarity = Rarity(["路灯不亮"] * 50 + ["春晓苑停水"])
    assert rarity("春晓") > rarity("路灯") > 0
    assert rarity("从未") == pytest.approx(rarity("不曾"))
    common = checklist("路灯不亮在春晓苑", "", "路灯不亮。", rarity)[0].amount
    assert common < checklist("路灯不亮在春晓苑", "", "路灯不亮。")[0].amount


@pytest.mark.parametrize(
    ("reply", "passage"),
    [
        ("将于10个工作日内答复", "10个工作日内"), ("月底前完工", "月底"), ("已于2026年3月5日修好", "2026年3月5日"),
        ("预计今年上半年动工", "上半年"), ("We will mend it by the end of June.", "by the end of June"),
    ],
)  # fmt: skip
def test_dates_and_periods(reply: str, passage: str) -> None:
    found = check("date", reply)
    assert found.there
    assert passage in "".join(found.passages)


def test_the_date_of_signature_and_a_quoted_one_are_no_date_and_soon_is_told() -> None:
    found = check("date", "您在5月1日的来信收悉。我们会尽快维修。2026年6月2日")
    assert not found.there
    assert found.passages == ("尽快",)


@pytest.mark.parametrize(
    ("reply", "passage"),
    [
        ("依据《物业管理条例》第四十条", "《物业管理条例》第四十条"), ("见政发〔2024〕6号", "见政发〔2024〕6号"),
        ("under Article 12 of it", "Article 12 of it"), ("按《关于加装电梯的通知》办", "《关于加装电梯的通知》"),
    ],
)  # fmt: skip
def test_rules(reply: str, passage: str) -> None:
    assert check("rule", reply).passages == (passage,)


@pytest.mark.parametrize("reply", ["依据有关政策", "请看《红楼梦》", "第一，先登记"])
def test_what_is_no_rule(reply: str) -> None:
    assert not check("rule", reply).there


def test_a_deed_needs_somebody_who_did_it() -> None:
    assert check("done", "区城管局已组织清理垃圾。").there
    assert not check("done", "垃圾很多。").there


def test_there_is_no_mark_for_the_whole() -> None:
    assert set(Check.__dataclass_fields__) == {"key", "there", "amount", "passages", "missing"}


@pytest.mark.parametrize(
    "text", ["", "啊" * 4000, "1" * 4000, "已将" * 2000, "<b>&</b>" * 500, "😀" * 500, "a b\n" * 900]
)
def test_any_text_gives_a_list_and_soon(text: str) -> None:
    began = perf_counter()
    assert len(checklist(text, text, text)) == 6
    assert perf_counter() - began < 2  # milliseconds; generous to a busy machine


def test_white_space_between_han_characters_is_no_matter() -> None:
    assert joined("路 灯\n不亮， mend  it") == "路灯不亮，mend it"
