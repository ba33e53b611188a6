"""A procedure as BPMN 2.0, with the coordinates of its picture (diagram interchange), so that other tools open it.

How a state machine reads as BPMN: an open state is a user task in the lane of who answers there; where several actions
lead on, an exclusive gateway stands behind it; an action that leads into another state is a sequence flow with the
action's title; an end is an end event. What may be done without leaving a state is told in the task's documentation.
A clock whose running out does something by itself is a timer on the border of the task.

Where everything stands is worked out in `onedoor.matters.picture`. Pure.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from onedoor.matters.graph import edges
from onedoor.matters.language import Action, Procedure, Titled
from onedoor.matters.picture import (
    EVENT,
    GATEWAY,
    HEADER,
    MARGIN,
    TASK,
    Flow,
    Node,
    Picture,
    Point,
    Ways,
    place,
    tops,
)

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DIAGRAM = "http://www.omg.org/spec/BPMN/20100524/DI"
BOUNDS = "http://www.omg.org/spec/DD/20100524/DC"
POINTS = "http://www.omg.org/spec/DD/20100524/DI"
TARGET = "urn:onedoor:procedure"

Say = Callable[[Titled], str]


def bpmn(procedure: Procedure, names: Mapping[str, str] | None = None) -> str:
    """The procedure as a BPMN 2.0 document with its diagram; `names` are how lanes (who answers) are called."""
    picture = drawn(procedure)
    for prefix, space in (("bpmn", MODEL), ("bpmndi", DIAGRAM), ("dc", BOUNDS), ("di", POINTS)):
        ET.register_namespace(prefix, space)
    root = ET.Element(
        _tag("definitions"), {"id": f"definitions_{procedure.procedure}", "targetNamespace": TARGET}
    )
    _collaboration(root, procedure)
    _process(root, procedure, picture, names or {})
    _diagram(root, procedure, picture)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


# What is drawn


def drawn(procedure: Procedure, said: Say | None = None, spanned: Callable[[str], str] = str) -> Picture:
    """The picture with everything in its place.

    `said` writes titles, in both languages where it is left out; `spanned` the time limits, as in the pack.
    """
    said, picture = said or _both, Picture()
    lane_of = _lanes(procedure)
    start = procedure.opens.state
    picture.add(Node("start", "startEvent", "", lane_of[start], EVENT))
    for key, state in procedure.states.items():
        if state.end:
            picture.add(Node(key, "endEvent", said(state), lane_of[key], EVENT))
        else:
            told = "\n".join(map(said, _staying(procedure, key)))
            picture.add(Node(key, "userTask", said(state), lane_of[key], TASK, documentation=told))
    picture.connect("start", start)
    for key in procedure.states:
        _leaving(procedure, picture, key, said, spanned)
    place(procedure, picture)
    return picture


def _lanes(procedure: Procedure) -> dict[str, str]:
    """Who answers in each state; an end stands in the lane of the first state that leads to it."""
    lanes = {key: state.answers or "" for key, state in procedure.states.items()}
    for source, target, _, _ in edges(procedure):
        if procedure.states[target].end and not lanes[target]:
            lanes[target] = lanes[source]
    anybody = lanes[procedure.opens.state] or "unit"
    return {key: lane or anybody for key, lane in lanes.items()}


def _leaving(
    procedure: Procedure, picture: Picture, key: str, said: Say, spanned: Callable[[str], str]
) -> None:
    """The arrows out of a state: straight for one, through a gateway for several, from a timer for what is timed."""
    timed = {clock.on_due: clock for clock in procedure.clocks.values() if clock.on_due}
    ways = [
        (target, name, action) for source, target, name, action in edges(procedure) if source == key != target
    ]
    if procedure.states[key].end:
        ways = []  # a reopening begins anew: BPMN lets nothing leave an end
    chosen: dict[str, list[str]] = defaultdict(list)
    for target, name, action in ways:
        if name not in timed:
            chosen[target].append(said(action))
    source = key
    if sum(map(len, chosen.values())) > 1:
        source = picture.add(
            Node(f"{key}_which", "exclusiveGateway", "", picture.nodes[key].lane, GATEWAY)
        ).id
        picture.connect(key, source)
    for target, names in chosen.items():
        picture.connect(source, target, " / ".join(names))
    for target, name, action in ways:
        if name in timed:
            clock = timed[name]
            timer = Node(
                f"{key}_{name}_timer", "boundaryEvent", f"{said(clock)} {spanned(clock.span)}",
                picture.nodes[key].lane, EVENT, attached_to=key,
            )  # fmt: skip
            picture.connect(picture.add(timer).id, target, said(action))


def _staying(procedure: Procedure, key: str) -> Iterable[Action]:
    return (action for source, target, _, action in edges(procedure) if source == target == key)


def _both(titled: Titled) -> str:
    return f"{titled.zh} · {titled.en}"


# What is written


def _tag(name: str, space: str = MODEL) -> str:
    return f"{{{space}}}{name}"


def _collaboration(root: ET.Element, procedure: Procedure) -> None:
    made = ET.SubElement(root, _tag("collaboration"), {"id": "collaboration"})
    name = f"{procedure.title.zh} · {procedure.title.en}"
    ET.SubElement(made, _tag("participant"), {"id": "pool", "name": name, "processRef": procedure.procedure})


def _process(root: ET.Element, procedure: Procedure, picture: Picture, names: Mapping[str, str]) -> None:
    made = ET.SubElement(root, _tag("process"), {"id": procedure.procedure, "isExecutable": "false"})
    lanes = ET.SubElement(made, _tag("laneSet"), {"id": "lanes"})
    for lane in picture.lanes:
        held = ET.SubElement(lanes, _tag("lane"), {"id": f"lane_{lane}", "name": names.get(lane, lane)})
        for node in picture.nodes.values():
            if node.lane == lane:
                ET.SubElement(held, _tag("flowNodeRef")).text = node.id
    for node in picture.nodes.values():
        _node(made, node, picture.flows)
    for flow in picture.flows:
        facts = {"id": flow.id, "sourceRef": flow.source, "targetRef": flow.target}
        ET.SubElement(made, _tag("sequenceFlow"), facts | ({"name": flow.name} if flow.name else {}))


def _node(process: ET.Element, node: Node, flows: list[Flow]) -> None:
    facts = {"id": node.id} | ({"name": node.name} if node.name else {})
    facts |= {"attachedToRef": node.attached_to} if node.attached_to else {}
    made = ET.SubElement(process, _tag(node.element), facts)
    if node.documentation:
        ET.SubElement(made, _tag("documentation")).text = node.documentation
    for flow in flows:
        if flow.target == node.id:
            ET.SubElement(made, _tag("incoming")).text = flow.id
    for flow in flows:
        if flow.source == node.id:
            ET.SubElement(made, _tag("outgoing")).text = flow.id
    if node.attached_to:
        ET.SubElement(made, _tag("timerEventDefinition"), {"id": f"{node.id}_definition"})


def _diagram(root: ET.Element, procedure: Procedure, picture: Picture) -> None:
    diagram = ET.SubElement(root, _tag("BPMNDiagram", DIAGRAM), {"id": "diagram"})
    plane = ET.SubElement(
        diagram, _tag("BPMNPlane", DIAGRAM), {"id": "plane", "bpmnElement": "collaboration"}
    )
    height = sum(picture.lanes.values())
    _shape(plane, "pool", (MARGIN, MARGIN), (picture.width + HEADER * 2, height), {"isHorizontal": "true"})
    for lane, top in tops(picture.lanes).items():
        size = (picture.width + HEADER, picture.lanes[lane])
        _shape(plane, f"lane_{lane}", (MARGIN + HEADER, top), size, {"isHorizontal": "true"})
    for node in picture.nodes.values():
        extra = {"isMarkerVisible": "true"} if node.element == "exclusiveGateway" else {}
        _shape(plane, node.id, (node.x, node.y), node.size, extra)
    ways = Ways(picture)
    for flow in picture.flows:
        facts = {"id": f"{flow.id}_edge", "bpmnElement": flow.id}
        edge = ET.SubElement(plane, _tag("BPMNEdge", DIAGRAM), facts)
        corners, name, size = ways.of(flow)
        for x, y in corners:
            ET.SubElement(edge, _tag("waypoint", POINTS), {"x": _number(x), "y": _number(y)})
        if flow.name:
            _bounds(ET.SubElement(edge, _tag("BPMNLabel", DIAGRAM)), name, size)


def _shape(plane: ET.Element, element: str, at: Point, size: Point, extra: dict[str, str]) -> None:
    shape = ET.SubElement(
        plane, _tag("BPMNShape", DIAGRAM), {"id": f"{element}_shape", "bpmnElement": element} | extra
    )
    _bounds(shape, at, size)


def _bounds(shape: ET.Element, at: Point, size: Point) -> None:
    facts = dict(zip(("x", "y", "width", "height"), map(_number, (*at, *size)), strict=True))
    ET.SubElement(shape, _tag("Bounds", BOUNDS), facts)


def _number(value: float) -> str:
    return f"{value:g}"
