"""The ledger as bytes: Merkle tree, signed headers, commitments, checkpoints and the check of a whole ledger."""
