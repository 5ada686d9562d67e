/* find.js: search that forgives: names with or without type, accents and spaces, one slip of the finger, names before
   a reform, codes. No DOM; runs in node too. */
'use strict';
(function () {
  var ENGLISH = 'special zone|commune|ward|province|city|district|town|township';
  var VIETNAMESE = 'dac khu|thi tran|thi xa|thanh pho|phuong|quan|huyen|tinh|xa|tp|tx|tt|p|x|q|h';
  var BEFORE = new RegExp('^(?:' + VIETNAMESE + '|' + ENGLISH + ') (?=.)'), AFTER = new RegExp(' (?:' + ENGLISH + ')$');
  var GLUED = /^(?:dackhu|thitran|thixa|thanhpho|phuong|huyen|tinh|quan|xa)(?=...)/;
  var BAR = /đ/i, LEAST = 4; /* letters of a word that may hold a slip: most shorter ones are one slip from another name */

  /* Letters and digits of any script in lower case, without accents; what stands between them is one space. */
  function plain(text) {
    return text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase().replace(/đ/g, 'd')
      .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ').trim();
  }
  /* With its accents, the tone of each word behind it: hoà and hòa are one spelling. */
  function spelled(text) {
    return text.normalize('NFD').toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ').trim()
      .replace(/\S+/g, function (word) {
        return word.replace(/[\u0300\u0301\u0303\u0309\u0323]/g, '') + word.replace(/[^\u0300\u0301\u0303\u0309\u0323]/g, '');
      });
  }
  /* Names are made of few words: each different one is taken apart once. */
  function remembered(make) {
    var known = new Map();
    function whole(text) {
      return text.split(/\s+/).map(function (word) {
        var found = known.get(word);
        if (found === undefined) known.set(word, found = make(word));
        return found;
      }).join(' ').replace(/ {2,}/g, ' ').trim();
    }
    whole.known = known;
    return whole;
  }

  /* An index over the communes of today, their provinces (of a page that has them all) and former names; build it once. */
  BS.findIndex = function (names, provinces, former, types) {
    var fold = remembered(plain), spell = remembered(spelled), index = { entries: [], codes: names.code.map(lower) };
    var area = provinces.map(function (province) { return fold(province.name); });
    function add(kind, row, name, type, around, at) {
      var full = fold(name), short = full.replace(BEFORE, '');
      if (type && full === short) full = type + ' ' + full;
      index.entries.push({ kind: kind, row: row, at: at, full: full, short: short, joined: short.replace(/ /g, ''),
        words: ' ' + full + ' ' + around, name: name, spell: spell, initials: kind === 'province' ? initials(short) : '' });
    }
    provinces.forEach(function (province, at) { if (province.listed) add('province', at, province.name, '', '', at); });
    index.before = provincesBefore(names, provinces, former, area, fold);
    index.before.forEach(function (one, at) { add('merged', one.row, one.name, '', area[one.row], at); });
    names.name.forEach(function (name, row) { add('commune', row, name, types[names.type[row]], area[names.province[row]], row); });
    former.name.forEach(function (name, at) {
      add('former', former.row[at], name, '', fold(former.place[at]) + ' ' + area[names.province[former.row[at]]], at);
    });
    index.vocabulary = new Set(Array.from(fold.known.values()).concat(types).join(' ').split(' '));
    return index;
  };
  /* Of a name of three words or more, as in TP.HCM; those of two words are the initials of many. */
  function initials(short) {
    var words = short.split(' ');
    return words.length < 3 ? '' : words.map(function (word) { return word[0]; }).join('');
  }
  function lower(code) { return code.toLowerCase(); }
  /* Provinces that no longer exist, each with those of today that took ground of it: [{name, row, order}], the one that took
     most communes first. A place ends with its province. */
  function provincesBefore(names, provinces, former, area, fold) {
    var of = new Map(), places = new Map(), list = [];
    former.place.forEach(function (place, at) {
      var rows = places.get(place), row = names.province[former.row[at]]; /* many have one place: it is taken apart once */
      if (!rows) {
        var name = place.slice(place.lastIndexOf(', ') + 1).trim();
        places.set(place, rows = of.get(name) || new Map());
        if (name) of.set(name, rows);
      }
      if (provinces[row].listed) rows.set(row, (rows.get(row) || 0) + 1);
    });
    of.forEach(function (rows, name) {
      var short = fold(name).replace(BEFORE, '');
      if (area.some(function (other) { return other.replace(BEFORE, '') === short; })) return; /* it is there still */
      Array.from(rows).sort(function (a, b) { return b[1] - a[1] || a[0] - b[0]; }).forEach(function (one, order) {
        list.push({ name: name, row: one[0], order: order });
      });
    });
    return list;
  }

  /* What may be meant: [{kind, row, at}], the likeliest first; each commune and province once. */
  BS.find = function (index, query, most) {
    var wanted = meant(query), found = new Map();
    if (!wanted.plain) return [];
    index.codes.forEach(function (code, row) {
      var rank = codeRank(code, wanted);
      if (rank >= 0) keep(found, { kind: 'commune', row: row, at: row, rank: rank, text: code });
    });
    judge(index, wanted, found, rankOf);
    if (found.size < most && wanted.joined.length >= LEAST) judge(index, wanted, found, slipRank);
    if (!found.size) judge(index, withNear(index, wanted), found, wordSlips);
    var hits = Array.from(found.values()), ranks = Float64Array.from(hits, function (hit) { return hit.rank; }).sort();
    if (hits.length > most) hits = hits.filter(function (hit) { return hit.rank <= ranks[most - 1]; });
    return hits.sort(order).slice(0, most);
  };
  function meant(query) {
    var text = plain(query), bare = text.replace(BEFORE, '').replace(AFTER, ''), marks = spelled(query);
    return { code: query.trim().toLowerCase(), plain: text, bare: bare, joined: bare.replace(/ /g, ''),
      glued: text.replace(/ /g, '').replace(GLUED, ''), tokens: text.split(' '), marked: /[\u0300-\u036fđ]/.test(marks) ? marks : '' };
  }
  function codeRank(code, wanted) {
    if (code === wanted.code) return 0;
    /* a spreadsheet took the zeros */
    if (/^\d+$/.test(wanted.code) && code.replace(/^0+/, '') === wanted.code.replace(/^0+/, '')) return 1;
    return code.lastIndexOf(wanted.code, 0) === 0 ? 20 : -1;
  }
  function judge(index, wanted, found, rank) {
    var rankBy = { province: 0, commune: 1, merged: 1.5, former: 2 };
    index.entries.forEach(function (entry) {
      var value = rank(entry, wanted);
      if (value < 0) return;
      var same = wanted.marked && spelledAlike(entry, wanted.marked) ? -0.5 : 0;
      var place = value + same + rankBy[entry.kind] / 10 + behind(index, entry);
      keep(found, { kind: entry.kind, row: entry.row, at: entry.at, rank: place, text: entry.short });
    });
  }
  /* Of those that took ground of one province, the one that took most comes first. */
  function behind(index, entry) { return entry.kind === 'merged' ? Math.min(index.before[entry.at].order, 4) / 100 : 0; }
  function spelledAlike(entry, marked) {
    if (BAR.test(marked) && !BAR.test(entry.name)) return false; /* soon said, of most that one letter finds */
    if (entry.marks === undefined) entry.marks = entry.spell(entry.name);
    return (' ' + entry.marks + ' ').indexOf(' ' + marked) >= 0 || marked.indexOf(entry.marks) >= 0;
  }
  function keep(found, hit) {
    var key = hit.kind === 'province' || hit.kind === 'merged' ? -1 - hit.row : hit.row, other = found.get(key);
    if (!other || hit.rank < other.rank) found.set(key, hit);
  }
  function order(a, b) {
    return a.rank - b.rank || a.text.length - b.text.length || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0) || a.row - b.row;
  }
  function starts(text, beginning) { return text.lastIndexOf(beginning, 0) === 0; }

  /* Exact, beginning, joined, word by word. */
  function rankOf(entry, wanted) {
    if (entry.full === wanted.plain) return 2;
    if (entry.short === wanted.plain) return 3;
    if (entry.short === wanted.bare || entry.full === wanted.bare) return 4;
    if (entry.initials && entry.initials === wanted.joined.replace(/^(?:tp|tinh)/, '')) return 5;
    if (starts(entry.short, wanted.plain) || starts(entry.full, wanted.plain)) return 6;
    if (starts(entry.short, wanted.bare)) return 7;
    if (entry.joined === wanted.joined || entry.joined === wanted.glued) return 9;
    if (starts(entry.joined, wanted.joined) || starts(entry.joined, wanted.glued)) return 11;
    var half = 0;
    for (var t = 0; t < wanted.tokens.length; t++) {
      var at = entry.words.indexOf(' ' + wanted.tokens[t]);
      if (at < 0) return -1;
      if (!whole(entry.words, wanted.tokens[t])) half++;
    }
    /* the words of the name itself count before those of the places around it */
    return 13 + Math.min(half, 4) + (starts(entry.short, wanted.bare.split(' ')[0]) ? 0 : 0.3);
  }
  function whole(words, token) { return (words + ' ').indexOf(' ' + token + ' ') >= 0; }

  /* One letter too many, too few, another, or two changed over: of the whole name, then of its beginning. */
  function slipRank(entry, wanted) {
    if (BS.oneSlip(entry.joined, wanted.joined, true)) return BS.oneSlip(entry.joined, wanted.joined, false) ? 18 : 19;
    return wanted.glued !== wanted.joined && BS.oneSlip(entry.joined, wanted.glued, false) ? 18 : -1;
  }
  /* As word by word, with one slip in one word. */
  function wordSlips(entry, wanted) {
    var slips = 0;
    for (var t = 0; t < wanted.tokens.length; t++) {
      if (entry.words.indexOf(' ' + wanted.tokens[t]) >= 0) continue;
      if (++slips > 1 || !wanted.near[t].some(function (word) { return whole(entry.words, word); })) return -1;
    }
    return 22;
  }
  /* For each word that was typed those of the index that are one slip away. */
  function withNear(index, wanted) {
    var known = Array.from(index.vocabulary);
    wanted.near = wanted.tokens.map(function (token) {
      return token.length < LEAST - 1 ? [] : known.filter(function (word) { return BS.oneSlip(word, token, false); });
    });
    return wanted;
  }

  /* Whether one edit (Damerau) makes one text of the other; beginning: of the beginning of the first. */
  BS.oneSlip = function (text, typed, beginning) {
    var longer = text.length - typed.length, at = 0;
    if (longer < -1 || (longer > 1 && !beginning)) return false;
    while (at < typed.length && text.charCodeAt(at) === typed.charCodeAt(at)) at++;
    if (at === typed.length) return beginning || longer <= 1;
    return rest(text, at + 1, typed, at + 1, beginning) || rest(text, at + 1, typed, at, beginning) ||
      rest(text, at, typed, at + 1, beginning) ||
      (text[at] === typed[at + 1] && text[at + 1] === typed[at] && rest(text, at + 2, typed, at + 2, beginning));
  };
  /* Whether both go on alike from there; beginning: as far as the typed one goes. */
  function rest(text, from, typed, typedFrom, beginning) {
    var left = typed.length - typedFrom;
    if (beginning ? text.length - from < left : text.length - from !== left) return false;
    for (var k = 0; k < left; k++) if (text.charCodeAt(from + k) !== typed.charCodeAt(typedFrom + k)) return false;
    return true;
  }

  BS.plain = plain;
})();
