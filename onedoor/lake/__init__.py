"""The lake: what happened, as columns that anybody can read and that name nobody.

`columns` is the catalogue of tables and their columns (`columns.yaml`): what is not in it does not leave the database.
`dictionary` writes it out for readers.
"""
