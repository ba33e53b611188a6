"""The two APIs: `/api/v1/` and GeoReport v2. Each says every problem in its own shape, and which gate each call has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.renderers import JSONRenderer

from onedoor.kernel.access import GATES
from onedoor.kernel.edge import as_json, problem_of, unreadable
from onedoor.kernel.problems import BadInput, FieldError, NotSignedIn, Problem

ABOUT = """The one door of a city, for programs. 一门接口。

**Residents** file a matter and follow it by its number and query code; no account is needed. **Staff** systems act
as the account whose key they carry (`Authorization: Bearer od1_…`), and may do what that account's posts may do:
pages and calls run the same actions.

- Every refusal is `{problem, zh, en, fields?}`; what you may not see reads as not found.
- Lists give at most 200 rows and a cursor in `next`; read until it is empty.
- Filing is safe to repeat with an `Idempotency-Key`: the same key gives the same matter.
- An action carries `seen`, the length of the history you read; if somebody was faster, nothing is done (409).
- Points are WGS84 unless `datum` says otherwise. Moments are ISO 8601 with their zone.
- `x-access` of a call names the gate it stands behind.
"""

# pydantic's words → ours; {fields} come from the error's context.
WORDS = {
    "missing": ("请填写", "it is missing"),
    "extra_forbidden": ("没有此字段", "there is no such field"),
    "string_pattern_mismatch": ("含有不可见字符", "it holds characters that cannot be seen"),
    "string_too_long": ("最多 {max_length} 字", "at most {max_length} characters"),
    "string_too_short": ("至少 {min_length} 字", "at least {min_length} characters"),
    "greater_than_equal": ("不能小于 {ge}", "at least {ge}"),
    "less_than_equal": ("不能大于 {le}", "at most {le}"),
    "literal_error": ("应为其一：{expected}", "one of {expected}"),
    "bool_parsing": ("应为 true 或 false", "write true or false"),
    "int_parsing": ("应为整数", "write a whole number"),
    "finite_number": ("应为有限的数", "write a finite number"),
    "float_parsing": ("应为数字", "write a number"),
}


class Renderer(JSONRenderer):
    """JSON in which Chinese stays readable."""

    json_dumps_params = {"ensure_ascii": False}  # noqa: RUF012 (as ninja declares it)


class Api(NinjaAPI):
    """An API that says problems as the catalogue does and names the gate of each call in its description."""

    def __init__(self, **more: Any) -> None:
        super().__init__(renderer=Renderer(), **more)
        for kind in (Problem, Http404, HttpError, ValidationError):
            self.add_exception_handler(kind, self.refuse)

    def refuse(self, request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
        """The answer to what went wrong in a call."""
        return self.say(problem_in(request, error if isinstance(error, Exception) else error()))

    def say(self, problem: Problem) -> HttpResponse:
        """A problem in this API's shape."""
        return as_json(problem)

    def get_openapi_schema(self, **more: Any) -> OpenAPISchema:
        """The description, with the gate of every call."""
        schema = super().get_openapi_schema(**more)
        gates = {
            (op.operation_id or self.get_openapi_operation_id(op)): op.view_func for op in self._operations()
        }
        for calls in schema["paths"].values():
            for call in calls.values():
                name = gates[call["operationId"]].access
                call["x-access"] = {"gate": name, "zh": GATES[name].zh, "en": GATES[name].en}
        return schema

    def _operations(self) -> Iterable[Any]:
        for router in self._get_bound_routers():
            for view in router.path_operations.values():
                yield from view.operations


class GeoReportApi(Api):
    """GeoReport v2 says errors as a list of `{code, description}`."""

    def say(self, problem: Problem) -> HttpResponse:
        """The problem in GeoReport's shape; `problem` is ours."""
        told = {"code": problem.status, "description": f"{problem.text('en')} {problem.text('zh')}"}
        body = [told | {"problem": problem.code}]
        return JsonResponse(
            body, safe=False, status=problem.status, json_dumps_params={"ensure_ascii": False}
        )


def problem_in(request: HttpRequest, error: Exception) -> Problem:
    """The problem of the catalogue that an exception of a call stands for."""
    if isinstance(error, ValidationError):
        return BadInput([_field_error(one) for one in error.errors])
    if isinstance(error, AuthenticationError):
        return NotSignedIn()
    return problem_of(request, error) or unreadable()


def _field_error(error: dict[str, Any]) -> FieldError:
    """One of pydantic's errors in our words; its own, where we have none."""
    inner = [str(part) for part in error["loc"][1:]]
    name = ".".join(inner[1:] or inner) or str(error["loc"][0])
    zh, en = WORDS.get(error["type"], ("格式不对：{msg}", "{msg}"))
    facts = {"msg": error["msg"]} | {
        key: value for key, value in error.get("ctx", {}).items() if key != "msg"
    }
    return FieldError(name, zh.format_map(facts), en.format_map(facts))


v1 = Api(title="OneDoor · 一门", version="1.0.0", description=ABOUT, urls_namespace="api-v1")
georeport = GeoReportApi(
    title="OneDoor GeoReport v2 · 城市管理事件公开接口",
    version="2.0.0",
    urls_namespace="georeport",
    description="Open311 GeoReport v2 (JSON), for what lies in public places: no person's words or data are published.",
)
