"""会商: units brought to one table on a matter; what each says, who was absent and why, what was resolved.

Beside the usual rooms, `effects` registers what procedures may name (convene, conclude_meeting, the guard
everyone_noted) and what documents may show of a meeting.
"""
