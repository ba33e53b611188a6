"""一表通: official tables filled from indicators, so that nobody types a figure twice.

`language` is what a cell may ask for, `filling` fills a workbook and keeps its formats, `figures` measures what was
asked for. Cells name figures of units and places, never of persons: nothing else is in the lake.
"""
