"""What can be said of a table."""

from __future__ import annotations

from .rule import Rule, table

TABLES = table(
    Rule(
        "table.unknown-format",
        "error",
        "is neither a CSV nor an XLSX table, or its name does not end so.",
        "không phải bảng CSV hoặc XLSX, hoặc đuôi tên tệp không đúng loại.",
        "Save it as CSV (UTF-8) with the ending .csv, or as .xlsx.",
        "Hãy lưu thành CSV (UTF-8) với đuôi .csv, hoặc thành .xlsx.",
    ),
    Rule(
        "table.old-excel",
        "error",
        "is an old Excel file (.xls) or has a password.",
        "là tệp Excel kiểu cũ (.xls) hoặc có mật khẩu.",
        "Save it in Excel as .xlsx without a password.",
        "Hãy lưu lại trong Excel thành .xlsx không có mật khẩu.",
    ),
    Rule(
        "table.unreadable",
        "error",
        "cannot be read as a table: {reason}.",
        "không đọc được như một bảng: {reason}.",
        "Open it in a spreadsheet program and save it again.",
        "Hãy mở tệp bằng phần mềm bảng tính rồi lưu lại.",
    ),
    Rule(
        "table.too-large",
        "error",
        "is larger than any table that is read here ({limit}).",
        "lớn hơn giới hạn bảng được đọc ({limit}).",
        "Keep only the rows and columns that are needed.",
        "Hãy chỉ giữ các hàng và cột cần dùng.",
    ),
    Rule(
        "table.too-many-cells",
        "error",
        "holds more rows or cells than any table that is read here ({limit} cells).",
        "có nhiều hàng hoặc ô hơn giới hạn bảng được đọc ({limit} ô).",
        "Keep only the rows and columns that are needed.",
        "Hãy chỉ giữ các hàng và cột cần dùng.",
    ),
    Rule(
        "table.not-utf8",
        "error",
        "is not UTF-8 text; it may be in an older Vietnamese encoding (Windows-1258, TCVN3, VNI).",
        "không phải văn bản UTF-8; có thể dùng bảng mã tiếng Việt cũ (Windows-1258, TCVN3, VNI).",
        "Save it in Excel as “CSV UTF-8”, and check the names afterwards.",
        "Hãy lưu lại trong Excel dạng “CSV UTF-8”, rồi kiểm tra lại các tên.",
    ),
    Rule(
        "table.utf16",
        "note",
        "is UTF-16 text, which was converted.",
        "là văn bản UTF-16, đã được chuyển đổi.",
        "Nothing has to be done here; UTF-8 is read everywhere.",
        "Không cần làm gì thêm; UTF-8 đọc được ở mọi nơi.",
    ),
    Rule(
        "table.broken-row",
        "error",
        "cannot be split into cells here: {reason}.",
        "không tách được thành các ô ở đây: {reason}.",
        "Check the quotation marks of this row, or save the table again from a spreadsheet program.",
        "Hãy kiểm tra dấu ngoặc kép của hàng này, hoặc lưu lại bảng từ phần mềm bảng tính.",
    ),
    Rule(
        "table.sheet-missing",
        "error",
        "has no sheet {wanted}; it has: {sheets}.",
        "không có trang tính {wanted}; trong tệp có: {sheets}.",
        "Correct the name of the sheet in the project file.",
        "Hãy sửa tên trang tính trong tệp dự án.",
    ),
    Rule(
        "table.several-sheets",
        "ask",
        "has several sheets and none is named: {sheets}.",
        "có nhiều trang tính mà chưa ghi rõ dùng trang nào: {sheets}.",
        'Name the one that is meant as sheet = "…" in the project file, or with --layer; or accept that {used} is read: '
        'accept = ["table.several-sheets"] or --accept table.several-sheets.',
        'Hãy ghi trang cần dùng bằng sheet = "…" trong tệp dự án, hoặc --layer; hoặc chấp nhận đọc trang {used}: '
        'accept = ["table.several-sheets"] hoặc --accept table.several-sheets.',
    ),
    Rule(
        "table.no-rows",
        "error",
        "holds no rows.",
        "không có hàng dữ liệu nào.",
        "Check that it is the right file and sheet.",
        "Hãy kiểm tra xem đã chọn đúng tệp và trang tính chưa.",
    ),
    Rule(
        "table.duplicate-column",
        "error",
        "this column stands {count} times.",
        "cột này xuất hiện {count} lần.",
        "Delete or rename the columns that are not meant.",
        "Hãy xóa hoặc đổi tên các cột không dùng.",
    ),
    Rule(
        "table.header-below",
        "ask",
        "the names of the columns ({columns}) stand here, below {count} rows that would be left out as a title.",
        "tên các cột ({columns}) nằm ở hàng này, dưới {count} hàng sẽ bị bỏ qua như tiêu đề.",
        'Delete the rows above; or accept that they are left out: accept = ["table.header-below"] or --accept '
        "table.header-below.",
        'Hãy xóa các hàng phía trên; hoặc chấp nhận bỏ qua chúng: accept = ["table.header-below"] hoặc --accept '
        "table.header-below.",
    ),
    Rule(
        "table.ragged-rows",
        "error",
        "rows with another number of cells than the {width} of the header: {count} (rows {rows}).",
        "số hàng có số ô khác với {width} ô của hàng tiêu đề: {count} (các hàng {rows}).",
        "Check these rows for missing or unquoted commas and semicolons.",
        "Hãy kiểm tra dấu phẩy, dấu chấm phẩy bị thiếu hoặc không đặt trong ngoặc kép ở các hàng này.",
    ),
    Rule(
        "table.numeric-cells",
        "warning",
        "cells that are stored as numbers, so that leading zeros may be lost: {count}.",
        "số ô được lưu dạng số, có thể đã mất số 0 ở đầu: {count}.",
        "Format the column as text and enter the values again.",
        "Hãy định dạng cột là văn bản rồi nhập lại giá trị.",
    ),
    Rule(
        "table.uncomputed",
        "error",
        "rows with formulas that have no stored result: {count} (rows {rows}).",
        "số hàng có công thức chưa lưu kết quả: {count} (các hàng {rows}).",
        "Open the workbook in a spreadsheet program and save it, or replace the formulas by their values.",
        "Hãy mở tệp bằng phần mềm bảng tính rồi lưu lại, hoặc thay công thức bằng giá trị.",
    ),
)
