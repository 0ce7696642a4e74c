"""Use cases of the classifier's flags. `learning` and `scoring` load the learning libraries; the rest do not.

Web processes import `artefacts` and `lists` only; training and scoring run on workers and commands.
"""
