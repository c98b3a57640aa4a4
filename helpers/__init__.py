"""What the course's notebooks import: `check`, `plot`, `widget`. Light: NumPy, matplotlib and ipywidgets only."""
