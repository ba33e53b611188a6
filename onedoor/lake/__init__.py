"""The lake: what happened, as columns that anybody can read and that name nobody.

`columns` is the catalogue of tables and their columns (`columns.yaml`): what is not in it does not leave the database.
`dictionary` writes it out for readers. `exporting` brings the lake up to the database: `changed` says whose rows are to
be written anew, `lives` (of matters), `stands` (of records) and `whole` (units, places, surveys) read them, with
`codes` for ids, and `merging` puts them into the files; `files` knows how a file and the manifest are written and
found, `verifying` holds manifest, files and database against each other.
"""
