"""What can be said about where a file lies: its coordinate reference system, and the way to WGS 84."""

from __future__ import annotations

from .rule import Rule, table

RULES: dict[str, Rule] = table(
    Rule(
        "crs.missing",
        "error",
        "does not state its coordinate reference system; its coordinates are such as {example}.",
        "không ghi hệ tọa độ; tọa độ trong tệp có dạng {example}.",
        'Ask whoever made the file and state it as crs = "EPSG:…" in the project file, or with --crs; systems of '
        "Viet Nam that would put it into the country: {candidates}.",
        'Cần hỏi người lập tệp rồi ghi crs = "EPSG:…" trong tệp dự án, hoặc dùng --crs; các hệ của Việt Nam khiến '
        "dữ liệu nằm trong lãnh thổ: {candidates}.",
    ),
    Rule(
        "crs.missing-degrees",
        "ask",
        "does not state its coordinate reference system; its coordinates are such as {example}, which look like "
        "degrees on WGS 84 (EPSG:4326).",
        "không ghi hệ tọa độ; tọa độ trong tệp có dạng {example}, trông như độ theo WGS 84 (EPSG:4326).",
        'Ask whoever made the file and state it: crs = "EPSG:4326" in the project file, or --crs EPSG:4326; or '
        "accept that reading with --accept crs.missing-degrees.",
        'Cần hỏi người lập tệp rồi ghi rõ: crs = "EPSG:4326" trong tệp dự án, hoặc --crs EPSG:4326; hoặc chấp nhận '
        "cách đọc này bằng --accept crs.missing-degrees.",
    ),
    Rule(
        "crs.unusable",
        "error",
        "has a coordinate reference system that cannot be placed on the earth: {stated}.",
        "có hệ tọa độ không xác định được vị trí trên Trái Đất: {stated}.",
        "Export the file with a coordinate reference system that has an EPSG code.",
        "Hãy xuất lại tệp với một hệ tọa độ có mã EPSG.",
    ),
    Rule(
        "crs.project-unusable",
        "error",
        "the project file states crs = {stated} for it, which is no known coordinate reference system.",
        "tệp dự án ghi crs = {stated} cho tệp này, nhưng đó không phải hệ tọa độ đã biết.",
        "Write an EPSG code, such as EPSG:4326 or EPSG:3405.",
        "Hãy ghi mã EPSG, ví dụ EPSG:4326 hoặc EPSG:3405.",
    ),
    Rule(
        "crs.contradicts",
        "error",
        "states {stated}, but the project file or --crs says {project}.",
        "ghi hệ tọa độ {stated}, nhưng tệp dự án hoặc --crs lại ghi {project}.",
        "Take crs out of the project file or the command, or have the file exported with the right one.",
        "Hãy bỏ crs khỏi tệp dự án hoặc câu lệnh, hoặc xuất lại tệp với hệ tọa độ đúng.",
    ),
    Rule(
        "crs.link",
        "error",
        "its crs member points elsewhere or is not a name: {stated}.",
        "mục crs của tệp trỏ ra nơi khác hoặc không phải tên hệ tọa độ: {stated}.",
        "Export it again as GeoJSON of RFC 7946, which has no crs member.",
        "Hãy xuất lại theo chuẩn GeoJSON RFC 7946, không có mục crs.",
    ),
    Rule(
        "crs.several",
        "error",
        "states different coordinate reference systems for its parts: {stated}.",
        "ghi các hệ tọa độ khác nhau cho từng phần: {stated}.",
        "Export all of it (every file of a folder, every feature of a file) in one coordinate reference system.",
        "Hãy xuất toàn bộ (mọi tệp trong thư mục, mọi đối tượng trong tệp) theo cùng một hệ tọa độ.",
    ),
    Rule(
        "crs.legacy-member",
        "note",
        "states {stated} in a crs member, which newer readers of GeoJSON may ignore; it was honoured.",
        "ghi {stated} trong mục crs, các chương trình đọc GeoJSON mới có thể bỏ qua; ở đây đã dùng đúng.",
        "Nothing has to be done here.",
        "Không cần làm gì thêm.",
    ),
    Rule(
        "crs.out-of-range",
        "error",
        "has coordinates such as {example} that are no degrees, but {stated} needs degrees.",
        "có tọa độ như {example} không phải là độ, trong khi {stated} dùng độ.",
        "State the coordinate reference system the numbers are really in.",
        "Hãy ghi đúng hệ tọa độ của các số liệu này.",
    ),
    Rule(
        "crs.axes-exchanged",
        "error",
        "has coordinates such as {example}; with x and y exchanged they would fit {stated}.",
        "có tọa độ như {example}; nếu đổi chỗ x và y thì mới hợp với {stated}.",
        "Export it again with the longitude (or east) first.",
        "Hãy xuất lại với kinh độ (hoặc trục đông) đứng trước.",
    ),
    Rule(
        "crs.degrees-for-metres",
        "error",
        "has coordinates such as {example} that look like degrees, but {stated} needs metres.",
        "có tọa độ như {example} trông như độ, trong khi {stated} dùng mét.",
        "State the coordinate reference system the numbers are really in, perhaps EPSG:4326.",
        "Hãy ghi đúng hệ tọa độ của các số liệu này, có thể là EPSG:4326.",
    ),
    Rule(
        "crs.outside-area",
        "error",
        "lies near {place} by its coordinates, but {stated} is made for {area}.",
        "theo tọa độ thì nằm gần {place}, nhưng {stated} chỉ dùng cho {area}.",
        "State the coordinate reference system the numbers are really in; a wrong zone moves everything.",
        "Hãy ghi đúng hệ tọa độ của các số liệu này; sai múi chiếu sẽ làm lệch toàn bộ.",
    ),
    Rule(
        "crs.beyond-area",
        "warning",
        "lies near {place} by its coordinates, beyond the area {stated} is made for ({area}).",
        "theo tọa độ thì nằm gần {place}, ngoài phạm vi sử dụng của {stated} ({area}).",
        "Check the zone; a wrong one moves everything.",
        "Hãy kiểm tra múi chiếu; sai múi chiếu sẽ làm lệch toàn bộ.",
    ),
    Rule(
        "crs.no-datum",
        "warning",
        "names no datum in its coordinate reference system, so places may be some 200 m off.",
        "không ghi hệ quy chiếu (datum) trong hệ tọa độ, nên vị trí có thể lệch khoảng 200 m.",
        "Export it again with a coordinate reference system that has an EPSG code.",
        "Hãy xuất lại với một hệ tọa độ có mã EPSG.",
    ),
    Rule(
        "crs.operation",
        "note",
        "is in {stated} and comes to WGS 84 by {operation}, good to {accuracy_m} m.",
        "dùng {stated}, được chuyển sang WGS 84 bằng {operation}, chính xác đến {accuracy_m} m.",
        "Nothing has to be done.",
        "Không cần làm gì thêm.",
    ),
    Rule(
        "crs.low-accuracy",
        "warning",
        "is in {stated} and comes to WGS 84 by {operation}, good to {accuracy_m} m in the area it is made for "
        "({area}); elsewhere places may be farther off.",
        "dùng {stated}, được chuyển sang WGS 84 bằng {operation}, chính xác đến {accuracy_m} m trong phạm vi của phép "
        "chuyển ({area}); ở nơi khác vị trí có thể lệch nhiều hơn.",
        "Transform the file to VN-2000 or WGS 84 with the official parameters first.",
        "Hãy chuyển tệp sang VN-2000 hoặc WGS 84 bằng bộ tham số chính thức trước.",
    ),
    Rule(
        "crs.unknown-accuracy",
        "warning",
        "is in {stated} and states parameters of its own to WGS 84 ({operation}), whose accuracy nobody knows; the "
        "official parameters of VN-2000 would put it {distance_m} m away.",
        "dùng {stated} và tự ghi tham số chuyển sang WGS 84 ({operation}), không rõ độ chính xác; bộ tham số chính thức "
        "của VN-2000 cho vị trí cách {distance_m} m.",
        "Check the parameters, or export it again with a coordinate reference system that has an EPSG code.",
        "Hãy kiểm tra các tham số, hoặc xuất lại với một hệ tọa độ có mã EPSG.",
    ),
    Rule(
        "crs.zero-shift",
        "warning",
        "is in {stated}, which says that nothing has to be shifted to WGS 84 (TOWGS84 of zeros); if it is VN-2000, "
        "places are some 224 m off.",
        "dùng {stated}, ghi rằng không có độ dịch sang WGS 84 (TOWGS84 toàn số 0); nếu là VN-2000 thì vị trí lệch khoảng "
        "224 m.",
        "Export it again with a coordinate reference system that has an EPSG code, such as EPSG:3405.",
        "Hãy xuất lại với một hệ tọa độ có mã EPSG, ví dụ EPSG:3405.",
    ),
    Rule(
        "crs.vn2000-parameters-missing",
        "warning",
        "names the datum {stated} without parameters to WGS 84; it was taken for VN-2000 and shifted by "
        "{operation} (EPSG).",
        "ghi hệ quy chiếu {stated} mà không có tham số chuyển sang WGS 84; đã được hiểu là VN-2000 và chuyển bằng "
        "{operation} (EPSG).",
        "Export it again with a coordinate reference system that has an EPSG code, such as EPSG:3405.",
        "Hãy xuất lại với một hệ tọa độ có mã EPSG, ví dụ EPSG:3405.",
    ),
    Rule(
        "crs.vn2000-without-shift",
        "warning",
        "is in {stated}, which has the name or the scale of VN-2000 but the datum of WGS 84, so nothing was shifted; "
        "if it is VN-2000, places are some 224 m off.",
        "dùng {stated}, có tên hoặc tỷ lệ của VN-2000 nhưng hệ quy chiếu lại là WGS 84 nên không dịch chuyển; nếu là "
        "VN-2000 thì vị trí lệch khoảng 224 m.",
        "Ask in which datum it was made, and export it again with a coordinate reference system that has an EPSG code.",
        "Hãy hỏi tệp được lập theo hệ quy chiếu nào, rồi xuất lại với một hệ tọa độ có mã EPSG.",
    ),
    Rule(
        "crs.other-meridian",
        "warning",
        "lies with {inside_pct} % of its places inside {wanted}; in {other} instead of {stated} it would be "
        "{other_pct} %: the central meridian may be that of another province.",
        "chỉ có {inside_pct} % số vị trí nằm trong {wanted}; nếu dùng {other} thay cho {stated} thì là {other_pct} %: "
        "kinh tuyến trục có thể là của tỉnh khác.",
        "Ask for the central meridian the file was made with, and state the right system.",
        "Hãy hỏi kinh tuyến trục dùng khi lập tệp và ghi đúng hệ tọa độ.",
    ),
    Rule(
        "crs.misplaced",
        "warning",
        "lies with {inside_pct} % of its places inside {wanted}; moved {east_km} km east it would be {other_pct} %.",
        "chỉ có {inside_pct} % số vị trí nằm trong {wanted}; nếu dịch {east_km} km về phía đông thì là {other_pct} %.",
        "Check with which central meridian the file was made before it was brought into its present system.",
        "Hãy kiểm tra kinh tuyến trục đã dùng trước khi tệp được chuyển sang hệ tọa độ hiện tại.",
    ),
    Rule(
        "crs.ballpark",
        "warning",
        "is in {stated}, for which no exact way to WGS 84 is known here; places may be hundreds of metres off.",
        "dùng {stated}, chưa có phép chuyển chính xác sang WGS 84; vị trí có thể lệch hàng trăm mét.",
        "Transform the file to VN-2000 or WGS 84 with the official parameters first.",
        "Hãy chuyển tệp sang VN-2000 hoặc WGS 84 bằng bộ tham số chính thức trước.",
    ),
)
