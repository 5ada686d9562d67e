/* unit.js: one page about one commune or one province, to decide by: A4 upright, readable in grey, nothing left to a click. */
'use strict';
(function () {
  var WIDE = 186, HIGH = 271, LEGEND = 50, GAP = 4, LEAST_MAP = 70, MOST_MAP = 140; /* mm of the paper inside its margins */
  var MOST_ROWS = 14, LEAST_ROWS = 3, NEAREST = 13; /* rows of a list; the largest zoom of a map */
  var MARK = [9, 7]; /* half the width and height of a number on the map, in pixels */
  var KINDS = ['fails', 'basic', 'double', 'partial', 'service'];

  /* unit: {row} of a commune, or {province}. */
  BS.sheetButton = function (unit, tabindex) {
    function open() { BS.openUnitSheet(unit); }
    return BS.h('button', { type: 'button', class: 'link to-sheet', tabindex: tabindex, on: { click: open } }, BS.t('sheet.open'));
  };
  BS.initUnitSheet = function () {
    BS.by('do-sheet').addEventListener('click', function () {
      BS.openUnitSheet({ province: BS.app.national ? BS.app.state.province : BS.app.meta.province });
    });
  };
  BS.openUnitSheet = function (unit) {
    var holder = BS.h('div', { id: 'preview', tabindex: '0', role: 'region', 'aria-label': BS.t('print.preview') });
    BS.openDialog(kindOf(unit), [BS.h('div', { class: 'choices' }, BS.printButton()), holder]);
    BS.withSpots(function () { BS.withTexts(function () { BS.replace(holder, BS.unitSheet(unit)); }); });
  };

  /* Every sheet shows the same, whatever the screen shows: the profile, this period, all black spots, communes by rank. */
  function stateOf(unit) {
    var meta = BS.app.meta, ofCommune = unit.row >= 0;
    return { indicator: meta.indicators[0].id, unit: 'share', period: 'now', setting: 0, service: '', operators: [], spots: true,
      grid: false, context: true, spot: '', sort: 'rank', descending: false, provinceSort: 'people', provinceDescending: true,
      province: ofCommune || !BS.app.national ? -1 : unit.province, selected: ofCommune ? BS.app.names.code[unit.row] : '',
      spotsAs: ofCommune ? 'outlines' : 'dots' };
  }
  BS.unitSheet = function (unit) { return BS.within(stateOf(unit), function () { return fitted(factsOf(unit)); }); };

  function factsOf(unit) {
    var app = BS.app, model = app.model, ofCommune = unit.row >= 0;
    var rows = ofCommune ? [unit.row] : model.shown(app.state);
    return { unit: unit, ofCommune: ofCommune, rows: rows, spots: spotsOf(rows, ofCommune),
      province: ofCommune ? app.names.province[unit.row] : unit.province,
      figures: ofCommune ? model.sums(model.now, rows) : model.figures(app.state) };
  }
  /* The black spots of these communes, the first by rank. */
  function spotsOf(rows, ofCommune) {
    var spots = BS.app.spots, rank = spots.numbers[5], people = spots.numbers[0], found = [];
    for (var i = 0; i < spots.count; i++) if (ofCommune ? spots.commune[i] === rows[0] : BS.spotShown(i)) found.push(i);
    return found.sort(function (a, b) { return (rank[a] || Infinity) - (rank[b] || Infinity) || people[b] - people[a] || a - b; });
  }

  /* As many rows of the lists as leave room for a map; the map takes what is left. */
  function fitted(facts) {
    var count = MOST_ROWS + 1, slot, root, room;
    do {
      slot = BS.h('div', { class: 'sheet-map' });
      root = sheet(facts, --count, slot);
      room = HIGH - BS.heightOnPaper(root);
    } while (room < LEAST_MAP && count > LEAST_ROWS);
    BS.replace(slot, extract(facts, count, Math.max(LEAST_MAP / 2, Math.min(MOST_MAP, room))), legend());
    return root;
  }

  function sheet(facts, count, slot) {
    var meta = BS.app.meta, notice = BS.inLanguage(meta.notice);
    var root = BS.h('div', { class: 'sheet preview a4 tall unit' + (facts.ofCommune ? ' of-commune' : '') },
      notice && BS.h('p', { class: 'notice' }, BS.h('strong', null, notice)),
      BS.h('p', { class: 'sheet-kind' }, kindOf(facts.unit) + ' · ' + BS.inLanguage(meta.title)),
      BS.h('p', { class: 'sheet-title' }, BS.name(nameOf(facts))),
      BS.h('p', { class: 'sheet-area' }, whereOf(facts)),
      BS.h('p', { class: 'sheet-area' }, BS.runLine()),
      BS.h('p', { class: 'sheet-rank' }, facts.ofCommune ? communeRank(facts.unit.row) : provinceRank(facts)),
      BS.h('p', { class: 'note' }, BS.h('b', null, BS.t('sheet.order')), ' ', BS.t(facts.ofCommune ? 'rank.note' : 'sheet.provinceOrder')),
      figures(facts), slot,
      facts.ofCommune ? null : communes(facts, count),
      spotList(facts, count),
      BS.h('p', { class: 'note sources' }, BS.h('b', null, BS.t('sheet.sources')), ' ', BS.sources()));
    root.style.width = WIDE + 'mm';
    return root;
  }
  function nameOf(facts) {
    return facts.ofCommune ? BS.app.names.name[facts.unit.row] : BS.app.model.provinceNames[facts.province];
  }
  function kindOf(unit) {
    var word = unit.row >= 0 ? BS.t('type.' + BS.app.names.type[unit.row]) : BS.t('province');
    return BS.t('sheet.of', { kind: BS.language === 'vi' ? word.toLowerCase() : word });
  }
  function whereOf(facts) {
    var app = BS.app, code = facts.ofCommune ? app.names.code[facts.unit.row] : app.meta.provinces[facts.province].code;
    if (!facts.ofCommune) return [BS.t('communes.count', { count: BS.number(facts.rows.length) }), ' · ', BS.t('code'), ' ', code];
    var row = facts.unit.row, flags = [[BS.RURAL, 'rural'], [BS.BORDER, 'border'], [BS.ISLAND, 'island']]
      .filter(function (flag) { return app.names.flags[row] & flag[0]; }).map(function (flag) { return ' · ' + BS.t(flag[1]); });
    var at = BS.decimalDegrees(BS.degreesY(app.names.wy[row]), BS.degreesX(app.names.wx[row]));
    return [BS.name(app.model.provinceNames[facts.province]), ' · ', BS.t('code'), ' ', code, flags, ' · ', at];
  }

  /* The place among all communes and among those of the province; between two places where too little is known. */
  function communeRank(row) {
    var app = BS.app, model = app.model, ranks = model.now.get('rank'), tier = model.now.get('tier'), bounds = model.rankBounds(row);
    if (!ranks || !isFinite(ranks[row])) return BS.t('sheet.noRank');
    var open = model.openPeople(row) > 0, ends = open ? [bounds.low, bounds.high] : [ranks[row], ranks[row]], all = 0, better = [0, 0];
    for (var i = 0; i < app.model.rows; i++) {
      if (app.names.province[i] !== app.names.province[row] || !isFinite(ranks[i])) continue;
      all++;
      ends.forEach(function (end, at) { if (ranks[i] < end) better[at]++; });
    }
    var province = model.provinceNames[app.names.province[row]], reason = BS.reason(row);
    var within = { rank: BS.span(better[0] + 1, better[1] + 1), count: BS.number(all), province: province };
    return [BS.h('b', null, BS.t('rank.of', { rank: BS.rankText(row), count: BS.number(app.meta.ranked) })),
      ' · ', BS.t('sheet.inProvince', within), open && ' · ' + BS.t('rank.open'),
      tier && isFinite(tier[row]) && ' · ' + BS.t('tier', { tier: BS.number(tier[row]) }),
      BS.sureWord(row) && ' · ' + BS.sureWord(row), reason && BS.h('br'), reason];
  }
  /* The place among the provinces; the page of a province was told it. */
  function provinceRank(facts) {
    var app = BS.app, place = app.meta.place;
    if (app.national) {
      var order = BS.provinceOrder(), own = order.find(function (one) { return one.province === facts.province; });
      place = own && isFinite(own.first) ? [own.first, Math.max(own.first, own.last), order.length] : null;
    }
    if (!place) return BS.t('sheet.noRank');
    return BS.h('b', null, BS.t('rank.of', { rank: BS.span(place[0], place[1]), count: BS.number(place[2]) }));
  }

  function table(label, heads, rows, numeric) {
    var cells = heads.map(function (key, at) { return BS.h('th', { scope: 'col', class: numeric[at] ? 'n' : null }, BS.t(key)); });
    return BS.h('table', { class: 'facts', 'aria-label': BS.t(label) }, BS.h('thead', null, BS.h('tr', null, cells)), BS.h('tbody', null,
      rows.map(function (row) {
        return BS.h('tr', null, row.map(function (cell, at) { return BS.h('td', { class: numeric[at] ? 'n' : null }, cell); }));
      })));
  }
  /* Each number with what it is a share of. */
  function figures(facts) {
    var app = BS.app, model = app.model, get = facts.figures, total = get.get('pop_total'), number = [false, true, true, true];
    if (!isFinite(total)) return BS.h('p', null, BS.t('unknown'));
    var rows = app.meta.indicators.filter(function (item) { return KINDS.indexOf(item.kind) >= 0; }).map(function (item) {
      var ends = model.areaBounds(item, get, facts.rows, false);
      return [BS.inLanguage(item.label), BS.range(ends.low, ends.high), BS.number(total), BS.percentRange(ends.low, ends.high, total)];
    });
    var count = get.get('black_spot_count'), inside = get.get('pop_in_black_spots'), fails = model.indicator(app.meta.indicators[0].id);
    var ends = model.areaBounds(fails, get, facts.rows, false), open = BS.isOpen(ends.low, ends.high), high = open ? ends.high : inside;
    if (isFinite(count)) {
      rows.push([BS.t('card.spots', { count: open ? BS.atLeast(count) : BS.number(count) }), BS.range(inside, high), BS.number(total),
        BS.percentRange(inside, high, total)]);
    }
    return table('card.gaps', ['indicator', 'sheet.people', 'sheet.of.all', 'print.share'], rows, number);
  }

  function communes(facts, count) {
    var app = BS.app, model = app.model, item = model.indicator(app.state.indicator), bounds = model.bounds(item, false);
    var totals = model.now.get('pop_total'), order = model.sorted(app.state), rest = order.length - count;
    var heads = ['rank.short', 'commune', 'sheet.people', 'sheet.of.all', 'print.share'];
    var rows = order.slice(0, count).map(function (row) {
      return [BS.rankText(row), BS.name(app.names.name[row]), BS.range(bounds.low[row], bounds.high[row]), BS.number(totals[row]),
        BS.percentRange(bounds.low[row], bounds.high[row], totals[row])];
    });
    return [BS.h('p', { class: 'sheet-head' }, BS.inLanguage(item.label)), table('commune', heads, rows, [true, false, true, true, true]),
      rest > 0 && BS.h('p', { class: 'note' }, BS.t('sheet.communesRest', { count: BS.number(rest) }))];
  }
  /* Beside a list of communes there is room for fewer of them. */
  function listedSpots(facts, count) { return facts.spots.slice(0, facts.ofCommune ? count : Math.max(LEAST_ROWS, count - 2)); }
  /* Whether there may be black spots that nobody knows of. */
  function mayBeMore(facts) {
    var model = BS.app.model, people = model.now.get('pop_total');
    return facts.rows.some(function (row) { return model.openPeople(row) > 0 || !isFinite(people[row]); });
  }
  function spotList(facts, count) {
    if ((BS.app.meta.withheld || []).indexOf('black_spots') >= 0) return null; /* not that there are none */
    var app = BS.app, listed = listedSpots(facts, count), rest = facts.spots.slice(listed.length);
    if (!listed.length) return BS.h('p', { class: 'sheet-head' }, BS.t(mayBeMore(facts) ? 'sheet.spotsOpen' : 'sheet.noSpots'));
    var heads = ['sheet.number', 'rank.short', 'spot.place', 'spot.people', 'spot.missing', 'spot.far', 'spot.point', 'spot.id'];
    var rows = listed.map(function (i, at) {
      var rank = app.spots.numbers[5][i], place = BS.spotPlace(i), far = BS.spotFar(i), commune = app.names.name[app.spots.commune[i]];
      var near = place && BS.name(place[0].slice(0, 40)), own = BS.name(commune.slice(0, 40));
      var named = facts.ofCommune ? near || '-' : [own, near && ', ', near];
      return [BS.number(at + 1), rank ? BS.number(rank - 1) : '-', named, BS.number(BS.spotPeople(i)), BS.spotMissing(i),
        isFinite(far) ? BS.number(far, 1) + ' km' : '-', BS.decimalDegrees(BS.spotLat(i), BS.spotLon(i)), BS.spotId(i)];
    });
    var people = rest.reduce(function (sum, i) { return sum + BS.spotPeople(i); }, 0);
    return [BS.h('p', { class: 'sheet-head' }, BS.t('table.spots', { area: nameOf(facts), count: BS.number(facts.spots.length) })),
      table('spots', heads, rows, [true, true, false, true, false, true]),
      rest.length > 0 && BS.h('p', { class: 'note' },
        BS.t('sheet.spotsRest', { count: BS.number(rest.length), people: BS.number(people) }))];
  }

  /* The place itself, its black spots, and on those that are listed their numbers. */
  function extract(facts, count, high) {
    var app = BS.app, b = app.shapes.featureBox, k = facts.unit.row * 4;
    var box = facts.ofCommune ? [b[k], b[k + 1], b[k + 2], b[k + 3]] : BS.areaOf(app.national ? facts.province : -1).main;
    var listed = listedSpots(facts, count);
    var label = BS.t('print.map', { area: nameOf(facts), indicator: BS.legendTitle() });
    return BS.mapOnPaper(WIDE - LEGEND - GAP, high, label, { bounds: BS.boundsOf(box), past: false, islands: !facts.ofCommune,
      nearest: NEAREST, marks: function (ctx, v, taken) { numbers(ctx, v, listed, taken); } });
  }
  /* A number beside each listed spot, where it hides neither a name nor another number. */
  function numbers(ctx, v, listed, taken) {
    var spots = BS.app.spots;
    ctx.setTransform(v.ratio, 0, 0, v.ratio, 0, 0);
    ctx.font = '700 11px ' + BS.FONT; ctx.textAlign = 'center'; ctx.textBaseline = 'middle';
    ctx.strokeStyle = BS.colours.ink; ctx.lineWidth = 1;
    listed.forEach(function (i, at) {
      var x = spots.cx[i] * v.scale - v.left, y = spots.cy[i] * v.scale - v.top, free = places(x, y).find(function (box) {
        return box[0] > 0 && box[1] > 0 && box[2] < v.width && box[3] < v.height && !BS.meets(taken, box);
      });
      if (!free) return;
      taken.push(free);
      ctx.beginPath(); ctx.moveTo(x, y); ctx.lineTo((free[0] + free[2]) / 2, (free[1] + free[3]) / 2); ctx.stroke();
      ctx.fillStyle = '#fff'; ctx.fillRect(free[0], free[1], 2 * MARK[0], 2 * MARK[1]);
      ctx.strokeRect(free[0], free[1], 2 * MARK[0], 2 * MARK[1]);
      ctx.fillStyle = BS.colours.ink; ctx.fillText(String(at + 1), free[0] + MARK[0], free[1] + MARK[1] + 0.5);
    });
  }
  /* Around a point, from near to far: [left, top, right, bottom]. */
  function places(x, y) {
    return [14, 26, 40].flatMap(function (far) {
      return [[0, -1], [0, 1], [1, 0], [-1, 0], [1, -1], [-1, -1], [1, 1], [-1, 1]].map(function (by) {
        var a = x + by[0] * far, b = y + by[1] * far;
        return [a - MARK[0], b - MARK[1], a + MARK[0], b + MARK[1]];
      });
    });
  }
  function legend() {
    var parts = BS.legendContent();
    return BS.h('div', { class: 'sheet-legend' }, BS.h('p', { class: 'legend-title' }, parts[0].textContent), parts[1]);
  }
})();
