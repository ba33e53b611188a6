"""Matters (事项): the engine.

`language` is the shape of a procedure file, `fragments` what procedures share, `graph` and `names` its second and
third check, `procedures` the loaded and pinned ones, `registry` what they may name: `guards`, `effects`, performers.
`ladders` say what happens as time runs out. `rows` are the sets of matters that policies speak of, `vacancies` those
that wait for a post which nobody holds. `moving` holds a matter while it is changed, `steps` takes one step, `clocks`
keeps its time, `forms` cleans what was filled in, `tables` are rows that were,
`fold` is what entries add up to, `audit` holds matters against
their entries. `titles` are the names that people read, `stages` how far a matter has come. `catalogue` checks
categories. `drawing` draws a procedure: as Mermaid, and as BPMN 2.0 (`bpmn`, its layout in `picture`). `reference`
writes the language down.
"""
