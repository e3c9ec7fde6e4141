"""Right answers in another style than the reference: one file for each lesson."""
