"""What can be said when inputs are compared with the register, official figures and the country."""

from __future__ import annotations

from .rule import Rule, table

_NOTHING_EN = "Nothing has to be done here."
_NOTHING_VI = "Không cần làm gì thêm."

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
        "register.province-differs",
        "warning",
        "communes that belong to another province than in the register: {count} (codes {codes}, such as {examples}).",
        "số xã, phường, đặc khu thuộc tỉnh khác với danh mục: {count} (mã {codes}, ví dụ {examples}).",
        "Correct the province codes.",
        "Hãy sửa mã tỉnh.",
    ),
    Rule(
        "register.displaced",
        "warning",
        "lies {east_m} m east and {north_m} m north of the register, as if a wrong datum or zone were stated.",
        "lệch {east_m} m về phía đông và {north_m} m về phía bắc so với danh mục, như thể ghi sai hệ quy chiếu hoặc "
        "múi chiếu.",
        "Check the coordinate reference system the file states: some 225 m are the datum of VN-2000, 26 km a central "
        "meridian 15 minutes off.",
        "Hãy kiểm tra hệ tọa độ ghi trong tệp: khoảng 225 m là do hệ quy chiếu VN-2000, 26 km là do kinh tuyến trục "
        "lệch 15 phút.",
    ),
    Rule(
        "register.place-differs",
        "warning",
        "communes that lie elsewhere than in the register: {count} (codes {codes}).",
        "số xã, phường, đặc khu nằm ở nơi khác so với danh mục: {count} (mã {codes}).",
        "Check whether codes and outlines were shifted against each other.",
        "Hãy kiểm tra xem mã và ranh giới có bị lệch nhau không.",
    ),
    Rule(
        "register.tone-placement",
        "note",
        "names that differ from the register only in where the tone mark stands, in case, in accents of old "
        "keyboards or by the word for the unit (Xã, Phường): {count} (such as {examples}).",
        "số tên chỉ khác danh mục ở vị trí dấu thanh, chữ hoa, ký tự gần giống hoặc từ chỉ đơn vị (Xã, Phường): "
        "{count} (ví dụ {examples}).",
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
        "{area} of ground are claimed by more than one commune, each place counted once ({contests}); "
        "it is counted for the lowest code.",
        "{area} nằm trong nhiều xã, phường, đặc khu cùng lúc, mỗi nơi chỉ tính một lần ({contests}); "
        "phần này tính cho mã nhỏ nhất.",
        _NOTHING_EN,
        _NOTHING_VI,
    ),
    Rule(
        "communes.boundary-overlap-large",
        "warning",
        "{area} of ground, {share_pct} % of all, are claimed by more than one commune, each place counted "
        "once ({contests}); it is counted for the lowest code.",
        "{area}, bằng {share_pct} % diện tích, nằm trong nhiều xã, phường, đặc khu cùng lúc, mỗi nơi chỉ tính "
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
        "totals.digits-gained",
        "warning",
        "communes with about ten times the people that the comparison shows, as if a digit were added: "
        "{count} (codes {codes}).",
        "số xã, phường, đặc khu gấp khoảng mười lần số dân đối chiếu, như bị thừa một chữ số: {count} (mã {codes}).",
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
        "Hãy kiểm tra kind (count hay density), năm và phạm vi của lưới dân số.",
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

RULES: dict[str, Rule] = _REGISTER | _PEOPLE | _SITES
