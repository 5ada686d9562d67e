"""What can be said about communes, provinces and lists of codes."""

from __future__ import annotations

from .rule import Rule, table

RULES: dict[str, Rule] = table(
    Rule(
        "communes.missing-code",
        "error",
        "communes without a code: {count} (feature ids {ids}).",
        "số xã, phường, đặc khu không có mã: {count} (mã đối tượng {ids}).",
        "Fill in the code of each, or name the right column in the project file.",
        "Hãy điền mã cho từng đơn vị, hoặc ghi đúng tên cột trong tệp dự án.",
    ),
    Rule(
        "communes.bad-code",
        "error",
        "codes that are not {width} characters long: {codes}.",
        "mã không đủ {width} ký tự: {codes}.",
        "Correct these codes, or name the right column in the project file.",
        "Hãy sửa các mã này, hoặc ghi đúng tên cột trong tệp dự án.",
    ),
    Rule(
        "communes.codes-short",
        "ask",
        "codes that stand there as text without their leading zeros: {count} (filled up to {width} digits, such as "
        "{examples}); nothing here shows that these are the right ones.",
        "số mã ở dạng văn bản nhưng thiếu số 0 ở đầu: {count} (điền cho đủ {width} chữ số, ví dụ {examples}); "
        "không có danh mục để đối chiếu.",
        'Write the codes in full; or, if they are right, accept them: accept = ["communes.codes-short"] or --accept '
        "communes.codes-short.",
        'Hãy ghi mã đầy đủ; hoặc nếu đúng thì chấp nhận: accept = ["communes.codes-short"] hoặc --accept '
        "communes.codes-short.",
    ),
    Rule(
        "communes.codes-padded",
        "warning",
        "codes that had lost their leading zeros and were filled up to {width} digits: {count} (such as {examples}).",
        "số mã bị mất số 0 ở đầu, đã được điền lại cho đủ {width} chữ số: {count} (ví dụ {examples}).",
        "Store codes as text, not as numbers.",
        "Hãy lưu mã ở dạng văn bản, không phải dạng số.",
    ),
    Rule(
        "communes.duplicate-code",
        "error",
        "codes that stand more than once: {codes}.",
        "mã xuất hiện nhiều hơn một lần: {codes}.",
        "Each commune needs one feature and one code; merge its parts or correct the codes.",
        "Mỗi xã, phường, đặc khu chỉ có một đối tượng và một mã; hãy gộp các phần hoặc sửa mã.",
    ),
    Rule(
        "communes.missing-name",
        "error",
        "communes without a name: {count} (codes {codes}).",
        "số xã, phường, đặc khu không có tên: {count} (mã {codes}).",
        "Fill in the names, or name the right column in the project file.",
        "Hãy điền tên, hoặc ghi đúng tên cột trong tệp dự án.",
    ),
    Rule(
        "communes.names-cleaned",
        "note",
        "names with characters or spaces that were put right for display: {count} (codes {codes}).",
        "số tên có ký tự hoặc khoảng trắng đã được chỉnh lại để hiển thị: {count} (mã {codes}).",
        "Nothing has to be done here.",
        "Không cần làm gì thêm.",
    ),
    Rule(
        "communes.missing-province",
        "error",
        "communes without a province code: {count} (codes {codes}).",
        "số xã, phường, đặc khu không có mã tỉnh: {count} (mã {codes}).",
        "Fill in the province codes, or name the right column in the project file.",
        "Hãy điền mã tỉnh, hoặc ghi đúng tên cột trong tệp dự án.",
    ),
    Rule(
        "communes.unknown-type",
        "error",
        "legal types that are not known: {values}.",
        "loại đơn vị hành chính chưa biết: {values}.",
        'Say what each means under [communes.types], such as "{example}" = "commune".',
        'Hãy ghi ý nghĩa của từng loại trong [communes.types], ví dụ "{example}" = "commune".',
    ),
    Rule(
        "communes.type-from-name",
        "warning",
        "there is no column of legal types; {known} communes have theirs in their name, the other {unknown} count as xã.",
        "không có cột loại đơn vị hành chính; {known} đơn vị lấy loại từ tên, {unknown} đơn vị còn lại được coi là xã.",
        "Name a column with the legal type as columns.type, because rural or urban depends on it.",
        "Hãy ghi cột loại đơn vị vào columns.type, vì nông thôn hay đô thị phụ thuộc vào loại này.",
    ),
    Rule(
        "communes.repaired",
        "note",
        "communes whose outline crossed itself and was repaired: {count} (codes {codes}); the area changed by {change_km2} km².",
        "số xã, phường, đặc khu có ranh giới tự cắt đã được sửa: {count} (mã {codes}); diện tích thay đổi {change_km2} km².",
        "Look at them in a map when the change is large.",
        "Hãy xem lại trên bản đồ nếu thay đổi lớn.",
    ),
    Rule(
        "communes.not-an-area",
        "error",
        "communes whose outline encloses no area: {count} (codes {codes}).",
        "số xã, phường, đặc khu có ranh giới không khép thành diện tích: {count} (mã {codes}).",
        "Draw these outlines again.",
        "Hãy vẽ lại các ranh giới này.",
    ),
    Rule(
        "communes.overlap",
        "warning",
        "communes whose middle lies inside another one: {pairs}.",
        "xã, phường, đặc khu có điểm giữa nằm trong đơn vị khác: {pairs}.",
        "Check that the file holds each commune once and no older or higher units.",
        "Hãy kiểm tra xem tệp có lặp đơn vị, hoặc lẫn đơn vị cũ hay đơn vị cấp trên không.",
    ),
    Rule(
        "provinces.duplicate-code",
        "error",
        "province codes that stand more than once: {codes}.",
        "mã tỉnh xuất hiện nhiều hơn một lần: {codes}.",
        "Each province needs one row.",
        "Mỗi tỉnh chỉ có một dòng.",
    ),
    Rule(
        "provinces.row-left-out",
        "note",
        "rows without a code or without a name, left out: {count} (rows {rows}).",
        "số hàng không có mã hoặc không có tên, đã bỏ qua: {count} (các hàng {rows}).",
        "Fill them in, if a commune belongs to such a province.",
        "Hãy điền đầy đủ, nếu có xã thuộc tỉnh đó.",
    ),
    Rule(
        "provinces.missing-name",
        "warning",
        "provinces of the communes that have no name here, so that their code is shown: {codes}.",
        "tỉnh có trong danh sách xã nhưng không có tên ở đây, nên sẽ hiển thị mã: {codes}.",
        "Add these provinces to the file.",
        "Hãy bổ sung các tỉnh này vào tệp.",
    ),
    Rule(
        "provinces.several-names",
        "warning",
        "provinces with more than one name, of which the most frequent is used: {codes}.",
        "tỉnh có nhiều hơn một tên, tên xuất hiện nhiều nhất được dùng: {codes}.",
        "Give every commune of a province the same province name.",
        "Hãy ghi cùng một tên tỉnh cho mọi xã của tỉnh.",
    ),
    Rule(
        "list.unknown-code",
        "error",
        "codes that no commune has: {codes} ({count} in all).",
        "mã không thuộc xã, phường, đặc khu nào: {codes} (tổng cộng {count}).",
        "Correct these codes; lists from before July 2025 need the new codes.",
        "Hãy sửa các mã này; danh sách lập trước tháng 7 năm 2025 cần dùng mã mới.",
    ),
    Rule(
        "list.missing-code",
        "error",
        "rows without a code: {rows}.",
        "các dòng không có mã: {rows}.",
        "Fill in the code of each row, or delete the row.",
        "Hãy điền mã cho từng dòng, hoặc xóa dòng.",
    ),
    Rule(
        "list.codes-short",
        "ask",
        "codes that stand there as text without their leading zeros: {count} (filled up to {width} digits, such as "
        "{examples}); nothing here shows that these are the right ones.",
        "số mã ở dạng văn bản nhưng thiếu số 0 ở đầu: {count} (điền cho đủ {width} chữ số, ví dụ {examples}); "
        "không có danh mục để đối chiếu.",
        'Write the codes in full; or, if they are right, accept them: accept = ["list.codes-short"] or --accept '
        "list.codes-short.",
        'Hãy ghi mã đầy đủ; hoặc nếu đúng thì chấp nhận: accept = ["list.codes-short"] hoặc --accept '
        "list.codes-short.",
    ),
    Rule(
        "list.codes-padded",
        "warning",
        "codes that had lost their leading zeros and were filled up to {width} digits: {count} (such as {examples}).",
        "số mã bị mất số 0 ở đầu, đã được điền lại cho đủ {width} chữ số: {count} (ví dụ {examples}).",
        "Store codes as text, not as numbers.",
        "Hãy lưu mã ở dạng văn bản, không phải dạng số.",
    ),
    Rule(
        "list.repeated-code",
        "note",
        "codes that stand more than once and count once: {codes}.",
        "mã xuất hiện nhiều hơn một lần, chỉ tính một lần: {codes}.",
        "Nothing has to be done here.",
        "Không cần làm gì thêm.",
    ),
)
