"""调查: questionnaires as data, rounds of them with a sample by townships, confidential answers, figures with margins.

`language` is the shape of a questionnaire file, `soundness` what must hold between its parts, `catalogue` reads them;
`answering` walks an interview by its skip rules; `figures` turns the answers of a round into figures, `importing` takes
in a third party's file, `export` writes the published figures, `shown` is how pages show them. `rules` reckons,
`static` walks an interview in a browser.
"""
