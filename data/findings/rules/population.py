"""What can be said about rasters, tables, the population and its official totals."""

from __future__ import annotations

from .rule import Rule, table

_RASTERS = table(
    Rule(
        "raster.not-geotiff",
        "error",
        "is not a GeoTIFF by its content.",
        "có nội dung không phải GeoTIFF.",
        "Export the raster as GeoTIFF (.tif).",
        "Hãy xuất raster sang GeoTIFF (.tif).",
    ),
    Rule(
        "raster.unreadable",
        "error",
        "cannot be read as a GeoTIFF: {reason}.",
        "không đọc được như GeoTIFF: {reason}.",
        "Copy or download the whole file again; it may be cut off.",
        "Hãy sao chép hoặc tải lại toàn bộ tệp; tệp có thể bị cắt cụt.",
    ),
    Rule(
        "raster.unsafe-content",
        "error",
        "points to another file in its metadata (OVERVIEW_FILE).",
        "có siêu dữ liệu trỏ tới tệp khác (OVERVIEW_FILE).",
        "Export only the raster itself into a new GeoTIFF.",
        "Hãy chỉ xuất riêng raster sang một tệp GeoTIFF mới.",
    ),
    Rule(
        "raster.several-bands",
        "ask",
        "holds {bands} bands or images where one is needed.",
        "có {bands} kênh hoặc ảnh trong khi chỉ cần một.",
        "Export the one band that is meant into a GeoTIFF of its own; or accept that the first band is read: "
        'accept = ["raster.several-bands"] or --accept raster.several-bands.',
        "Hãy xuất riêng kênh cần dùng sang một tệp GeoTIFF; hoặc chấp nhận đọc kênh đầu tiên: "
        'accept = ["raster.several-bands"] hoặc --accept raster.several-bands.',
    ),
    Rule(
        "raster.not-numbers",
        "error",
        "has cells of the type {dtype}, which are no plain numbers.",
        "có ô kiểu {dtype}, không phải số thông thường.",
        "Export it with cells of type Float32.",
        "Hãy xuất lại với kiểu ô Float32.",
    ),
    Rule(
        "raster.too-large",
        "error",
        "unpacks to {cells} cells ({megabytes} MB), more than is read, or far more than such a file can hold.",
        "giải nén ra {cells} ô ({megabytes} MB), vượt giới hạn đọc hoặc lớn bất thường so với kích thước tệp.",
        "Cut the raster to the country, pack it in tiles, or export it with larger cells.",
        "Hãy cắt raster theo phạm vi quốc gia, nén theo mảnh (tiled), hoặc xuất lại với ô lớn hơn.",
    ),
    Rule(
        "raster.not-georeferenced",
        "error",
        "does not say where its cells lie.",
        "không ghi vị trí của các ô.",
        "Export it as a GeoTIFF with georeferencing; a .tfw file beside it is not read.",
        "Hãy xuất lại thành GeoTIFF có tọa độ; tệp .tfw đi kèm không được đọc.",
    ),
    Rule(
        "raster.rotated",
        "error",
        "has rows that do not run from west to east.",
        "có các hàng không chạy từ tây sang đông.",
        "Warp it to an unrotated grid (gdalwarp, or Warp in QGIS).",
        "Hãy nắn về lưới không xoay (gdalwarp, hoặc Warp trong QGIS).",
    ),
    Rule(
        "raster.nodata-twice",
        "warning",
        "states {own} as its no-data value and the project file {project}; both count as no data.",
        "ghi giá trị nodata là {own} còn tệp dự án ghi {project}; cả hai đều được coi là không có dữ liệu.",
        "Take nodata out of the project file if the raster is right.",
        "Hãy bỏ nodata khỏi tệp dự án nếu raster đã ghi đúng.",
    ),
    Rule(
        "raster.scaled",
        "note",
        "stores its cells with a scale of {scale} and an offset of {offset}, which were applied.",
        "lưu ô với hệ số {scale} và độ dời {offset}; đã được áp dụng.",
        "Nothing has to be done here.",
        "Không cần làm gì thêm.",
    ),
)

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

_TABLES = table(
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

RULES: dict[str, Rule] = _RASTERS | _POPULATION | _TABLES | _TOTALS
