"""Import of tables from other sources, in the formats that people have, as seed tables."""
