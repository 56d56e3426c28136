"""safeconduct: the system a neutral intermediary runs a prisoner exchange on."""

__version__ = "0.1.0"
