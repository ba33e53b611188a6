"""The portal: what a resident sees. Phone first, no account: a number and its query code are all she needs.

Beside the usual rooms: `navigation` says where its pages stand; `proofs` remembers in her session which matters she
has proved to be hers; `wording` says units, places and time limits as she reads them.
"""
