"""What can be said about the content of a vector layer: geometries and text."""

from __future__ import annotations

from .rule import Rule, table

_GEOMETRIES = table(
    Rule(
        "geometry.missing",
        "warning",
        "features without a usable geometry, left out: {count} (feature ids {ids}).",
        "số đối tượng không có hình học dùng được, đã bỏ qua: {count} (mã đối tượng {ids}).",
        "Check whether these features should be on the map.",
        "Hãy kiểm tra xem các đối tượng này có cần nằm trên bản đồ không.",
    ),
    Rule(
        "geometry.required",
        "error",
        "features without a usable geometry: {count} (feature ids {ids}).",
        "số đối tượng không có hình học dùng được: {count} (mã đối tượng {ids}).",
        "Every feature of this file needs its shape; mend or remove these.",
        "Mỗi đối tượng của tệp này phải có hình; hãy sửa hoặc xóa các đối tượng đó.",
    ),
    Rule(
        "geometry.wrong-type",
        "error",
        "features that are {found} where only {wanted} can be used: {count} (feature ids {ids}).",
        "số đối tượng là {found} trong khi chỉ dùng được {wanted}: {count} (mã đối tượng {ids}).",
        "Name the file or layer that holds {wanted}.",
        "Hãy ghi tệp hoặc lớp có chứa {wanted}.",
    ),
    Rule(
        "geometry.collection",
        "warning",
        "features that mix shapes of several kinds, of which only the usable parts were kept: {count} (feature ids {ids}).",
        "số đối tượng trộn nhiều loại hình, chỉ giữ lại phần dùng được: {count} (mã đối tượng {ids}).",
        "Check these features.",
        "Hãy kiểm tra các đối tượng này.",
    ),
    Rule(
        "geometry.closed",
        "note",
        "features with an open ring, which was closed: {count} (feature ids {ids}).",
        "số đối tượng có vòng chưa khép, đã được khép lại: {count} (mã đối tượng {ids}).",
        "Nothing has to be done here; the maker of the file may want to know.",
        "Không cần làm gì thêm; nên báo cho người lập tệp.",
    ),
    Rule(
        "geometry.curved",
        "note",
        "features with circular arcs, which were drawn with short straight edges: {count}.",
        "số đối tượng có cung tròn, đã được vẽ lại bằng các đoạn thẳng ngắn: {count}.",
        "Nothing has to be done here.",
        "Không cần làm gì thêm.",
    ),
    Rule(
        "repair.ground",
        "note",
        "ground that counts only because open rings were closed: {closed}; ground between circular arcs and the "
        "straight edges drawn for them: {arcs}.",
        "phần đất chỉ được tính nhờ khép các vòng hở: {closed}; phần đất nằm giữa cung tròn và các đoạn thẳng thay "
        "cho cung: {arcs}.",
        "Have the outlines mended by their maker when that is much.",
        "Nếu diện tích lớn, hãy yêu cầu người lập tệp sửa đường bao.",
    ),
    Rule(
        "geometry.flattened",
        "note",
        "features whose heights or measures (Z, M) were left out: {count}.",
        "số đối tượng có độ cao hoặc trị đo (Z, M) đã được bỏ: {count}.",
        "Nothing has to be done: coverage is looked at from above.",
        "Không cần làm gì: vùng phủ được xét trên mặt phẳng.",
    ),
)

_TEXT = table(
    Rule(
        "text.encoding-guessed",
        "note",
        "does not state its text encoding; its text is valid UTF-8 and was read as that.",
        "không ghi bảng mã chữ; chữ trong tệp là UTF-8 hợp lệ và đã được đọc theo UTF-8.",
        "Add a .cpg file with the word UTF-8.",
        "Hãy thêm tệp .cpg ghi UTF-8.",
    ),
    Rule(
        "text.encoding-unknown",
        "error",
        "does not state its text encoding, and its text is not UTF-8.",
        "không ghi bảng mã chữ, và chữ trong tệp không phải UTF-8.",
        "Add a .cpg file that names the encoding, such as 1258 for Vietnamese Windows, or export it as UTF-8.",
        "Hãy thêm tệp .cpg ghi bảng mã, ví dụ 1258 cho Windows tiếng Việt, hoặc xuất lại theo UTF-8.",
    ),
    Rule(
        "text.too-long",
        "error",
        "cells with more than {limit} bytes of text: {count}, the longest with {longest}.",
        "số ô có hơn {limit} byte văn bản: {count}, ô dài nhất có {longest} byte.",
        "Shorten these texts, or leave the column out.",
        "Hãy rút ngắn các đoạn văn bản này, hoặc bỏ cột đó.",
    ),
    Rule(
        "text.encoding-wrong",
        "error",
        "says that its text is {stated}, but it is not, or that encoding is not known here.",
        "ghi bảng mã chữ là {stated}, nhưng không đúng hoặc bảng mã đó không được hỗ trợ.",
        "Export it again as UTF-8.",
        "Hãy xuất lại theo UTF-8.",
    ),
    Rule(
        "text.tcvn3",
        "ask",
        "texts that are no Unicode, but read as TCVN3 (ABC fonts) they are Vietnamese: {count} (such as {example}, which becomes "
        "{reading}; other likely readings: {others}).",
        "số đoạn chữ không phải Unicode, nhưng đọc theo TCVN3 (phông ABC) thì là tiếng Việt: {count} (ví dụ {example} thành "
        "{reading}; cách đọc khác có thể đúng: {others}).",
        'Convert the text to Unicode (UTF-8), or accept the reading: accept = ["text.tcvn3"] or --accept text.tcvn3; the text '
        "is then converted and counted.",
        'Hãy chuyển chữ sang Unicode (UTF-8), hoặc chấp nhận cách đọc này: accept = ["text.tcvn3"] hoặc --accept text.tcvn3; '
        "khi đó chữ được chuyển và đếm lại.",
    ),
    Rule(
        "text.vni",
        "ask",
        "texts that are no Unicode, but read as VNI (VNI fonts) they are Vietnamese: {count} (such as {example}, which becomes "
        "{reading}; other likely readings: {others}).",
        "số đoạn chữ không phải Unicode, nhưng đọc theo VNI (phông VNI) thì là tiếng Việt: {count} (ví dụ {example} thành "
        "{reading}; cách đọc khác có thể đúng: {others}).",
        'Convert the text to Unicode (UTF-8), or accept the reading: accept = ["text.vni"] or --accept text.vni; the text '
        "is then converted and counted.",
        'Hãy chuyển chữ sang Unicode (UTF-8), hoặc chấp nhận cách đọc này: accept = ["text.vni"] hoặc --accept text.vni; '
        "khi đó chữ được chuyển và đếm lại.",
    ),
    Rule(
        "text.windows-1258",
        "ask",
        "texts that are no Unicode, but read as Windows-1258 they are Vietnamese: {count} (such as {example}, which becomes "
        "{reading}; other likely readings: {others}).",
        "số đoạn chữ không phải Unicode, nhưng đọc theo Windows-1258 thì là tiếng Việt: {count} (ví dụ {example} thành "
        "{reading}; cách đọc khác có thể đúng: {others}).",
        'Convert the text to Unicode (UTF-8), or accept the reading: accept = ["text.windows-1258"] or --accept text.windows-1258; the text '
        "is then converted and counted.",
        'Hãy chuyển chữ sang Unicode (UTF-8), hoặc chấp nhận cách đọc này: accept = ["text.windows-1258"] hoặc --accept text.windows-1258; '
        "khi đó chữ được chuyển và đếm lại.",
    ),
    Rule(
        "text.utf8",
        "ask",
        "texts that are no Unicode, but read as UTF-8 (although they were stored or stated as something else) they are Vietnamese: {count} (such as {example}, which becomes "
        "{reading}; other likely readings: {others}).",
        "số đoạn chữ không phải Unicode, nhưng đọc theo UTF-8 (dù được lưu hoặc ghi là bảng mã khác) thì là tiếng Việt: {count} (ví dụ {example} thành "
        "{reading}; cách đọc khác có thể đúng: {others}).",
        'Convert the text to Unicode (UTF-8), or accept the reading: accept = ["text.utf8"] or --accept text.utf8; the text '
        "is then converted and counted.",
        'Hãy chuyển chữ sang Unicode (UTF-8), hoặc chấp nhận cách đọc này: accept = ["text.utf8"] hoặc --accept text.utf8; '
        "khi đó chữ được chuyển và đếm lại.",
    ),
)

RULES: dict[str, Rule] = _GEOMETRIES | _TEXT
