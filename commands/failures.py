"""What an error means to whoever started the program: an exit code, and sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..data.text.safe import printable
from ..errors import WORKPLACE, BlackspotError, InputError, ProjectError, exit_code

if TYPE_CHECKING:
    from pathlib import Path

SHOWN_FINDINGS = 50

EXIT_CODES = """\b
Exit codes:
  0  published, or nothing new; a checked file can be used
  1  a mistake of this program (the trace is in the log file)
  2  the command line or the project file is wrong
  3  published, but a submission was refused or old data was used
  4  nothing published: inputs were refused, or a checked file cannot be used
  5  disk, rights, memory or time did not suffice
  6  another run holds the output folder
  130, 143  interrupted
"""

_WORDS = {
    "en": {
        "error": "error",
        "interrupted": "interrupted; nothing was published",
        "memory": "the memory does not suffice; close other programs or use a machine with more",
        "mistake": "this is a mistake of blackspot ({error})",
        "more": "... and {count} more",
        "place": "{error}; check space and rights there",
        "terminated": "terminated; nothing was published",
        "trace": "; the trace is in {log_file}, please report it",
        "warning": "warning",
        "wrote": "Wrote {path}. Fill it in, then type: blackspot run {path}",
    },
    "vi": {
        "error": "lỗi",
        "interrupted": "đã ngắt; không công bố gì",
        "memory": "không đủ bộ nhớ; hãy đóng chương trình khác hoặc dùng máy có nhiều bộ nhớ hơn",
        "mistake": "đây là lỗi của chính blackspot ({error})",
        "more": "... và {count} lỗi khác",
        "place": "{error}; hãy kiểm tra dung lượng và quyền ghi ở đó",
        "terminated": "đã bị dừng; không công bố gì",
        "trace": "; chi tiết nằm trong {log_file}, xin hãy báo lại cho chúng tôi",
        "warning": "cảnh báo",
        "wrote": "Đã ghi {path}. Hãy điền vào tệp này, rồi gõ: blackspot run {path}",
    },
}


def word(name: str, language: str) -> str:
    """Give a word or a sentence of the command line itself.

    Parameters
    ----------
    name
        Key of the text; ``wrote`` has a place for ``path``.
    language
        vi or en.
    """
    return _WORDS[language][name]


def sentences(error: Exception, language: str, log_file: Path | None = None) -> list[str]:
    """Say what stopped the program, one sentence per problem.

    Parameters
    ----------
    error
        What stopped the program.
    language
        vi or en. Mistakes of the project file and the other errors of the program are told in English.
    log_file
        Where the trace of an unforeseen error is kept.

    Returns
    -------
    list of str
        Safe to print: control and direction characters of inputs are replaced.
    """
    if isinstance(error, InputError):
        told = [finding.sentence(language) for finding in error.findings[:SHOWN_FINDINGS]]
        rest = len(error.findings) - len(told)
        told += [word("more", language).format(count=rest)] if rest else []
    elif isinstance(error, ProjectError):
        told = list(error.problems)
    elif isinstance(error, BlackspotError):
        told = [str(error)]
    elif isinstance(error, MemoryError):
        told = [word("memory", language)]
    elif exit_code(error) == WORKPLACE:
        told = [word("place", language).format(error=error)]
    else:
        where = word("trace", language).format(log_file=log_file) if log_file else ""
        told = [word("mistake", language).format(error=f"{type(error).__name__}: {error}") + where]
    return [printable(" ".join(sentence.split())) for sentence in told]
