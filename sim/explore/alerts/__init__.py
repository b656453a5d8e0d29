"""How well an alert rule predicts attacks, and what raising the level prevents.

A raised level prevents attacks, so a good alarm may look false. Each year is therefore simulated
twice with the same draws: once where the rule acts, and once where the level stays at rest and the
rule only observes. The second shows how well the rule predicts; both together show what it
prevents.
"""
