"""The pages of the desk: each checks what was sent, calls an action or a query, and shows what came of it."""
