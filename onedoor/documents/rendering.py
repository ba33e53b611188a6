"""Fills a .docx template. What people wrote is data: it is escaped, filled in once, and never read as a template.

Templates come from packs that the city's own officials edit; they run in a sandbox all the same, and a name that the
description does not declare is an error and not a blank.
"""

from __future__ import annotations

import io
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

from onedoor.kernel.problems import Problem

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


# What reading or filling a broken paper raises; lxml's errors of syntax are SyntaxErrors.
BROKEN = (TemplateError, SecurityError, SyntaxError, PackageNotFoundError, BadZipFile)


class BadTemplate(Problem):
    """A document template cannot be filled; whoever edits the templates must mend it."""

    code, status = "bad_template", 500
    zh, en = (
        "文书模板「{template}」有误，请修改：{why}",
        "The document template “{template}” must be mended: {why}",
    )


def filled(paper: Path, values: dict[str, Any]) -> bytes:
    """The .docx with the values in it. Raises BadTemplate."""
    made = io.BytesIO()
    try:
        document = _Paper(paper)
        document.render(values, jinja_env=_environment(), autoescape=True)
        document.save(made)
    except BROKEN as error:
        raise BadTemplate(template=paper.name, why=str(error)) from error
    return made.getvalue()


def names_in(paper: Path) -> set[str]:
    """The names that a template shows. Raises BadTemplate when it cannot be read."""
    try:
        return set(DocxTemplate(paper).get_undeclared_template_variables(jinja_env=_environment()))
    except BROKEN as error:
        raise BadTemplate(template=paper.name, why=str(error)) from error


class _Paper(DocxTemplate):
    """A template whose parts are freed once of what a word processor wrote in between."""

    def patch_xml(self, src_xml: str) -> str:
        """A part of the template as it is filled; `docxtpl` asks for every part of every document."""
        return _freed(src_xml)


_BLANK = DocxTemplate("")  # opens no file until it is filled


@lru_cache(maxsize=256)
def _freed(xml: str) -> str:
    return str(_BLANK.patch_xml(xml))


class _Papers(SandboxedEnvironment):
    """A sandbox that compiles each part of a paper once: half the time that a document takes."""

    def from_string(self, source: Any, *rest: Any, **more: Any) -> Template:
        """The compiled template of a text; `docxtpl` asks for every part of every document."""
        if rest or more or not isinstance(source, str):
            return super().from_string(source, *rest, **more)
        return self._compiled(source)

    @lru_cache(maxsize=256)  # noqa: B019  (there is one environment, for as long as the process lives)
    def _compiled(self, source: str) -> Template:
        return super().from_string(source)


@cache
def _environment() -> _Papers:
    return _Papers(autoescape=True, undefined=StrictUndefined)
