"""What instructors run: build, check, audit, grade, feedback, export. No student's import reaches in here."""
