"""`onedoor registers`: from an empty template to records, and what is due of them."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from onedoor.cli import main
from onedoor.kernel import time
from onedoor.kernel.packs import SHIPPED
from onedoor.registers.models import Record
from onedoor.registers.tests.test_sheets import ROW
from tests.support.cities import MORNING
from tests.support.smallcity import SmallCity

pytestmark = pytest.mark.django_db


def run(*words: str) -> tuple[int, str]:
    """(exit status, what was printed) of `onedoor registers …`."""
    result = CliRunner().invoke(main, ["registers", *words])
    return result.exit_code, result.output


def test_from_a_template_to_what_is_due(city: SmallCity, tmp_path: Path) -> None:
    file, rejects = tmp_path / "dogs.xlsx", tmp_path / "rejects.xlsx"
    assert run("template", "dog", str(file))[0] == 0
    assert run("template", "dog", str(file))[0] == 1  # it is not written over
    book = openpyxl.load_workbook(file)
    page = book.active
    assert page is not None
    heads = [str(cell.value) for cell in page[1]]
    for row in (ROW, ROW | {"品种": "龙"}):
        page.append([row.get(head) for head in heads])
    book.save(file)
    status, said = run("load", "dog", str(file), "--rejects", str(rejects))
    assert (status, "1 added" in said, "1 refused" in said, rejects.exists()) == (1, True, True, True)
    assert Record.objects.get().title == "旺财"
    status, said = run("list")
    assert status == 0
    assert "犬只登记 · Dogs" in said
    with time.at(MORNING + timedelta(days=310)):
        [dogs, places] = json.loads(run("due", "--json")[1])
    assert (dogs["register"], dogs["expiring"], places["visit_late"]) == ("dog", 1, 0)
    out = tmp_path / "out.xlsx"
    assert run("export", "dog", str(out))[0] == 0
    assert out.exists()


def test_a_register_that_there_is_not(city: SmallCity, tmp_path: Path) -> None:
    status, said = run("template", "unicorns", str(tmp_path / "x.xlsx"))
    assert status == 1
    assert "unicorns" in said


def test_packs_check_tells_them(tmp_path: Path) -> None:
    pack = tmp_path / "cats"
    (pack / "registers").mkdir(parents=True)
    about = "{zh: 猫, en: Cats}"
    (pack / "pack.yaml").write_text(f"pack: cats\ntitle: {about}\nabout: {about}\n", "utf-8")
    text = (
        (SHIPPED / "dogs" / "registers" / "dog.yaml")
        .read_text("utf-8")
        .replace("register: dog", "register: cat")
        .replace("prefix: DOG", "prefix: CAT")
    )
    (pack / "registers" / "cat.yaml").write_text(text, "utf-8")
    assert CliRunner().invoke(main, ["packs", "check", str(pack)]).exit_code == 0
    (pack / "registers" / "cat.yaml").write_text(text.replace("colour:", "trust_score:"), "utf-8")
    result = CliRunner().invoke(main, ["packs", "check", str(pack)])
    assert result.exit_code == 1
    assert "cat.yaml:" in result.output
    assert "不得评分" in result.output
