"""The library of clause kinds, one file a kind: parameters, meaning, source, what it judges, its sentence."""
