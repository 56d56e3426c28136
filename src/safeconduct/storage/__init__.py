"""Where the ledger's bytes are kept: leaves and sealed bodies in one SQLite file, data keys in another."""
