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
        "error",
        "holds {bands} bands or images where one is needed.",
        "có {bands} kênh hoặc ảnh trong khi chỉ cần một.",
        "Export the one band that is meant into a GeoTIFF of its own.",
        "Hãy xuất riêng kênh cần dùng sang một tệp GeoTIFF.",
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

RULES: dict[str, Rule] = _RASTERS | _POPULATION
