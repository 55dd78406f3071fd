"""A busy last day, simulated: who comes (`people`), what they send (`workbooks`), one browser tab each (`tab`), what happened (`tally`)."""
