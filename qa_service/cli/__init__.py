"""The command line: one file per group of commands, all thin.

Every command takes --json, ends with 0 (done), 1 (refused or found something) or 2 (wrong words), and says
what is wrong in one line. A group's file is loaded only when one of its commands runs, so that --help
answers at once.
"""

from qa_service.cli.commands import main

__all__ = ["main"]
