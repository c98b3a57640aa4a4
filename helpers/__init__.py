"""What the course's notebooks import: `check`, `plot`, `widget`, `data`, `progress`. Light: no TensorFlow, no grading."""
