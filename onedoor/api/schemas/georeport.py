"""GeoReport v2 (Open311), as its specification spells the fields."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ninja import Field, Schema

from onedoor.api.schemas.common import Asked
from onedoor.intake.rules import LONGEST


class ServiceOut(Schema):
    """A kind of request that is taken."""

    service_code: str = Field(description="Its code.", examples=["facility.manhole"])
    service_name: str = Field(description="Its name.", examples=["井盖缺失破损 Manhole covers"])
    description: str = Field(description="What it covers.")
    metadata: bool = Field(description="Always false: nothing beyond the place and the words is asked.")
    type: Literal["realtime"] = Field(description="The id is given at once.")
    keywords: str = Field(description="Words that people use for it, separated by commas.")
    group: str = Field(description="The family it belongs to.")


class ServiceDefinition(Schema):
    """What more a service asks for: nothing."""

    service_code: str = Field(description="Its code.")
    attributes: list[str] = Field(description="Always empty.")


class RequestOut(Schema):
    """A published request. Nothing that a resident wrote is in it."""

    service_request_id: str = Field(description="The matter's number.", examples=["4198012026000017"])
    status: Literal["open", "closed"] = Field(description="open or closed.")
    status_notes: str = Field(description="Where it stands, in words.")
    service_name: str = Field(description="What it is about.")
    service_code: str = Field(description="Code of the service.")
    description: str = Field(description="What it is about; residents' words are not published.")
    agency_responsible: str = Field(description="The unit that answers for it.")
    service_notice: str = Field(description="Always empty.")
    requested_datetime: datetime = Field(description="When it came in.")
    updated_datetime: datetime | None = Field(description="When it was closed, once it is.")
    expected_datetime: datetime | None = Field(description="The next time limit, while it is open.")
    address: str = Field(description="The division it lies in.")
    address_id: str = Field(description="Code of that division.")
    zipcode: str = Field(description="Always empty.")
    lat: float = Field(description="WGS84, to about ten metres.")
    long: float = Field(description="WGS84, to about ten metres.")
    media_url: str = Field(description="Always empty: pictures are not published.")


class RequestFilter(Asked):
    """Which requests to list; without days, those of the last 90."""

    service_request_id: str = Field(
        "", max_length=2000, description="Numbers, separated by commas; nothing else counts then."
    )
    service_code: str = Field("", max_length=2000, description="Codes of services, separated by commas.")
    start_date: datetime | None = Field(None, description="Requested at or after this moment.")
    end_date: datetime | None = Field(None, description="Requested at or before this moment.")
    status: str = Field("", max_length=20, description="open, closed, or both separated by a comma.")
    cursor: str = Field("", max_length=300, description="Of the next page, as the header `Link` gives it.")


class RequestIn(Asked):
    """A new request, as a form."""

    service_code: str = Field(max_length=60, description="Code of the service.")
    api_key: str = Field(
        "", max_length=200, description="A key of this city; or send `Authorization: Bearer`."
    )
    lat: float | None = Field(None, allow_inf_nan=False, description="WGS84.")
    long: float | None = Field(None, allow_inf_nan=False, description="WGS84.")
    address_string: str = Field("", max_length=200, description="Where, in words.")
    address_id: str = Field("", max_length=32, description="Code of a division or grid.")
    description: str = Field(max_length=LONGEST["detail"], description="What is wrong.")
    first_name: str = Field("", max_length=30, description="Who reports it. Sealed.")
    last_name: str = Field("", max_length=30, description="Who reports it. Sealed.")
    phone: str = Field("", max_length=60, description="How to reach her. Sealed.")
    email: str = Field(
        "", max_length=60, description="How to reach her, where there is no telephone. Sealed."
    )
    device_id: str = Field("", max_length=200, description="Not kept.")
    account_id: str = Field("", max_length=200, description="Not kept.")
    media_url: str = Field("", max_length=400, description="Not fetched.")


class RequestTaken(Schema):
    """What came of a new request."""

    service_request_id: str = Field(description="The matter's number.")
    service_notice: str = Field(description="The query code, to be given to whoever reported it.")
    account_id: str = Field(description="Always empty.")


class GeoReportFault(Schema):
    """An error, as GeoReport spells it."""

    code: int = Field(description="The HTTP status.", examples=[400])
    description: str = Field(description="What is wrong, in English and Chinese.")
    problem: str = Field(description="Which problem of this city's catalogue.", examples=["bad_input"])
