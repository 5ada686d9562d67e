"""What can be said when a submission is refused, and about the version that is used instead."""

from __future__ import annotations

from .rule import Rule, table

RULES: dict[str, Rule] = table(
    Rule(
        "submission.last-good-used",
        "warning",
        "{operator} {service}: was refused ({codes}); the last good version is used instead: {used}, data of "
        "{vintage}, in use since run {since}.",
        "{operator} {service}: đã bị từ chối ({codes}); dùng bản hợp lệ gần nhất thay thế: {used}, số liệu {vintage}, "
        "dùng từ lần chạy {since}.",
        "Mend the new file, or have the operator hand it in again.",
        "Hãy sửa tệp mới, hoặc đề nghị nhà mạng nộp lại.",
    ),
    Rule(
        "submission.no-last-good",
        "warning",
        "{operator} {service}: was refused ({codes}) and no version before it can be used: no data, which is not "
        "the same as no coverage.",
        "{operator} {service}: đã bị từ chối ({codes}) và không có bản nào trước đó dùng được: không có dữ liệu, "
        "khác với không có phủ sóng.",
        "Mend the file, or have the operator hand it in again.",
        "Hãy sửa tệp, hoặc đề nghị nhà mạng nộp lại.",
    ),
    Rule(
        "submission.kept-damaged",
        "warning",
        "{operator} {service}: the copy of {used} kept since run {since} is missing or is not any more what was "
        "accepted; it cannot be used or compared with.",
        "{operator} {service}: bản lưu của {used} từ lần chạy {since} bị mất hoặc không còn đúng nội dung đã chấp "
        "nhận; không thể dùng hay đối chiếu.",
        "Look at the disk, and at who may write into the folder accepted; the next good file is kept again.",
        "Hãy kiểm tra ổ đĩa và quyền ghi vào thư mục accepted; tệp hợp lệ tiếp theo sẽ được lưu lại.",
    ),
    Rule(
        "submission.kept-unusable",
        "warning",
        "{operator} {service}: the version kept since run {since} ({used}) does not pass the checks any more: {codes}.",
        "{operator} {service}: bản lưu từ lần chạy {since} ({used}) không còn qua được kiểm tra: {codes}.",
        "Check whether the communes or the project file were changed since then.",
        "Hãy kiểm tra xem danh sách xã hoặc tệp dự án có thay đổi từ đó không.",
    ),
)
