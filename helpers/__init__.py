"""What the course's notebooks import: `check`, `plot`, `widget`, `data`. Light: no TensorFlow, no grading."""
