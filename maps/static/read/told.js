/* told.js: what `blackspot explain` says, put together from its forms and the page's own numbers. No DOM; runs in node too. */
'use strict';
(function () {
  var PERCENT = 0, KM = 1, PLAIN = 2, MOST_DECIMALS = 4, BELOW = -1, ABOVE = -2, KINDS = 6;

  /* The layout is that of Explained.blocks. */
  BS.decodeTold = function (forms, bytes, communes, spots) {
    var r = new BS.Reader(bytes), counts = [], first = [], used = [], i, k, lines = 2 * spots;
    for (i = 0; i < communes * KINDS; i++) { counts.push(r.next()); if (i % KINDS < KINDS - 1) lines += counts[i]; }
    for (i = 0; i < communes; i++) {
      first.push([]);
      for (k = 0; k < counts[i * KINDS + KINDS - 1]; k++) first[i].push(r.next());
    }
    for (i = 0; i < lines; i++) used.push(forms[r.next()]);
    used = used.map(function (form) {
      var given = [], slots = form[2];
      for (var s = 1; s < slots.length; s += 2) if (slots[s] < 0) given.push(r.signed());
      return [form, given];
    });
    var told = { communes: [], spots: [], first: first }, at = 0;
    for (i = 0; i < communes; i++) {
      told.communes.push([]);
      for (k = 0; k < KINDS - 1; k++) { told.communes[i].push(used.slice(at, at + counts[i * KINDS + k])); at += counts[i * KINDS + k]; }
    }
    for (i = 0; i < spots; i++) told.spots.push(used.slice(at + 2 * i, at + 2 * i + 2));
    return told;
  };

  /* number(column): the page's own; whole: of which all is 100 %. */
  BS.toldLine = function (line, words, number, whole) {
    var form = line[0], slots = form[2], given = 0, codes = [];
    for (var s = 0; s < slots.length; s += 2) codes.push(slots[s + 1] < 0 ? line[1][given++] : code(slots[s], number(slots[s + 1]), whole));
    return form[BS.language === 'vi' ? 0 : 1].map(function (part) {
      return typeof part === 'string' ? part : part < 0 ? words[-part - 1] : BS.toldNumber(slots[2 * part], codes[part]);
    }).join('');
  };
  function round(value) { return Math.floor(value + 0.5); }
  function code(kind, value, whole) {
    if (kind === KM) return value < 9.95 ? round(value * 10) : round(value) * 10;
    if (kind >= PLAIN) return round(value * Math.pow(10, (kind - PLAIN) % (MOST_DECIMALS + 1)));
    var percent = 100 * value / whole, noise = 1e-7, tenths = round(percent * 10);
    if (Math.abs(percent) <= noise) return 0;
    if (Math.abs(percent - 100) <= noise) return 1000;
    return percent > 0 && tenths === 0 ? BELOW : percent < 100 && tenths === 1000 ? ABOVE : tenths;
  }
  BS.toldNumber = function (kind, code) {
    if (kind === PERCENT) return BS.percentText(code === BELOW ? 0.01 : code === ABOVE ? 99.99 : code / 10);
    if (kind === KM) return (code && code < 100 ? BS.number(code / 10, 1) : BS.number(code / 10)) + ' km';
    var decimals = (kind - PLAIN) % (MOST_DECIMALS + 1), english = kind - PLAIN > MOST_DECIMALS, language = BS.language;
    if (english) BS.language = 'en';
    var text = BS.number(code / Math.pow(10, decimals), decimals);
    BS.language = language;
    return text;
  };
})();
