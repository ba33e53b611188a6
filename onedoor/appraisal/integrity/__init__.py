"""Are the figures honest? What may make a unit look better than it did, for the supervisor's office.

`figures` says what is counted and how; `silence` finds filings that drop where others rise; `reporting` puts both
together. Units and places only; none of it is a finding of fault: it says where to look, and opens the matters.
"""
