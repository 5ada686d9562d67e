"""What can be said of a raster."""

from __future__ import annotations

from .rule import Rule, table

RASTERS = table(
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
