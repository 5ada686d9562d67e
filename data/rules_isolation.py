"""What can be said when the process that reads a file comes to no good end."""

from __future__ import annotations

from .rule import Rule, table

RULES = table(
    Rule(
        "file.too-large",
        "error",
        "is too large, or unpacks to far more than its size lets expect ({size}; at most {limit}).",
        "quá lớn, hoặc khi giải nén lớn hơn rất nhiều so với kích thước tệp ({size}; tối đa {limit}).",
        "Split the file, or save it again without compression.",
        "Hãy chia nhỏ tệp, hoặc lưu lại tệp mà không nén.",
    ),
    Rule(
        "file.reader-failed",
        "error",
        "is damaged or hostile: the process that reads it broke off ({reason}).",
        "bị hỏng hoặc có nội dung nguy hại: tiến trình đọc tệp đã dừng đột ngột ({reason}).",
        "Export the file again; ask its maker where it comes from.",
        "Hãy xuất lại tệp; hãy hỏi đơn vị lập tệp về nguồn gốc của tệp.",
    ),
    Rule(
        "file.reader-memory",
        "error",
        "needs far more memory than a file of its size should.",
        "cần nhiều bộ nhớ hơn rất nhiều so với một tệp có kích thước như vậy.",
        "Split the file, or export it again without needless detail.",
        "Hãy chia nhỏ tệp, hoặc xuất lại tệp và bỏ bớt các chi tiết không cần thiết.",
    ),
    Rule(
        "file.reader-time",
        "error",
        "takes far more time to read than a file of its size should.",
        "mất nhiều thời gian đọc hơn rất nhiều so với một tệp có kích thước như vậy.",
        "Split the file, or export it again.",
        "Hãy chia nhỏ tệp, hoặc xuất lại tệp.",
    ),
)
