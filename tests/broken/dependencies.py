"""environment.yml, pyproject.toml and requirements.lock that do not agree."""


def missing_in_the_environment(tiny):
    tiny.replace("environment.yml", "  - numpy>=1.26\n", "")


def too_much_in_the_environment(tiny):
    tiny.replace("environment.yml", "  - pip\n", "  - pip\n  - pandas>=2\n")


def another_bound_in_the_environment(tiny):
    tiny.replace("environment.yml", "numpy>=1.26", "numpy>=1.20")


def another_python_in_the_environment(tiny):
    tiny.replace("environment.yml", "python>=3.11", "python>=3.10")


def name_that_conda_does_not_have(tiny):
    tiny.replace("environment.yml", "playwright-python", "playwright")


def notation_of_conda(tiny):
    tiny.replace("environment.yml", "numpy>=1.26", "numpy=1.26")


def course_not_installed(tiny):
    tiny.replace("environment.yml", "-e .", "wheel")


def environment_missing(tiny):
    (tiny.root / "environment.yml").unlink()


def missing_in_the_lock(tiny):
    tiny.replace("requirements.lock", "playwright==1.65.2\n", "")


def too_old_in_the_lock(tiny):
    tiny.replace("requirements.lock", "numpy==2.4.6", "numpy==1.25.0")
