"""One chart model, drawn twice: a Plotly figure for the staff screen and an SVG for everywhere else."""
