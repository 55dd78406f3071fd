"""Charts: pure functions from a table to a Plotly figure as a plain dict. `kit` holds what they share; one module a page.

No figure sets text or grid colours: those follow the page's light or dark theme. Data colours read well on both.
"""
