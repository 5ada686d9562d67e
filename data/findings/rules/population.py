"""What can be said about rasters, tables, the population and its official totals."""

from __future__ import annotations

from .rasters import RASTERS
from .rule import Rule, table
from .tables import TABLES

_POPULATION = table(
    Rule(
        "population.no-nodata",
        "error",
        "states no no-data value and has a number in every cell, so nobody can be told from no data.",
        "không ghi giá trị nodata và ô nào cũng có số, nên không phân biệt được không có người với không có dữ liệu.",
        "State the value that means no data as nodata in the project file, or a value that does not occur "
        "(such as nodata = -1) if every cell is known.",
        "Hãy ghi giá trị nghĩa là không có dữ liệu vào khóa nodata của tệp dự án, hoặc một giá trị không xuất hiện "
        "(ví dụ nodata = -1) nếu ô nào cũng có dữ liệu.",
    ),
    Rule(
        "population.negative",
        "error",
        "cells with negative people: {count}, down to {extreme} "
        "(first: row {cell_row}, column {cell_col}, x = {x}, y = {y}).",
        "số ô có dân số âm: {count}, thấp nhất {extreme} "
        "(ô đầu tiên: hàng {cell_row}, cột {cell_col}, x = {x}, y = {y}).",
        "If that value means no data, state it as nodata in the project file; otherwise mend the raster.",
        "Nếu giá trị đó nghĩa là không có dữ liệu, hãy ghi vào khóa nodata của tệp dự án; nếu không, hãy sửa raster.",
    ),
    Rule(
        "population.impossible",
        "error",
        "cells with values that cannot be people: {count}, up to {extreme} "
        "(first: row {cell_row}, column {cell_col}, x = {x}, y = {y}).",
        "số ô có giá trị không thể là số người: {count}, cao nhất {extreme} "
        "(ô đầu tiên: hàng {cell_row}, cột {cell_col}, x = {x}, y = {y}).",
        "If that value means no data, state it as nodata in the project file; otherwise mend the raster.",
        "Nếu giá trị đó nghĩa là không có dữ liệu, hãy ghi vào khóa nodata của tệp dự án; nếu không, hãy sửa raster.",
    ),
    Rule(
        "population.saturated",
        "warning",
        "cells that hold the largest number their type can store ({limit}): {count}; people may have been cut off.",
        "số ô chứa giá trị lớn nhất mà kiểu dữ liệu lưu được ({limit}): {count}; số dân có thể đã bị cắt.",
        "Export the raster with a larger type, such as float32.",
        "Hãy xuất lại raster với kiểu dữ liệu lớn hơn, ví dụ float32.",
    ),
    Rule(
        "population.nobody",
        "error",
        "holds no people at all.",
        "không có người nào.",
        "Check that it is the right file and that nodata in the project file is right.",
        "Hãy kiểm tra xem đã chọn đúng tệp và ghi đúng nodata trong tệp dự án chưa.",
    ),
    Rule(
        "population.wrong-unit",
        "error",
        "adds up to {total} people, {crowded} of them at more than a million per km²: the unit must be wrong.",
        "cộng lại được {total} người, trong đó {crowded} người ở nơi trên một triệu người/km²: đơn vị phải là sai.",
        'Set kind = "density" in the project file if the cells hold people per km², "count" if they hold people.',
        'Hãy ghi kind = "density" trong tệp dự án nếu ô chứa số người trên km², "count" nếu ô chứa số người.',
    ),
    Rule(
        "population.sparse",
        "ask",
        "only {share_pct} % of its people live at more than {limit} per km² ({mean} per km² on average over {area_km2} "
        "populated km²), as in no province: the figures may be thousands of people.",
        "chỉ {share_pct} % số dân sống ở nơi trên {limit} người/km² (trung bình {mean} người/km² trên {area_km2} km² có "
        "người), không tỉnh nào như vậy: số liệu có thể tính bằng nghìn người.",
        'Hand in people, not thousands; or, if so few live there, accept it: accept = ["population.sparse"] or '
        "--accept population.sparse.",
        "Hãy nộp số người, không phải nghìn người; hoặc nếu đúng là thưa dân như vậy, hãy chấp nhận: accept = "
        '["population.sparse"] hoặc --accept population.sparse.',
    ),
    Rule(
        "population.crowded",
        "warning",
        "cells with more than a million people per km²: {count} "
        "(first: row {cell_row}, column {cell_col}, x = {x}, y = {y}).",
        "số ô có trên một triệu người/km²: {count} "
        "(ô đầu tiên: hàng {cell_row}, cột {cell_col}, x = {x}, y = {y}).",
        "Check these cells and kind in the project file.",
        "Hãy kiểm tra các ô này và khóa kind trong tệp dự án.",
    ),
)

_OVERRIDES = table(
    Rule(
        "overrides.bad-code",
        "error",
        "each row of decisions must have the code of one commune, and each commune one row; these do not: {codes}.",
        "mỗi dòng quyết định phải có mã của một xã, và mỗi xã chỉ một dòng; các mã sau không đúng: {codes}.",
        "Correct the codes; they are text of 5 characters.",
        "Hãy sửa các mã; mã là văn bản gồm 5 ký tự.",
    ),
    Rule(
        "overrides.no-figure",
        "error",
        "a decision must say raster or official, or a number of people, and not both; here stands: {example}.",
        "mỗi quyết định phải ghi raster hoặc official, hoặc một số dân, và không ghi cả hai; ở đây ghi: {example}.",
        "Fill in exactly one of the two columns.",
        "Hãy điền đúng một trong hai cột.",
    ),
    Rule(
        "overrides.no-reason",
        "error",
        "a decision about the people of a commune must say why and when; these rows do not.",
        "quyết định về dân số của một xã phải nêu lý do và ngày; các dòng này chưa nêu.",
        "Fill in the reason, and the day in the column {date_column} as 2026-10-31.",
        "Hãy điền lý do, và điền ngày vào cột {date_column} theo dạng 2026-10-31.",
    ),
    Rule(
        "population.disputed",
        "warning",
        "the people of {count} communes are disputed: the raster and the official figure, or the area on the map and the "
        "official area, disagree beyond the limits of the profile. The farthest: {farthest}.",
        "dân số của {count} xã chưa thống nhất: lưới dân số và số liệu chính thức, hoặc diện tích trên bản đồ và diện tích "
        "chính thức, lệch nhau quá giới hạn của bộ tiêu chí. Lệch nhiều nhất: {farthest}.",
        "Look at pop_raster, pop_official and pop_disputed in the table of communes; decide each case in a table of "
        "decisions ([population.overrides]), with a reason and a date.",
        "Hãy xem pop_raster, pop_official và pop_disputed trong bảng các xã; quyết định từng trường hợp trong bảng quyết "
        "định ([population.overrides]), kèm lý do và ngày.",
    ),
)

_SETTING = table(
    Rule(
        "setting.no-border",
        "warning",
        "names neither a list of border communes nor the land border, so no commune counts as a border commune.",
        "không nêu danh sách xã biên giới hay đường biên giới đất liền, nên không xã nào được tính là xã biên giới.",
        "Name the legal list in [setting.border] list, or the line of the border in land_border; in a country or province "
        "without a land border name an empty list.",
        "Hãy nêu danh sách pháp lý ở [setting.border] list, hoặc đường biên giới ở land_border; nếu quốc gia hay tỉnh không có "
        "biên giới đất liền thì nêu một danh sách trống.",
    ),
)

_TOTALS = table(
    Rule(
        "totals.missing-code",
        "error",
        "rows without a code: {rows}.",
        "các hàng không có mã: {rows}.",
        "Fill in the code of each row, or delete the row (such as a row of sums).",
        "Hãy điền mã cho từng hàng, hoặc xóa hàng đó (ví dụ hàng tổng cộng).",
    ),
    Rule(
        "totals.unknown-code",
        "error",
        "codes that no commune has: {codes} ({count} in all).",
        "mã không thuộc xã, phường, đặc khu nào: {codes} (tổng cộng {count}).",
        "Correct these codes; tables from before July 2025 need the new codes.",
        "Hãy sửa các mã này; bảng lập trước tháng 7 năm 2025 cần dùng mã mới.",
    ),
    Rule(
        "totals.duplicate-code",
        "error",
        "codes that stand more than once: {codes} (rows {rows}).",
        "mã xuất hiện nhiều hơn một lần: {codes} (các hàng {rows}).",
        "Each commune needs one row.",
        "Mỗi xã, phường, đặc khu chỉ có một hàng.",
    ),
    Rule(
        "totals.codes-short",
        "ask",
        "codes that stand there as text without their leading zeros: {count} (filled up to {width} digits, such as "
        "{examples}); nothing here shows that these are the right ones.",
        "số mã ở dạng văn bản nhưng thiếu số 0 ở đầu: {count} (điền cho đủ {width} chữ số, ví dụ {examples}); "
        "không có danh mục để đối chiếu.",
        'Write the codes in full; or, if they are right, accept them: accept = ["totals.codes-short"] or --accept '
        "totals.codes-short.",
        'Hãy ghi mã đầy đủ; hoặc nếu đúng thì chấp nhận: accept = ["totals.codes-short"] hoặc --accept '
        "totals.codes-short.",
    ),
    Rule(
        "totals.codes-padded",
        "warning",
        "codes that had lost their leading zeros and were filled up to {width} digits: {count} (such as {examples}).",
        "số mã bị mất số 0 ở đầu, đã được điền lại cho đủ {width} chữ số: {count} (ví dụ {examples}).",
        "Store codes as text, not as numbers.",
        "Hãy lưu mã ở dạng văn bản, không phải dạng số.",
    ),
    Rule(
        "totals.no-figure",
        "note",
        "rows without a figure, left out: {count} (rows {rows}).",
        "số hàng không có số liệu, đã bỏ qua: {count} (các hàng {rows}).",
        "Fill in the figures, if there are any.",
        "Hãy điền số liệu, nếu có.",
    ),
    Rule(
        "totals.missing-commune",
        "warning",
        "communes without an official figure: {count} (codes {codes}).",
        "số xã, phường, đặc khu không có số liệu chính thức: {count} (mã {codes}).",
        "Add these communes to the table.",
        "Hãy bổ sung các đơn vị này vào bảng.",
    ),
    Rule(
        "totals.not-a-number",
        "error",
        "figures that are no numbers: {count} (such as {example}; rows {rows}).",
        "số liệu không phải là số: {count} (ví dụ {example}; các hàng {rows}).",
        "Write plain figures such as 12345, and leave the cell empty where there is none.",
        "Hãy ghi số thường như 12345, và để trống ô nếu không có số liệu.",
    ),
    Rule(
        "totals.ambiguous-number",
        "ask",
        "figures that can be read in two ways: {count} (such as {example}, which is {as_thousands} or {as_decimal}; rows {rows}).",
        "số liệu có thể hiểu theo hai cách: {count} (ví dụ {example} là {as_thousands} hoặc {as_decimal}; các hàng {rows}).",
        "Write figures without separators of thousands, such as {as_thousands}; or accept that the signs separate "
        'thousands: accept = ["totals.ambiguous-number"] or --accept totals.ambiguous-number.',
        "Hãy ghi số không có dấu phân cách hàng nghìn, ví dụ {as_thousands}; hoặc chấp nhận hiểu là phân cách hàng "
        'nghìn: accept = ["totals.ambiguous-number"] hoặc --accept totals.ambiguous-number.',
    ),
    Rule(
        "totals.negative",
        "error",
        "negative figures: {count} (such as {example}; rows {rows}).",
        "số liệu âm: {count} (ví dụ {example}; các hàng {rows}).",
        "Correct these figures, and leave the cell empty where there is none.",
        "Hãy sửa các số liệu này, và để trống ô nếu không có số liệu.",
    ),
    Rule(
        "totals.nobody",
        "error",
        "its figures add up to nobody.",
        "các số liệu cộng lại bằng 0.",
        "Name the right column in the project file.",
        "Hãy ghi đúng tên cột trong tệp dự án.",
    ),
)

RULES: dict[str, Rule] = RASTERS | _POPULATION | TABLES | _TOTALS | _OVERRIDES | _SETTING
