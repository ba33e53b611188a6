"""得分: marks out of figures, and why.

`rules` reckons, `explaining` says a cell in words, `frozen` writes a snapshot that recomputes to the
same bytes; `gathering` brings figures and findings together, `judgements` reads what offices found,
`appraising` runs a whole appraisal.
"""
