"""Answering tasks: one transaction that checks the answer, closes the task, acts and wakes.

Each kind of task has a module here with `ask(session, task, now) -> Question` and
`act(session, task, form, by, now) -> str`: it raises `Refused` before it changes anything, makes
what the answer means, and returns the sentence for the journal. `domain/tasks.py` says
how to add a kind.
"""

from casework.answers.answering import Answered, answer, question

__all__ = ["Answered", "answer", "question"]
