"""The scoring of the MDN HTTP Observatory, algorithm v6: the same score, grade and results on the same responses.

Written from the facts of the scoring (codes, modifiers, thresholds, order of the tests), with what its reference
implementation does by accident, since the number is worth something only if it is the one that teams know. What is wrong in
it is put right elsewhere: in the rules ``hsts``, ``content-security-policy``, ``cookies`` …, which judge for themselves.
"""
