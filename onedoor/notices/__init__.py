"""Who is told what: notices to everybody who reported a matter, reminders to units.

Beside the usual rooms: `effects` registers what procedures and escalation ladders may name (tell, remind, urge,
tell_leader, and the guard notified); `telling` puts notices up; `reminding` decides which units a
reminder goes to; `senders` holds the ways out of the house.
"""
