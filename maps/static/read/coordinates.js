/* coordinates.js: a place as people write it: 22.8, 104.9; 22,8 104,9; 22°48'N 104°54'E. No DOM; runs in node too. */
'use strict';
(function () {
  var SIDE = '([NSEWBĐDT])', PART = '(\\d{1,2}(?:[.,]\\d+)?)', BETWEEN = '(\\s*[,;/]\\s*|\\s+|)';
  var MINUTE = "\\s*['\u2018\u2019\u2032\u00b4]", SECOND = "\\s*(?:[\"\u201c\u201d\u2033]|['\u2019\u2032]{2})";
  var VALUE = '\\s*([-+\u2212]?\\d{1,3}(?:[.,]\\d+)?)(?:\\s*([°º˚])(?:\\s*' + PART + MINUTE + '(?:\\s*' + PART + SECOND + ')?)?)?';
  /* The sides stand behind both, or before both. */
  var BEHIND = pattern(VALUE + '(?:\\s*' + SIDE + ')?' + BETWEEN + VALUE + '(?:\\s*' + SIDE + ')?');
  var BEFORE = pattern(SIDE + VALUE + BETWEEN + SIDE + VALUE);

  /* Degrees, minutes and seconds with spaces alone, as a receiver shows them: the sides tell which is which. */
  var SPACED = '\\s*(\\d{1,3})[\\s:]+(\\d{1,2}(?:[.,]\\d+)?)(?:[\\s:]+(\\d{1,2}(?:[.,]\\d+)?))?\\s*' + SIDE;
  var BARE = pattern(SPACED + '\\s*[,;/]?' + SPACED), LINK = /^\s*geo:([-+\d.]+),([-+\d.]+)(?:[,;?].*)?$/i;

  /* The same as the other patterns read it; a link of a page or a phone without what stands around. */
  function usual(text) {
    var bare = BARE.exec(text), link = LINK.exec(text);
    if (link) return link[1] + ', ' + link[2];
    return bare ? signs(bare, 1) + ', ' + signs(bare, 5) : text;
  }
  function signs(match, at) {
    return match[at] + '\u00b0' + match[at + 1] + "'" + (match[at + 2] ? match[at + 2] + '"' : '') + match[at + 3];
  }
  function pattern(text) { return new RegExp('^\\s*\\(?' + text + '\\s*\\)?\\s*$', 'iu'); }
  function decimal(text) { return Number(text.replace(',', '.').replace('\u2212', '-')); }
  /* Degrees, and the side: N, S, E, W, or B, Đ, T as Vietnamese has them (N, nam, is south there). */
  function one(match, at, sideAt) {
    var degrees = decimal(match[at]), minutes = decimal(match[at + 2] || '0'), seconds = decimal(match[at + 3] || '0');
    if (minutes >= 60 || seconds >= 60) return null;
    var more = minutes / 60 + seconds / 3600, side = (match[sideAt] || '').toUpperCase();
    return { degrees: /^[-\u2212]/.test(match[at]) ? degrees - more : degrees + more, side: side,
      sure: side !== '' || match[at + 1] !== undefined || /[.,]/.test(match[at]) };
  }
  var ACROSS = { E: 1, Đ: 1, D: 1, W: -1, T: -1 }, ALONG = { N: 1, B: 1, S: -1 };

  /* {lat, lng} in degrees, or null; box: west, south, east, north of the page, which tells what is which in doubt. */
  BS.coordinates = function (query, box) {
    var text = usual(query.normalize('NFC')), before = BEFORE.exec(text), match = before || BEHIND.exec(text);
    if (!match) return null;
    var a = before ? one(match, 2, 1) : one(match, 1, 5), b = before ? one(match, 8, 7) : one(match, 7, 11);
    if (!a || !b || !(a.sure || b.sure || /[,;/]/.test(match[6])) || !(match[6] || (a.side && b.side))) return null;
    var readings = [reading(a, b), reading(b, a)];
    if (/[ĐDT]/.test(a.side + b.side)) readings = [true, false].reduce(function (all, south) {
      return all.concat([reading(a, b, south), reading(b, a, south)]);
    }, []);
    readings = readings.filter(Boolean);
    return readings.find(function (at) { return within(at, box); }) || readings[0] || null;
  };
  function reading(along, across, south) {
    var lat = signed(along, south ? Object.assign({}, ALONG, { N: -1 }) : ALONG), lng = signed(across, ACROSS);
    return Math.abs(lat) <= 90 && Math.abs(lng) <= 180 ? { lat: lat, lng: lng } : null;
  }
  /* NaN where its side is one of the other direction, or says the contrary of its sign. */
  function signed(value, sides) {
    if (!value.side) return value.degrees;
    return sides[value.side] && value.degrees >= 0 ? sides[value.side] * value.degrees : NaN;
  }
  function within(at, box) { return at.lng >= box[0] && at.lat >= box[1] && at.lng <= box[2] && at.lat <= box[3]; }
})();
