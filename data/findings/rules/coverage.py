"""What can be said about the coverage that operators hand in."""

from __future__ import annotations

from .rule import Rule, table

RULES: dict[str, Rule] = table(
    Rule(
        "coverage.distance-missing",
        "error",
        "features that are {types} and need a service distance: {count}.",
        "số đối tượng là {types} cần khoảng cách phục vụ: {count}.",
        "State buffer_m (metres) for this submission, or hand in the coverage as polygons.",
        "Hãy ghi buffer_m (mét) cho hồ sơ này, hoặc nộp vùng phủ dạng vùng (polygon).",
    ),
    Rule(
        "coverage.distance-for-areas",
        "error",
        "features that are areas already, although the project file states buffer_m: {count}.",
        "số đối tượng đã là vùng trong khi tệp dự án ghi buffer_m: {count}.",
        "Take buffer_m out, or put the areas and the lines into files of their own.",
        "Hãy bỏ buffer_m, hoặc tách vùng và đường vào các tệp riêng.",
    ),
    Rule(
        "coverage.threshold-missing",
        "error",
        "is a raster and needs a threshold.",
        "là raster và cần có ngưỡng.",
        "State threshold for this submission: from which value up a cell is covered, such as -110 (dBm).",
        "Hãy ghi threshold cho hồ sơ này: ô có giá trị từ mức nào trở lên là có phủ, ví dụ -110 (dBm).",
    ),
    Rule(
        "coverage.not-for-rasters",
        "error",
        "is a raster, for which {key} has no meaning.",
        "là raster nên {key} không có ý nghĩa.",
        "Take {key} out of this submission in the project file.",
        "Hãy bỏ {key} khỏi hồ sơ này trong tệp dự án.",
    ),
    Rule(
        "coverage.not-for-vectors",
        "error",
        "is no raster by its name, so threshold has no meaning.",
        "không phải raster theo tên tệp nên threshold không có ý nghĩa.",
        "Take threshold out of this submission, or give the raster the ending .tif.",
        "Hãy bỏ threshold khỏi hồ sơ này, hoặc đặt đuôi .tif cho tệp raster.",
    ),
    Rule(
        "coverage.no-nodata",
        "error",
        "states no no-data value and has a number in every cell, so cells without data could count as covered.",
        "không ghi giá trị nodata và ô nào cũng có số, nên ô không có dữ liệu có thể bị tính là có phủ.",
        "Export it with a no-data value; if every cell was computed, one that does not occur, such as -9999.",
        "Hãy xuất lại kèm giá trị nodata; nếu mọi ô đều được tính, dùng một giá trị không xuất hiện như -9999.",
    ),
    Rule(
        "coverage.nothing-reaches-threshold",
        "error",
        "has no cell of {threshold} or more (its values: {values}).",
        "không có ô nào đạt từ {threshold} trở lên (giá trị trong tệp: {values}).",
        "Check the unit and the sign of threshold.",
        "Hãy kiểm tra đơn vị và dấu của threshold.",
    ),
    Rule(
        "coverage.all-reaches-threshold",
        "warning",
        "reaches {threshold} in every cell that has data (its values: {values}).",
        "mọi ô có dữ liệu đều đạt {threshold} (giá trị trong tệp: {values}).",
        "Check the unit and the sign of threshold.",
        "Hãy kiểm tra đơn vị và dấu của threshold.",
    ),
    Rule(
        "coverage.filtered",
        "note",
        "{kept} of {total} rows count; left out: {left_out}.",
        "{kept} trong {total} hàng được tính; đã bỏ qua: {left_out}.",
        "Nothing has to be done if these values should not count as coverage.",
        "Không cần làm gì nếu các giá trị này không được tính là vùng phủ.",
    ),
    Rule(
        "coverage.filter-keeps-nothing",
        "error",
        "no row has one of the values {wanted}; the column holds: {present}.",
        "không có hàng nào mang giá trị {wanted}; cột có các giá trị: {present}.",
        "Correct where.values in the project file.",
        "Hãy sửa where.values trong tệp dự án.",
    ),
    Rule(
        "coverage.invalid-rings",
        "note",
        "features with an outline that crosses or touches itself, read by the even-odd rule "
        "(both lobes of a figure of eight count; ground enclosed twice by one outline does not): "
        "{count} (feature ids {ids}); {change} of ground depend on that rule.",
        "số đối tượng có đường bao tự cắt hoặc tự chạm, được đọc theo quy tắc chẵn lẻ "
        "(cả hai phần của hình số 8 đều được tính; phần bị bao hai lần thì không): "
        "{count} (mã đối tượng {ids}); {change} phụ thuộc vào quy tắc này.",
        "Look at them in a map; the maker of the file may want to mend them.",
        "Hãy xem trên bản đồ; nên báo cho người lập tệp để sửa.",
    ),
    Rule(
        "coverage.outside-country",
        "error",
        "lies outside the country with all of its {total} features (such as near {where}).",
        "toàn bộ {total} đối tượng nằm ngoài lãnh thổ (ví dụ gần {where}).",
        "Check that it is the right file and that its coordinate reference system is right; the country is that of "
        "the communes of the project file or of --communes, else the outline box of Viet Nam.",
        "Hãy kiểm tra xem đã chọn đúng tệp và hệ tọa độ có đúng không; lãnh thổ lấy theo các xã trong tệp dự án hoặc "
        "--communes, nếu không có thì theo khung bao Việt Nam.",
    ),
    Rule(
        "coverage.beyond-border",
        "note",
        "features that lie wholly beyond the border or at sea, but close to it, and reach nobody: {count} of {total} "
        "(such as near {where}).",
        "số đối tượng nằm hoàn toàn ngoài biên giới hoặc trên biển nhưng ở gần, không phục vụ ai: {count} trong "
        "{total} (ví dụ gần {where}).",
        "Nothing has to be done: signals cross borders.",
        "Không cần làm gì: sóng có thể vượt qua biên giới.",
    ),
    Rule(
        "coverage.partly-outside",
        "warning",
        "features that lie away from every commune and reach nobody: {count} of {total} (such as near {where}).",
        "số đối tượng nằm xa mọi xã, phường, đặc khu nên không phục vụ ai: {count} trong {total} (ví dụ gần {where}).",
        "Check these features; the rest is used.",
        "Hãy kiểm tra các đối tượng này; phần còn lại vẫn được dùng.",
    ),
    Rule(
        "coverage.unknown-province",
        "error",
        "the extent names provinces that no commune has: {codes}; there are: {known}.",
        "phạm vi ghi mã tỉnh không có trong danh sách xã: {codes}; hiện có: {known}.",
        'Correct the codes in extent; they are text of 2 characters, such as "01".',
        'Hãy sửa các mã trong extent; mã là văn bản 2 ký tự, ví dụ "01".',
    ),
    Rule(
        "coverage.empty-extent",
        "error",
        "the extent leaves out every province, so the file speaks for no place.",
        "phạm vi loại trừ mọi tỉnh nên tệp không có hiệu lực ở đâu.",
        "Correct except_provinces, or take the submission out.",
        "Hãy sửa except_provinces, hoặc bỏ hồ sơ này.",
    ),
)
