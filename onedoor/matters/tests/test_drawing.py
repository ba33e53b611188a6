"""Drawings tell the procedure: every state, every way, and for BPMN a place for everything."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import combinations
from pathlib import Path

import pytest

from onedoor.matters import drawing
from onedoor.matters.bpmn import BOUNDS, DIAGRAM, MODEL, POINTS
from onedoor.matters.language import Procedure
from onedoor.matters.procedures import files, load

PROCEDURE = Procedure.model_validate(
    {
        "procedure": "lamp",
        "title": {"zh": "路灯：报修", "en": 'Lamp: "repair"'},
        "opens": {"state": "seen", "starts": ["act"]},
        "states": {
            "seen": {"zh": "已发现", "en": "Seen", "answers": "grid_worker"},
            "sent": {"zh": "已派遣", "en": "Sent", "answers": "unit"},
            "told": {"zh": "待评判", "en": "Told", "answers": "resident"},
            "closed": {"zh": "已办结", "en": "Closed", "end": True},
            "void": {"zh": "查无此事", "en": "Nothing there", "end": True},
        },
        "clocks": {
            "act": {
                "zh": "时限",
                "en": "Act",
                "for": "3 working days",
                "source": "a list",
                "ladder": "gentle",
            },
            "quiet": {
                "zh": "评判期",
                "en": "Quiet",
                "for": "10 days",
                "source": "a list",
                "on_due": "silence",
            },
        },
        "actions": {
            "send": {"zh": "派遣", "en": "Send", "from": "seen", "to": "sent", "by": "grid_worker"},
            "drop": {"zh": "不属实", "en": "Drop", "from": "seen", "to": "void", "by": "grid_worker"},
            "report": {
                "zh": "处置",
                "en": "Report: done",
                "from": "sent",
                "to": "told",
                "by": "unit",
                "starts": "quiet",
            },
            "explain": {"zh": "说明", "en": "Explain", "from": "sent", "by": "unit"},
            "urge": {"zh": "督办", "en": "Urge", "from": "open", "by": "leader"},
            "yes": {"zh": "满意", "en": "Yes", "from": "told", "to": "closed", "by": "resident"},
            "no": {"zh": "不满意", "en": "No", "from": "told", "to": "sent", "by": "resident"},
            "silence": {"zh": "期满", "en": "Silence", "from": "told", "to": "closed", "by": "system"},
            "again": {
                "zh": "重办",
                "en": "Again",
                "from": "closed",
                "to": "sent",
                "by": "resident",
                "reopens": True,
            },
        },
    }
)


def test_mermaid_has_every_state_and_every_way() -> None:
    text = drawing.mermaid(PROCEDURE)
    assert "stateDiagram-v2" in text
    for key, state in PROCEDURE.states.items():
        assert f'state "{state.zh} {state.en}" as {key}' in text
    assert "[*] --> seen" in text
    assert "seen --> sent : 派遣 Send" in text
    assert "told --> sent : 不满意 No" in text
    assert "closed --> sent : 重办 Again" in text
    assert "closed --> [*]" in text


def test_mermaid_labels_hold_nothing_that_ends_a_label() -> None:
    for line in drawing.mermaid(PROCEDURE).splitlines()[3:]:
        label = line.partition(" : ")[2]
        assert not set(label) & set(':;"#'), line


def test_mermaid_tells_what_is_done_on_the_spot_but_not_what_is_always_possible() -> None:
    text = drawing.mermaid(PROCEDURE)
    note = text.partition("note right of sent")[2].partition("end note")[0]
    assert "说明 Explain" in note
    assert "Urge" not in text


def _bpmn(procedure: Procedure) -> ET.Element:
    return ET.fromstring(drawing.bpmn(procedure, {"unit": "承办单位 · unit"}))


def _ids(root: ET.Element, *elements: str) -> set[str]:
    return {found.attrib["id"] for element in elements for found in root.iter(f"{{{MODEL}}}{element}")}


def test_bpmn_reads_states_as_tasks_and_ends_and_who_answers_as_lanes() -> None:
    root = _bpmn(PROCEDURE)
    assert _ids(root, "userTask") == {"seen", "sent", "told"}
    assert _ids(root, "endEvent") == {"closed", "void"}
    assert _ids(root, "exclusiveGateway") == {"seen_which", "told_which"}
    lanes = {lane.attrib["name"]: {ref.text or "" for ref in lane} for lane in root.iter(f"{{{MODEL}}}lane")}
    assert set(lanes) == {"grid_worker", "承办单位 · unit", "resident"}
    assert {"sent"} == lanes["承办单位 · unit"]
    placed = [ref for refs in lanes.values() for ref in refs]
    assert sorted(placed) == sorted(
        _ids(root, "startEvent", "userTask", "endEvent", "exclusiveGateway", "boundaryEvent")
    )


def test_bpmn_shows_what_a_clock_does_by_itself_as_a_timer() -> None:
    root = _bpmn(PROCEDURE)
    timer = next(root.iter(f"{{{MODEL}}}boundaryEvent"))
    assert timer.attrib["attachedToRef"] == "told"
    assert "10 days" in timer.attrib["name"]
    flows = [f for f in root.iter(f"{{{MODEL}}}sequenceFlow") if f.attrib["sourceRef"] == timer.attrib["id"]]
    assert [(flow.attrib["targetRef"], flow.attrib["name"]) for flow in flows] == [
        ("closed", "期满 · Silence")
    ]


def test_bpmn_flows_join_shapes_that_exist_and_nothing_leaves_an_end() -> None:
    root = _bpmn(PROCEDURE)
    shapes = _ids(root, "startEvent", "userTask", "endEvent", "exclusiveGateway", "boundaryEvent")
    flows = list(root.iter(f"{{{MODEL}}}sequenceFlow"))
    assert {f.attrib["sourceRef"] for f in flows} | {f.attrib["targetRef"] for f in flows} <= shapes
    assert not {f.attrib["sourceRef"] for f in flows} & {"closed", "void"}
    said = {ref.text for ref in root.iter(f"{{{MODEL}}}outgoing")}
    assert said == {flow.attrib["id"] for flow in flows}


def _boxes(root: ET.Element) -> dict[str, tuple[float, float, float, float]]:
    boxes = {}
    for shape in root.iter(f"{{{DIAGRAM}}}BPMNShape"):
        box = shape.find(f"{{{BOUNDS}}}Bounds")
        assert box is not None
        x, y, width, height = (float(box.attrib[name]) for name in ("x", "y", "width", "height"))
        boxes[shape.attrib["bpmnElement"]] = (x, y, x + width, y + height)
    return boxes


def test_every_shape_has_its_place_and_no_two_share_it() -> None:
    _all_in_place(PROCEDURE)


@pytest.mark.parametrize("file", files(), ids=lambda file: file.stem)
def test_so_it_is_in_the_packs(file: Path) -> None:
    _all_in_place(load(file).procedure)


def _all_in_place(procedure: Procedure) -> None:
    root = _bpmn(procedure)
    boxes = _boxes(root)
    drawn = _ids(root, "startEvent", "userTask", "endEvent", "exclusiveGateway", "boundaryEvent")
    assert drawn | {"pool"} <= set(boxes)
    still = [name for name in drawn if not name.endswith("_timer")]
    for one, other in combinations(still, 2):
        a, b = boxes[one], boxes[other]
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], (one, other)
    pool = boxes["pool"]
    assert all(
        pool[0] <= b[0] and pool[1] <= b[1] and b[2] <= pool[2] and b[3] <= pool[3] + 20
        for b in boxes.values()
    )
    for edge in root.iter(f"{{{DIAGRAM}}}BPMNEdge"):
        assert len(edge.findall(f"{{{POINTS}}}waypoint")) >= 2


def test_drawing_the_same_procedure_twice_gives_the_same_text() -> None:
    assert drawing.bpmn(PROCEDURE) == drawing.bpmn(PROCEDURE)
    assert drawing.mermaid(PROCEDURE) == drawing.mermaid(PROCEDURE)
