"""公文: one official document, written twice: as .docx and as PDF, in the layout of GB/T 9704-2012.

`model` is the document: title, number, addressee, levels 一、（一）1.（1）, tables, charts, annexes, signature.
`charts` draws figures as SVG. `word` writes the .docx, `printing` the PDF by Typst (`official.typ`); both take
the same model.
"""
