"""Who is exchanged in a round: candidates, the model, the proven choice and its explanation."""
