"""文书: documents rendered from templates that an official can open and edit, numbered, hashed and kept.

Beside the usual rooms: `catalogue` finds the templates in the packs; `supply` is where packages register what
templates may show; `making` gathers the words and facts of a matter and numbers the paper; `rendering` fills the
.docx; `storage` keeps it sealed; `effects` registers render for procedures; `official` lays out what has no
template, such as bulletins, as .docx and PDF; `audit` holds files against the log.
"""
