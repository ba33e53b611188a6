"""Components: small templates with a declared list of parameters.

A component is `templates/onedoor/components/<name>.html`. It begins with a comment that titles it in both
languages and names every parameter (`name: meaning`, or `name?: meaning` where it may be left out):

    {% comment %}
    徽标 · Badge
    A short word of state.
    ---
    text: what is shown
    tone?: plain | teal | good | warn | late | info | secret
    {% endcomment %}

The comment is the contract: `{% component "badge" … %}` refuses a parameter that it does not name and the
absence of one that it requires, and `/patterns` prints it. A component sees its parameters, `request` and
`csrf_token`, and nothing else of the page around it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.template import Context, Engine, TemplateSyntaxError
from django.utils.safestring import SafeString

FOLDER = Path(__file__).parent / "templates" / "onedoor" / "components"
SHARED = ("request", "csrf_token")
_HEADER = re.compile(r"\{%\s*comment\s*%\}\s*\n(?P<body>.*?)\{%\s*endcomment\s*%\}", re.DOTALL)
_PARAMETER = re.compile(r"^(?P<name>\w+)(?P<optional>\?)?: (?P<meaning>.+)$")


@dataclass(frozen=True)
class Parameter:
    """One parameter of a component."""

    name: str
    meaning: str
    required: bool


@dataclass(frozen=True)
class Contract:
    """What a component is called, what it is for, and what it takes."""

    name: str
    zh: str
    en: str
    purpose: str
    parameters: tuple[Parameter, ...]

    def check(self, given: set[str]) -> None:
        """Raise TemplateSyntaxError for an unknown or a missing parameter."""
        unknown = given - {parameter.name for parameter in self.parameters}
        missing = {parameter.name for parameter in self.parameters if parameter.required} - given
        if unknown or missing:
            said = [f"does not take {', '.join(sorted(unknown))}"] if unknown else []
            said += [f"needs {', '.join(sorted(missing))}"] if missing else []
            raise TemplateSyntaxError(f"component {self.name!r} {' and '.join(said)}")


def parse(name: str, source: str) -> Contract:
    """Read the contract from a component's source; ValueError where the leading comment is not as it should be."""
    found = _HEADER.match(source)
    if not found:
        raise ValueError(f"component {name!r} must begin with a comment that states its contract")
    head, _, tail = found["body"].partition("---\n")
    title, _, purpose = head.strip().partition("\n")
    zh, separator, en = title.partition(" · ")
    if not separator:
        raise ValueError(f"component {name!r}: write its title as 中文 · English")
    parameters = []
    for line in filter(None, (line.strip() for line in tail.splitlines())):
        declared = _PARAMETER.match(line)
        if not declared:
            raise ValueError(f"component {name!r}: write “name: meaning” or “name?: meaning”, not {line!r}")
        parameters.append(Parameter(declared["name"], declared["meaning"], required=not declared["optional"]))
    return Contract(name, zh.strip(), en.strip(), " ".join(purpose.split()), tuple(parameters))


@cache
def contract(name: str) -> Contract:
    """The contract of one component, read once."""
    path = FOLDER / f"{name}.html"
    if not path.is_file():
        raise TemplateSyntaxError(f"there is no component {name!r}; see /patterns")
    return parse(name, path.read_text(encoding="utf-8"))


def names() -> list[str]:
    """All components, by name."""
    return sorted(path.stem for path in FOLDER.glob("*.html"))


def render(context: Context, name: str, values: dict[str, Any]) -> SafeString:
    """Render one component with `values`, apart from the page's other names."""
    contract(name).check(set(values))
    template = Engine.get_default().get_template(f"onedoor/components/{name}.html")
    shared = {key: context[key] for key in SHARED if key in context}
    return template.render(context.new({**shared, **values}))
