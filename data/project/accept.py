"""Answers to questions: the codes that a project file or a command line accepts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import ProjectError
from ..findings.rules import RULES
from ..text.sentences import told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .models import Project


def check_questions(codes: Sequence[str]) -> None:
    """Make sure that what is accepted can be accepted.

    Parameters
    ----------
    codes
        Codes of findings.

    Raises
    ------
    ProjectError
        A code is unknown, or no question.
    """
    for code in codes:
        rule = RULES.get(code)
        if rule is None or rule.severity != "ask":
            if rule is None:
                raise ProjectError(told("project", "accept_unknown", code=code))
            raise ProjectError(told("project", "accept_no_question", code=code, severity=rule.severity))


def accepting(project: Project, codes: Sequence[str]) -> Project:
    """Add answers to those of the project file.

    Parameters
    ----------
    project
        The project file.
    codes
        Codes of questions that are accepted as well.

    Returns
    -------
    Project
        The same project with all answers, each once, in order.

    Raises
    ------
    ProjectError
        A code, of the file or of ``codes``, is unknown or no question.
    """
    accept = tuple(dict.fromkeys((*project.checks.accept, *codes)))
    check_questions(accept)
    if accept == project.checks.accept:
        return project
    return project.model_copy(update={"checks": project.checks.model_copy(update={"accept": accept})})
