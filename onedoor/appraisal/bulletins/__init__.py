"""通报: what a period came to, drafted out of frozen scores for somebody to edit and sign.

`content` gathers what stands in it, `paper` lays it out as an official document (.docx).
"""
