"""What instructors run: build, check, audit, grade, feedback and export. Nothing that a student imports reaches in here."""
