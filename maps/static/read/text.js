/* text.js: words and numbers. No DOM; runs in node too. */
'use strict';
(function () {
  BS.language = 'vi';

  BS.t = function (key, values) {
    var text = (BS.meta.words[BS.language] || {})[key];
    if (typeof text !== 'string') text = key;
    return values ? BS.fill(text, values) : text;
  };

  /* {name} takes a value as it is: one pass, so braces inside a value stay what they are. */
  BS.fill = function (text, values) {
    return text.replace(/\{([a-z]+)\}/g, function (whole, key) {
      return Object.prototype.hasOwnProperty.call(values, key) ? String(values[key]) : whole;
    });
  };

  BS.inLanguage = function (texts) {
    if (typeof texts === 'string') return texts;
    if (!texts) return '';
    return texts[BS.language] || texts[BS.language === 'vi' ? 'en' : 'vi'] || '';
  };

  /* 1234567.8 -> 1.234.567,8 (vi) or 1,234,567.8 (en), halves away from zero; a dash where it is unknown.
     Written as number and percent of data/text/wording.py are: the same text for the same number. */
  BS.number = function (value, decimals) {
    if (typeof value !== 'number' || !isFinite(value)) return '-';
    var scale = Math.pow(10, decimals || 0);
    var text = (Math.floor(Math.abs(value) * scale + 0.5) / scale).toFixed(decimals || 0);
    var sign = value < 0 && Number(text) !== 0 ? '−' : '';
    var parts = text.split('.'), vi = BS.language === 'vi';
    var whole = parts[0].replace(/\B(?=(\d{3})+$)/g, vi ? '.' : ',');
    return sign + whole + (parts[1] ? (vi ? ',' : '.') + parts[1] : '');
  };
  /* Only nothing is 0 % and only all is 100 %. */
  BS.percent = function (part, whole) { return whole > 0 && isFinite(part) ? BS.percentText(100 * part / whole) : '-'; };
  BS.percentText = function (value) {
    var tenths = Math.floor(value * 10 + 0.5), noise = 1e-7;
    if (Math.abs(value) <= noise) return '0%';
    if (Math.abs(value - 100) <= noise) return '100%';
    if (value > 0 && tenths === 0) return '<' + BS.number(0.1, 1) + '%';
    if (value < 100 && tenths === 1000) return '>' + BS.number(99.9, 1) + '%';
    return BS.number(value, 1) + '%';
  };

  /* What lies between two ends, because nothing is known of some people, is never written as one of them. */
  BS.span = function (first, last) { return first < last ? BS.number(first) + '–' + BS.number(last) : BS.number(first); };
  BS.isOpen = function (low, high) { return high - low >= 0.5; };
  BS.range = function (low, high) { return BS.isOpen(low, high) ? BS.number(low) + '–' + BS.number(high) : BS.number(low); };
  BS.percentRange = function (low, high, whole) {
    var first = BS.percent(low, whole), last = BS.percent(high, whole);
    return !BS.isOpen(low, high) || first === last ? first : first.replace('%', '') + '–' + last;
  };

  BS.atLeast = function (count) { return BS.t('atLeast', { count: BS.number(count) }); };

  /* 2026-10-31 -> 31/10/2026 (vi) or 31 October 2026 (en), 2026-10 -> 10/2026 or October 2026; other texts stay. */
  BS.date = function (text) {
    return String(text).replace(/\b(\d{4})-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?(?![\d-])/g, function (_all, year, month, day) {
      if (BS.language === 'vi') return (day ? day + '/' : '') + month + '/' + year;
      return (day ? Number(day) + ' ' : '') + BS.t('months').split(' ')[month - 1] + ' ' + year;
    });
  };
  /* A change that rounds to nothing has no sign. */
  BS.signed = function (value, decimals) {
    var text = BS.number(value, decimals);
    return (value > 0 && /[1-9]/.test(text) ? '+' : '') + text;
  };

  /* A name as it is shown: nothing in it turns the direction of the text, and no pile of marks reaches over what stands above. */
  BS.legible = function (text) {
    return text.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '').replace(/(\p{M}{2})\p{M}+/gu, '$1');
  };

  /* Lower case without accents: tone marks may stand on either vowel, đ is d. */
  BS.fold = function (text) {
    return text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase().replace(/đ/g, 'd').replace(/[^a-z0-9]+/g, ' ').trim();
  };

  /* One CSV cell: quoted where it must be, and inert in a spreadsheet. */
  BS.csvCell = function (value) {
    if (typeof value === 'number') return isFinite(value) ? String(value) : '';
    var text = String(value == null ? '' : value).replace(/[\r\n\u2028\u2029]+/g, ' ');
    if (/^[\s\u00a0]*[=+\-@\t]/.test(text)) text = "'" + text;
    return /[",;\t]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  };
})();
