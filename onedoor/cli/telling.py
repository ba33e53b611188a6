"""What became of a load, told to whoever typed it: counts, what was left, what was refused and where that is."""

from __future__ import annotations

import click

from onedoor.city.loaders import Loaded
from onedoor.city.provisional import Computed
from onedoor.city.tree import tree
from onedoor.cli.bilingual import both, print_json, remark, say
from onedoor.intake.loading import Filed

SHOWN = 20  # refusals printed; the rejects file holds all
LONGEST = 400  # letters of one of them


def loaded(outcome: Loaded, *, as_json: bool) -> None:
    """Prints what became of a file; ends with status 1 when rows were refused."""
    told = outcome.as_dict()
    if as_json:
        print_json(told)
    else:
        dry = _tried(outcome.dry_run)
        say(
            f"{outcome.rows} 行：新增 {told['added']}，更改 {told['changed']}，关闭 {told['closed']}，"
            f"未变 {told['same']}，退回 {told['refused']}{dry[0]}",
            f"{outcome.rows} rows: {told['added']} added, {told['changed']} changed, {told['closed']} closed, "
            f"{told['same']} unchanged, {told['refused']} refused{dry[1]}",
        )
        if isinstance(outcome, Filed):
            _tell_filed(outcome)
        _tell_left(outcome, told["refused"])
    if told["refused"]:
        raise click.exceptions.Exit(1)


def _tell_left(outcome: Loaded, refused: int) -> None:
    if outcome.unknown:
        listed = "、".join(outcome.unknown)
        remark(
            f"未识别、未采用的列：{listed}；如需采用，请用 --columns 字段=列名",
            f"columns not known, and left: {listed}; name them with --columns",
        )
    for told in outcome.remarks:
        remark(told.zh, told.en)
    for refusal in outcome.refusals[:SHOWN]:
        for error in refusal.errors:
            why = both(error.zh[:LONGEST], error.en[:LONGEST])
            click.echo(f"{outcome.file}:{refusal.row} {refusal.what} [{error.field}] {why}", err=True)
    if refused > SHOWN:
        say(f"……共退回 {refused} 行", f"… {refused} rows refused in all")
    if refused and outcome.rejects:
        say(
            f"退回的行已写入 {outcome.rejects}，改正后可直接再导入",
            f"refused rows are in {outcome.rejects}: mend them and load that file",
        )
    elif refused:
        say("加 --rejects 文件 可将退回的行另存", "with --rejects FILE refused rows are written to a file")


def _tell_filed(filed: Filed) -> None:
    say(
        f"已有 {filed.repeated} 件；地点待核实 {filed.unplaced} 件（在受理员的清单中）；"
        f"没有特征词、分类待定 {filed.unsure} 件",
        f"{filed.repeated} were there already; {filed.unplaced} have no place yet (they wait in the clerk's list); "
        f"{filed.unsure} without a telling word",
    )
    for zh, en, counted in (
        ("分类最多", "Most by category", filed.categories),
        ("承办最多", "Most by unit", filed.units),
    ):
        listed = ", ".join(f"{name} {count}" for name, count in counted.most_common(6))
        if listed:
            say(f"{zh}:{listed}", en)


def computed(made: Computed, *, dry: bool, as_json: bool) -> None:
    """Prints what grids were computed, and loudly that they were not surveyed."""
    if as_json:
        print_json(vars(made) | {"dry_run": dry})
    else:
        zh, en = _tried(dry)
        say(
            f"生成网格 {made.grids} 个；已有网格的地方 {made.kept} 个{zh}",
            f"{made.grids} grids computed; {made.kept} places had some already{en}",
        )
    if made.grids:
        remark(
            "这些网格是计算生成的临时网格，未经测绘，只表示数量，不表示网格员真实的责任范围；"
            "有测绘成果后请用 load grids 文件 替换。",
            "these grids are PROVISIONAL: computed, not surveyed. They say how many, not where; "
            "replace them with a survey.",
        )
    titles = {level.key: level.title for level in tree().profile.levels}
    for level, count in made.cells.items():
        remark(
            f"{count} 个{titles[level].zh}没有边界，由上级边界按代码次序均分得出：哪一块是哪一个并不真实，"
            "坐标定位到这一层的结果不可采信。",
            f"{count} of level “{titles[level].en}” had no outline and were given equal cells of their parent's, in "
            "the order of codes: WHICH cell is whose is invented, so what a point is said to lie in is not to be "
            "trusted there.",
        )
    if made.clashing:
        names = "、".join(made.clashing[:10])
        remark(
            f"{len(made.clashing)} 个网格与已有网格重叠，未生成：{names}",
            f"{len(made.clashing)} grids would overlap others and were left out: {names}",
        )
    if made.landless:
        names = "、".join(made.landless[:10])
        remark(f"没有边界可分、未生成网格：{names}", f"no outline to cut, so no grids: {names}")


def _tried(dry: bool) -> tuple[str, str]:
    return ("（试运行，未保存）", " (dry run: nothing was kept)") if dry else ("", "")
