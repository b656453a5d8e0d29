"""Tables of others, in the shapes that people have, turned into the seed tables."""
