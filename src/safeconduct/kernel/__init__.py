"""What every room stands on: errors, times, ports, canonical encoding and the base of every ledger entry."""
