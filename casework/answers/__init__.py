"""Answering tasks: one transaction that checks the answer, closes the task, acts and wakes.

Each kind of task has a module here with `ask(session, task, now) -> Question` and
`act(session, task, form, by, now) -> str`: it raises `Refused` before it changes anything, makes
what the answer means, and returns the sentence for the journal. To add a kind: one member of
`TaskKind`, one module, one line in `registry.py`.
"""

from casework.answers.answering import Answered, answer, question

__all__ = ["Answered", "answer", "question"]
