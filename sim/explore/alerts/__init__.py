"""Early warning: how well an alert rule foretells attacks, and what raising the level prevents.

A rule acts on the world that it watches: a raised level prevents attacks. So each year is lived
twice with the same draws, once where the rule acts and once where the level stays at rest and the
rule only looks on. The second tells how well it foretells; both together tell what it prevents.
"""
