"""What can be said about inputs that can be read, but may not be true."""

from __future__ import annotations

from .rule import Rule, table

_NOTHING_EN = "Nothing has to be done here."
_NOTHING_VI = "Không cần làm gì thêm."

_CHECK = table(
    Rule(
        "check.no-province-code",
        "note",
        "no column looks like province_code, so provinces were not looked at; the columns are: {columns}.",
        "không có cột nào giống province_code nên không xem xét tỉnh; các cột hiện có: {columns}.",
        "A run needs the province of every commune: add a column of their codes.",
        "Lần chạy cần biết tỉnh của từng xã: hãy thêm một cột ghi mã tỉnh.",
    ),
    Rule(
        "check.columns-unread",
        "warning",
        "its columns cannot be read ({codes}), so what stands there was not looked at: status, operator, technology, "
        "dates.",
        "không đọc được các cột ({codes}) nên chưa xem nội dung ở đó: trạng thái, nhà mạng, công nghệ, ngày tháng.",
        "Hand in the text as UTF-8 (Unicode).",
        "Hãy nộp lại với chữ theo UTF-8 (Unicode).",
    ),
    Rule(
        "check.columns-guessed",
        "note",
        "no project file names the columns; read as: {columns}.",
        "không có tệp dự án ghi tên cột; đã đọc theo: {columns}.",
        "Name the columns in a project file if this is not right.",
        "Hãy ghi tên cột trong tệp dự án nếu chưa đúng.",
    ),
    Rule(
        "check.column-not-found",
        "error",
        "no column looks like {wanted}; the columns are: {columns}.",
        "không có cột nào giống {wanted}; các cột hiện có: {columns}.",
        "Rename the column, or name it in a project file.",
        "Hãy đổi tên cột, hoặc ghi tên cột trong tệp dự án.",
    ),
    Rule(
        "check.distance-assumed",
        "note",
        "holds lines or points and nobody states how far they serve; {distance_m} m were taken.",
        "chứa đường hoặc điểm mà không ghi khoảng cách phục vụ; đã lấy {distance_m} m.",
        "State buffer_m in a project file.",
        "Hãy ghi buffer_m trong tệp dự án.",
    ),
    Rule(
        "check.comparison-unusable",
        "warning",
        "the file to compare with, {other}, cannot be used ({codes}); nothing was compared with it.",
        "tệp dùng để so sánh, {other}, không dùng được ({codes}); đã không so sánh với tệp này.",
        "Check that file by itself first.",
        "Hãy kiểm tra riêng tệp đó trước.",
    ),
)

_PLACE = table(
    Rule(
        "plausibility.outside-communes",
        "warning",
        "{share_pct} % of the covered ground ({area_km2} km²) lies outside every commune: at sea or abroad.",
        "{share_pct} % diện tích phủ ({area_km2} km²) nằm ngoài mọi xã, phường, đặc khu: trên biển hoặc ngoài nước.",
        "Check the coordinates, or cut the file to the land.",
        "Hãy kiểm tra tọa độ, hoặc cắt vùng phủ theo phần đất liền và đảo.",
    ),
    Rule(
        "plausibility.covers-everything",
        "warning",
        "covers {full} of the {touched} communes it touches without any hole, as no network does.",
        "phủ kín {full} trong {touched} xã, phường, đặc khu có chạm tới, không mạng nào làm được như vậy.",
        "Hand in the computed coverage, not the area of the licence.",
        "Hãy nộp vùng phủ tính toán, không nộp phạm vi giấy phép.",
    ),
    Rule(
        "plausibility.everywhere",
        "ask",
        "covers practically everything ({share_pct} % of the box around the country), land, sea and neighbouring "
        "countries alike, as no network on the ground does.",
        "phủ gần như toàn bộ ({share_pct} % khung bao quanh lãnh thổ), cả đất liền, biển và nước láng giềng, không "
        "mạng mặt đất nào làm được như vậy.",
        "Hand in the computed coverage, not a box; if the service does reach everywhere, such as one by satellite, "
        'accept it: accept = ["plausibility.everywhere"] or --accept plausibility.everywhere.',
        "Hãy nộp vùng phủ tính toán, không nộp khung bao; nếu dịch vụ thật sự phủ mọi nơi, ví dụ qua vệ tinh, hãy "
        'chấp nhận: accept = ["plausibility.everywhere"] hoặc --accept plausibility.everywhere.',
    ),
    Rule(
        "plausibility.copies-communes",
        "warning",
        "{share_pct} % of its outline runs along commune borders, which radio waves do not follow.",
        "{share_pct} % đường bao chạy trùng ranh giới xã, trong khi sóng không đi theo ranh giới.",
        "Hand in the coverage itself, not the communes where there is some.",
        "Hãy nộp chính vùng phủ, không nộp ranh giới các xã có phủ sóng.",
    ),
    Rule(
        "plausibility.displaced",
        "warning",
        "lies {east_m} m east and {north_m} m north of the previous delivery: moved back, the agreement rises "
        "from {before} to {after}; likely cause: {cause}.",
        "lệch {east_m} m về phía đông và {north_m} m về phía bắc so với lần nộp trước: dịch lại thì độ trùng khớp "
        "tăng từ {before} lên {after}; nguyên nhân có thể: {cause}.",
        "Export it again with the coordinate reference system of the previous delivery, or explain the shift.",
        "Hãy xuất lại theo hệ tọa độ của lần nộp trước, hoặc giải thích độ lệch.",
    ),
    Rule(
        "plausibility.features-moved",
        "warning",
        "features that had the same shape elsewhere in the previous delivery: {count} (feature ids {ids}); distance and "
        "direction, in degrees clockwise from north: {moves}.",
        "số đối tượng lần nộp trước có cùng hình dạng nhưng ở nơi khác: {count} (mã đối tượng {ids}); khoảng cách và "
        "hướng, tính bằng độ theo chiều kim đồng hồ từ hướng bắc: {moves}.",
        "Check the coordinates of these features.",
        "Hãy kiểm tra tọa độ của các đối tượng này.",
    ),
    Rule(
        "plausibility.far-from-sites",
        "warning",
        "{share_pct} % of its shapes lie more than {distance_km} km away from every cell site given.",
        "{share_pct} % số hình nằm cách mọi trạm đã nộp hơn {distance_km} km.",
        "Check the list of sites and the coordinates of both files.",
        "Hãy kiểm tra danh sách trạm và tọa độ của cả hai tệp.",
    ),
)

_CHANGE = table(
    Rule(
        "plausibility.commune-lost",
        "warning",
        "communes that the previous delivery covered and this one does not: {count} (codes {codes}).",
        "số xã, phường, đặc khu lần trước có phủ mà lần này không còn: {count} (mã {codes}).",
        "Check whether the file is complete; if so, say why service ended there.",
        "Hãy kiểm tra xem tệp có đủ không; nếu đủ, hãy nêu lý do ngừng phục vụ.",
    ),
    Rule(
        "plausibility.shrank",
        "warning",
        "covers {change_pct} % less ground than the previous delivery ({now_km2} after {before_km2} km²).",
        "diện tích phủ giảm {change_pct} % so với lần nộp trước (còn {now_km2} từ {before_km2} km²).",
        "Check whether the file is complete.",
        "Hãy kiểm tra xem tệp có đủ không.",
    ),
    Rule(
        "plausibility.collapsed",
        "ask",
        "covers {change_pct} % less ground than the previous delivery ({now_km2} after {before_km2} km²).",
        "diện tích phủ giảm {change_pct} % so với lần nộp trước (còn {now_km2} từ {before_km2} km²).",
        'If that is true, accept it: accept = ["plausibility.collapsed"] or --accept plausibility.collapsed.',
        'Nếu đúng như vậy, hãy chấp nhận: accept = ["plausibility.collapsed"] hoặc --accept plausibility.collapsed.',
    ),
    Rule(
        "plausibility.grew",
        "warning",
        "covers {change_pct} % more ground than the previous delivery ({now_km2} after {before_km2} km²).",
        "diện tích phủ tăng {change_pct} % so với lần nộp trước ({now_km2} so với {before_km2} km²).",
        "Check which sites were added, and whether the threshold is the same.",
        "Hãy kiểm tra các trạm mới thêm và ngưỡng có giữ nguyên không.",
    ),
    Rule(
        "plausibility.unchanged",
        "note",
        "is byte for byte the previous delivery.",
        "giống hệt lần nộp trước từng byte.",
        "Check that the new file was sent, if there should be one.",
        "Hãy kiểm tra xem có gửi đúng tệp mới không, nếu phải có.",
    ),
    Rule(
        "plausibility.stale",
        "error",
        "speaks of {found}, {days} days before the day asked for ({asked}).",
        "có số liệu ngày {found}, cũ hơn ngày yêu cầu ({asked}) {days} ngày.",
        "Hand in the current file.",
        "Hãy nộp tệp hiện hành.",
    ),
    Rule(
        "plausibility.date-future",
        "warning",
        "speaks of a day that has not come yet: {found} (asked for: {asked}).",
        "ghi một ngày chưa tới: {found} (ngày yêu cầu: {asked}).",
        "Correct the date; plans are handed in with the basis planned.",
        "Hãy sửa ngày; kế hoạch phải được nộp với cơ sở là planned.",
    ),
)

_SENDER = table(
    Rule(
        "submission.other-operator",
        "error",
        "names {found} as its operator, not {wanted}.",
        "ghi nhà mạng là {found}, không phải {wanted}.",
        "Check that the right file was sent.",
        "Hãy kiểm tra xem có gửi đúng tệp không.",
    ),
    Rule(
        "submission.other-service",
        "ask",
        "names {found} as its technology, not {wanted}.",
        "ghi công nghệ là {found}, không phải {wanted}.",
        "Check that the right file was sent; if so, accept it with --accept submission.other-service.",
        "Hãy kiểm tra xem có gửi đúng tệp không; nếu đúng, dùng --accept submission.other-service.",
    ),
    Rule(
        "submission.mixed-services",
        "warning",
        "holds rows of other technologies ({found}) too; all of them count as {wanted}.",
        "có cả các hàng của công nghệ khác ({found}); tất cả đều được tính là {wanted}.",
        "Name the rows that are meant in where of the project file, or hand in one file for each technology.",
        "Hãy ghi các hàng cần dùng trong where của tệp dự án, hoặc nộp mỗi công nghệ một tệp.",
    ),
    Rule(
        "submission.not-in-service",
        "ask",
        "says of every row that it does not work today: {found}.",
        "ghi rằng mọi hàng hiện chưa hoạt động: {found}.",
        'Declare plans with basis = "planned"; or, if the column is out of date, accept it: '
        'accept = ["submission.not-in-service"] or --accept submission.not-in-service.',
        'Hãy khai báo kế hoạch với basis = "planned"; hoặc nếu cột này đã cũ, hãy chấp nhận: '
        'accept = ["submission.not-in-service"] hoặc --accept submission.not-in-service.',
    ),
    Rule(
        "submission.unreadable-date",
        "warning",
        "dates that are no days of the calendar: {count} (such as {example}); they were not compared.",
        "giá trị không phải là ngày có thật: {count} (ví dụ {example}); đã không đối chiếu.",
        "Write dates as 2026-10-31.",
        "Hãy ghi ngày dạng 2026-10-31.",
    ),
    Rule(
        "submission.ambiguous-date",
        "ask",
        "dates that can be read in two ways: {count} (such as {example}), taken with the day first.",
        "ngày tháng có thể hiểu theo hai cách: {count} (ví dụ {example}), ở đây hiểu ngày đứng trước.",
        'Write dates as 2026-10-31; or accept that the day stands first: accept = ["submission.ambiguous-date"] or '
        "--accept submission.ambiguous-date.",
        'Hãy ghi ngày dạng 2026-10-31; hoặc chấp nhận ngày đứng trước: accept = ["submission.ambiguous-date"] hoặc '
        "--accept submission.ambiguous-date.",
    ),
    Rule(
        "submission.spelt-differently",
        "note",
        "one technology is spelt in several ways, which were read as the same: {found}.",
        "một công nghệ được viết theo nhiều cách, đã được hiểu là một: {found}.",
        "Nothing has to be done here.",
        "Không cần làm gì thêm.",
    ),
    Rule(
        "submission.same-file",
        "warning",
        "is byte for byte the same as {other}.",
        "giống hệt tệp {other} từng byte.",
        "Two operators cannot have the same coverage; ask both.",
        "Hai nhà mạng không thể có cùng vùng phủ; hãy hỏi lại cả hai.",
    ),
    Rule(
        "submission.same-shape",
        "warning",
        "covers nearly the same ground as {other} (agreement {agreement}).",
        "phủ gần như trùng với {other} (độ trùng khớp {agreement}).",
        "Two operators cannot have the same coverage; ask both.",
        "Hai nhà mạng không thể có cùng vùng phủ; hãy hỏi lại cả hai.",
    ),
    Rule(
        "submission.outside-4g",
        "warning",
        "{share_pct} % of the 5G ground lies outside the 4G of the same operator ({other}).",
        "{share_pct} % vùng phủ 5G nằm ngoài vùng phủ 4G của cùng nhà mạng ({other}).",
        "Check whether the two files were exchanged or computed with different thresholds.",
        "Hãy kiểm tra xem hai tệp có bị nhầm lẫn hoặc tính với ngưỡng khác nhau không.",
    ),
)

_SHAPES = table(
    Rule(
        "plausibility.discs",
        "warning",
        "{share_pct} % of its shapes are drawn circles, not the result of a propagation model.",
        "{share_pct} % số hình là hình tròn vẽ sẵn, không phải kết quả mô hình truyền sóng.",
        "Hand in computed coverage, or declare the basis honestly.",
        "Hãy nộp vùng phủ tính toán, hoặc ghi đúng cơ sở dữ liệu.",
    ),
    Rule(
        "plausibility.coarse",
        "warning",
        "is drawn coarsely: half of its outline consists of edges longer than {edge_m} m.",
        "được vẽ thô: một nửa đường bao gồm các cạnh dài hơn {edge_m} m.",
        "Hand in the coverage at 100 m or finer.",
        "Hãy nộp vùng phủ với độ phân giải 100 m hoặc mịn hơn.",
    ),
    Rule(
        "plausibility.overlapping",
        "note",
        "its features overlap: they add up to {sum_km2} km² but cover {union_km2} km²; ground counts once.",
        "các đối tượng chồng lên nhau: tổng là {sum_km2} km² nhưng chỉ phủ {union_km2} km²; mỗi nơi chỉ tính một lần.",
        _NOTHING_EN,
        _NOTHING_VI,
    ),
    Rule(
        "plausibility.repeated-features",
        "note",
        "features that stand there twice: {count} (feature ids {ids}).",
        "số đối tượng lặp lại: {count} (mã đối tượng {ids}).",
        _NOTHING_EN,
        _NOTHING_VI,
    ),
    Rule(
        "plausibility.repeated-vertices",
        "note",
        "features with the same vertex twice in a row: {count}.",
        "số đối tượng có đỉnh lặp liên tiếp: {count}.",
        _NOTHING_EN,
        _NOTHING_VI,
    ),
)

RULES: dict[str, Rule] = _CHECK | _PLACE | _CHANGE | _SENDER | _SHAPES
