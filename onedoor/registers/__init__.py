"""Registers (台账): what stands, and is visited.

`language` is the shape of a register file, `names` its second check, `kinds` the loaded and pinned ones. `values`
cleans what was filled in, `writing` holds a record while it is changed, `door` is what registers ask of the door
above them, `effects` what of the engine's they answer to. `lists` narrows lists, `coverage` counts visits by place
and unit, `history` tells a record's entries, `sheets` takes records in from tables and gives them out, `audit` holds
records against their entries.
"""
