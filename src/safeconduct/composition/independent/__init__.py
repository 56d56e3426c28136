"""A check of compositions that shares no code with what makes them.

Terms, candidates and composition are read anew, every clause and value is counted anew from the persons themselves. It
imports nothing of the rest but how bad input is told, which a contract of the house keeps so.
"""
