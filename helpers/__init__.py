"""What notebooks import: `check`, `plot`, `widget`, `data`, `progress` and more. Light: no TensorFlow, no grading."""
