"""What the course's notebooks import: `check`, `plot`, `widget`. Light: no TensorFlow, no grading."""
