"""What other systems call: REST with an OpenAPI description, and GeoReport v2 (Open311).

`site` holds the two APIs and says problems in their shapes, `security` who a call acts as, `shaping` turns rows into
what is answered. A call runs the same action as a page; no rule stands here.
"""
