"""What can be said about inputs that can be read, but may not be true."""

from __future__ import annotations

from .rule import Rule, table

_NOTHING_EN = "Nothing has to be done here."
_NOTHING_VI = "Không cần làm gì thêm."

_CHECK = table(
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

_REGISTER = table(
    Rule(
        "register.partial",
        "note",
        "holds {count} communes; Viet Nam has {official} since July 2025.",
        "có {count} xã, phường, đặc khu; từ tháng 7 năm 2025 cả nước có {official}.",
        "Nothing has to be done if only a part of the country is meant.",
        "Không cần làm gì nếu chỉ dùng cho một phần cả nước.",
    ),
    Rule(
        "register.old-units",
        "error",
        "holds {count} units, far more than the {official} communes since July 2025: units from before the reform.",
        "có {count} đơn vị, nhiều hơn hẳn {official} đơn vị từ tháng 7 năm 2025: là đơn vị trước sắp xếp.",
        "Use the communes in force since 1 July 2025.",
        "Hãy dùng danh mục đơn vị có hiệu lực từ ngày 1 tháng 7 năm 2025.",
    ),
    Rule(
        "register.unknown-code",
        "warning",
        "codes that the register does not have: {count} (such as {codes}).",
        "số mã không có trong danh mục: {count} (ví dụ {codes}).",
        "Correct these codes, or bring the register up to date.",
        "Hãy sửa các mã này, hoặc cập nhật danh mục.",
    ),
    Rule(
        "register.missing-code",
        "note",
        "communes of the register that are not here: {count} (such as {codes}).",
        "số đơn vị có trong danh mục mà không có ở đây: {count} (ví dụ {codes}).",
        "Add them if the file should be complete.",
        "Hãy bổ sung nếu tệp phải đầy đủ.",
    ),
    Rule(
        "register.name-differs",
        "warning",
        "codes whose name is another one in the register: {count} (such as {examples}).",
        "số mã có tên khác với danh mục: {count} (ví dụ {examples}).",
        "Check whether codes and names were shifted against each other.",
        "Hãy kiểm tra xem mã và tên có bị lệch dòng không.",
    ),
    Rule(
        "register.tone-placement",
        "note",
        "names that differ from the register only in where the tone mark stands, in case or in accents of "
        "old keyboards: {count} (such as {examples}).",
        "số tên chỉ khác danh mục ở vị trí dấu thanh, chữ hoa hoặc ký tự gần giống: {count} (ví dụ {examples}).",
        "Nothing has to be done: codes decide.",
        "Không cần làm gì: việc ghép dựa vào mã.",
    ),
    Rule(
        "text.decodings",
        "note",
        "its text reads like one of these old encodings: {readings}.",
        "chữ trong tệp có thể thuộc một trong các bảng mã cũ: {readings}.",
        "Choose the reading that is right, convert the text to UTF-8 (Unicode) and hand it in again.",
        "Hãy chọn cách đọc đúng, chuyển chữ sang UTF-8 (Unicode) rồi nộp lại.",
    ),
    Rule(
        "text.old-font",
        "warning",
        "holds text made for an old font, such as {example}; as {encoding} it reads {reading}.",
        "có chữ dùng phông cũ, ví dụ {example}; đọc theo {encoding} là {reading}.",
        "Convert the text to Unicode and hand it in again.",
        "Hãy chuyển chữ sang Unicode rồi nộp lại.",
    ),
    Rule(
        "communes.boundary-overlap",
        "note",
        "{area_km2} km² of ground are claimed by more than one commune, each place counted once ({contests}); "
        "it is counted for the lowest code.",
        "{area_km2} km² nằm trong nhiều xã, phường, đặc khu cùng lúc, mỗi nơi chỉ tính một lần ({contests}); "
        "phần này tính cho mã nhỏ nhất.",
        _NOTHING_EN,
        _NOTHING_VI,
    ),
    Rule(
        "communes.boundary-overlap-large",
        "warning",
        "{area_km2} km² of ground, {share_pct} % of all, are claimed by more than one commune, each place counted "
        "once ({contests}); it is counted for the lowest code.",
        "{area_km2} km², bằng {share_pct} % diện tích, nằm trong nhiều xã, phường, đặc khu cùng lúc, mỗi nơi chỉ tính "
        "một lần ({contests}); phần này tính cho mã nhỏ nhất.",
        "Use boundaries that fit together.",
        "Hãy dùng bộ ranh giới khớp nhau.",
    ),
    Rule(
        "communes.boundary-gap",
        "warning",
        "{area_km2} km² between the communes belong to none ({count} holes).",
        "{area_km2} km² nằm giữa các xã, phường, đặc khu mà không thuộc đơn vị nào ({count} lỗ hổng).",
        "Use boundaries that fit together.",
        "Hãy dùng bộ ranh giới khớp nhau.",
    ),
)

_PEOPLE = table(
    Rule(
        "totals.digits-lost",
        "warning",
        "communes with about one tenth of the people that the comparison shows, as if a digit were lost: "
        "{count} (codes {codes}).",
        "số xã, phường, đặc khu chỉ bằng khoảng một phần mười số dân đối chiếu, như bị mất một chữ số: "
        "{count} (mã {codes}).",
        "Check these figures at their source.",
        "Hãy kiểm tra lại các số liệu này tại nguồn.",
    ),
    Rule(
        "totals.far-from-raster",
        "note",
        "single communes whose figure is far below what the raster shows: {count} (codes {codes}).",
        "một số đơn vị có số dân thấp hơn nhiều so với lưới dân số: {count} (mã {codes}).",
        "The raster can be wrong in thinly settled places; look at these figures.",
        "Lưới dân số có thể sai ở nơi thưa dân; hãy xem lại các số liệu này.",
    ),
    Rule(
        "totals.sum-differs",
        "warning",
        "adds up to {total} people, where the comparison has {other}.",
        "cộng lại được {total} người, trong khi nguồn đối chiếu có {other} người.",
        "Check what both count: registered or resident people, and of which year.",
        "Hãy kiểm tra hai nguồn tính theo đăng ký hay thường trú, và của năm nào.",
    ),
    Rule(
        "population.total-differs",
        "warning",
        "adds up to {total} people, where {expected} are expected.",
        "cộng lại được {total} người, trong khi số dự kiến là {expected}.",
        "Check kind (count or density), the year and the area of the raster.",
        "Hãy kiểm tra kind (count hay density), năm và phạm vi của ảnh.",
    ),
    Rule(
        "population.partial",
        "note",
        "holds {total} people and {share_pct} % of the outline box of Viet Nam: a part of the country.",
        "có {total} người và bao {share_pct} % khung bao Việt Nam: chỉ là một phần cả nước.",
        "Nothing has to be done if only a part is meant.",
        "Không cần làm gì nếu chỉ dùng cho một phần.",
    ),
)

_SITES = table(
    Rule(
        "sites.bad-coordinate",
        "error",
        "rows whose coordinates are no degrees: {count} (rows {rows}, such as {example}).",
        "số hàng có tọa độ không phải là độ: {count} (các hàng {rows}, ví dụ {example}).",
        "Write decimal degrees with a point, such as 21.0278 and 105.8342.",
        "Hãy ghi độ thập phân với dấu chấm, ví dụ 21.0278 và 105.8342.",
    ),
    Rule(
        "sites.missing-coordinate",
        "warning",
        "rows without coordinates, left out: {count} (rows {rows}).",
        "số hàng không có tọa độ, đã bỏ qua: {count} (các hàng {rows}).",
        "Fill in the coordinates of these sites.",
        "Hãy điền tọa độ của các trạm này.",
    ),
    Rule(
        "sites.exchanged",
        "error",
        "lies outside the country; with longitude and latitude exchanged it would lie inside (such as {example}).",
        "nằm ngoài lãnh thổ; nếu đổi chỗ kinh độ và vĩ độ thì nằm trong (ví dụ {example}).",
        "Exchange the two columns.",
        "Hãy đổi chỗ hai cột.",
    ),
    Rule(
        "sites.outside-country",
        "error",
        "lies outside the country with all of its {total} sites (such as {example}).",
        "toàn bộ {total} trạm nằm ngoài lãnh thổ (ví dụ {example}).",
        "Check that it is the right file.",
        "Hãy kiểm tra xem đã chọn đúng tệp chưa.",
    ),
    Rule(
        "sites.partly-outside",
        "warning",
        "sites that lie outside the country: {count} of {total} (rows {rows}).",
        "số trạm nằm ngoài lãnh thổ: {count} trong {total} (các hàng {rows}).",
        "Check the coordinates of these sites.",
        "Hãy kiểm tra tọa độ của các trạm này.",
    ),
    Rule(
        "sites.same-place",
        "note",
        "sites that stand at the place of another one: {count} of {total}.",
        "số trạm nằm trùng vị trí với trạm khác: {count} trong {total}.",
        "Nothing has to be done: one mast often carries several cells.",
        "Không cần làm gì: một cột thường mang nhiều ô phủ sóng.",
    ),
)

RULES: dict[str, Rule] = _CHECK | _PLACE | _CHANGE | _SENDER | _SHAPES | _REGISTER | _PEOPLE | _SITES
