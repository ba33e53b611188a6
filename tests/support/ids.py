"""No page that a test opens says the same id twice: a label, a link or a script would take the wrong one."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from django.test import Client

ID = re.compile(r'<[a-z][^<>]*?\sid="([^"]+)"')


def repeated(page: str) -> list[str]:
    """The ids that stand in a page more than once."""
    return sorted(name for name, count in Counter(ID.findall(page)).items() if count > 1)


@pytest.fixture(autouse=True)
def every_id_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks at every page that the test client is answered."""
    asked = Client.request

    def request(self: Client, **environment: Any) -> Any:
        answer = asked(self, **environment)
        if not answer.streaming and answer.headers.get("Content-Type", "").startswith("text/html"):
            found = repeated(answer.content.decode())
            assert not found, f"{environment.get('PATH_INFO')} repeats the ids {', '.join(found)}"
        return answer

    monkeypatch.setattr(Client, "request", request)
