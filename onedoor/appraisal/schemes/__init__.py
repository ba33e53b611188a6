"""考核方案: what units are appraised by, as data that officials write in Excel or YAML.

`marking` is how a figure becomes marks, `language` the shape of a scheme, `filings` the words by which a scheme would
punish filing, `soundness` what must hold between its parts, `sheets` a scheme as a workbook, `catalogue` reads them
all, `published` holds the frozen versions.
"""
