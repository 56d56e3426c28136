"""The words that files, terms and entries share: person, category, imprecise date, place, selector, event pattern."""
