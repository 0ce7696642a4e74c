"""The classifier: which cases assessed below high a reviewer should look at first, and how often it is wrong.

It ranks extra checks and worklists. It never decides a level, a verdict or a cut, and never says that
anybody will re-offend.
"""
