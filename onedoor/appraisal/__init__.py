"""Appraisal: what units did, measured. `export` writes the weekly sheet as a workbook; `dispatch` counts what was sent
to the right unit first time; `indicators` are what can be measured, as packs declare it; `schemes` are what units are
appraised by, over which days (`periods`), `scores` what they got and why, `bulletins` what is told of it, `tables`
official tables filled from it (一表通); `objections` reads what units object to; `audit` holds frozen scores against
the log; `warning` says what is out of the ordinary in places and subjects, `integrity` where the figures of units ask
to be looked at.

Units and places are measured, never persons; what was received is shown and never judged; every figure leads back to
the matters behind it (`queries.matters_behind`).
"""
