"""What instructors run: build, check, audit, grade, feedback, export. No student's import reaches in here.

How a submission becomes points, in the order to read it; each step is one module or few:

    intake, reading           the file that counts, as a valid notebook
    graft, recognise          the master with the student's answers in it
    execute, outputs          the notebook that ran: cells in, outputs and flags out
    sandbox, box, watch,      where its cells run: the warm process, what is around it, the limits,
    cgroup, warm,             and on the inside
    harness, shell            how tests are kept out of the reach of what they test
    score, message            outputs in, points and hints out
    record, results           the gradebook
    grade, pool, cluster      the class, several notebooks at a time

Around it: `master` and `build` (what is made of a master), `gates`, `notebook_rules` and `shelf` (`course check`),
`audit`, `variants` and `mutants` (that tests tell right from wrong), `feedback`, `report`, `page` and `markup` (what
people open), `collect`, `moodle`, `ilias`, `returns` and `publish` (to and from students), `cli`.
"""
