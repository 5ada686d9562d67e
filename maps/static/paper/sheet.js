/* sheet.js: the printed map: title block, the map or both periods of it, legend, first communes, sources. */
'use strict';
(function () {
  var PAPER = { A4: [210, 297], A3: [297, 420] }, MARGIN = 12, LEGEND = 80, BETWEEN = 4, DATE = 6, SPARE = 2, LOWEST = 50; /* mm */
  var MOST_ROWS = 12, LEAST_ROWS = 3, LEAST = 0.42; /* of the height of the paper is the map's */
  var paper = 'A4', wide = false;

  BS.initSheet = function () {
    BS.by('do-print').addEventListener('click', openPreview);
    /* a print from the browser's own menu gets the same sheet */
    window.addEventListener('beforeprint', function () { document.body.append(document.querySelector('.sheet') || sheet('once')); });
    window.addEventListener('afterprint', function () {
      document.querySelectorAll('body > .sheet').forEach(function (one) {
        if (BS.by('preview')) BS.by('preview').append(one); else one.remove();
      });
    });
  };

  BS.printButton = function () {
    function now() { window.print(); }
    return BS.h('button', { type: 'button', id: 'print-now', class: 'main', on: { click: now } }, BS.t('print.now'));
  };
  function openPreview() {
    var holder = BS.h('div', { id: 'preview', tabindex: '0', role: 'region', 'aria-label': BS.t('print.preview') });
    function choice(id, label, items, chosen, use) {
      var select = BS.h('select', { id: id }, items.map(function (item) {
        return BS.h('option', { value: item[0], selected: item[0] === chosen }, item[1]);
      }));
      select.addEventListener('change', function () { use(select.value); BS.replace(holder, sheet('preview')); });
      return BS.h('label', null, label + ' ', select);
    }
    var turns = [['tall', BS.t('print.tall')], ['wide', BS.t('print.wide')]];
    BS.openDialog(BS.t('print'), [
      BS.h('div', { class: 'choices' },
        choice('paper', BS.t('print.paper'), [['A4', 'A4'], ['A3', 'A3']], paper, function (value) { paper = value; }),
        choice('turn', BS.t('print.turn'), turns, wide ? 'wide' : 'tall', function (value) { wide = value === 'wide'; }),
        BS.printButton()),
      holder]);
    BS.replace(holder, sheet('preview'));
  }

  /* As many communes as leave room for the map, which takes what is left: beside the legend, or above it. */
  function sheet(kind) {
    var size = PAPER[paper], across = size[wide ? 1 : 0] - 2 * MARGIN, down = size[wide ? 0 : 1] - 2 * MARGIN - SPARE;
    var rows = MOST_ROWS, slot, beside, root;
    for (;;) {
      slot = BS.h('div', { class: 'sheet-map' }); beside = BS.h('div', { class: 'sheet-legend' }, legend(), top(rows));
      root = parts(kind, slot, beside);
      root.style.width = across + 'mm';
      if (wide) slot.style.width = across - LEGEND + 'mm';
      if (rows <= LEAST_ROWS || down - BS.heightOnPaper(root) >= (wide ? 0 : LEAST * down)) break;
      rows--;
    }
    beside.hidden = wide; /* beside the map it takes no height of its own */
    var room = down - BS.heightOnPaper(root);
    beside.hidden = false;
    slot.append(maps(wide ? across - LEGEND : across, Math.max(LOWEST, room)));
    return root;
  }
  function parts(kind, slot, beside) {
    var app = BS.app, notice = BS.inLanguage(app.meta.notice);
    return BS.h('div', { class: 'sheet ' + kind + ' ' + paper.toLowerCase() + (wide ? ' wide' : ' tall') },
      notice && BS.h('p', { class: 'notice' }, BS.h('strong', null, notice)),
      BS.h('p', { class: 'sheet-title' }, BS.inLanguage(app.meta.title)),
      BS.h('p', { class: 'sheet-area' }, BS.legendTitle() + ' · ' + BS.areaName()),
      BS.h('p', { class: 'sheet-area' }, BS.runLine()),
      BS.h('dl', { class: 'tiles' }, Array.from(BS.by('tiles').children).map(function (tile) { return tile.cloneNode(true); })),
      BS.h('div', { class: 'sheet-body' }, slot, beside),
      BS.h('p', { class: 'note' }, BS.by('rule').textContent),
      app.state.sort === 'rank' && BS.h('p', { class: 'note' }, BS.t('rank.note')),
      BS.h('p', { class: 'note' }, BS.sources()));
  }
  /* One map; where two periods are compared, both beside each other, each under its date. */
  function maps(width, height) {
    var state = BS.app.state, meta = BS.app.meta, bounds = BS.seenBounds();
    function picture(past, across, down, date) {
      var label = BS.t('print.map', { area: BS.areaName(), indicator: BS.legendTitle() }) + (date && ', ' + date);
      return BS.mapOnPaper(across, down, label, { bounds: bounds, past: past, islands: true });
    }
    if (state.period !== 'swipe') return picture(state.period === 'past', width, height, '');
    var dates = [meta.previousPeriod, meta.period || BS.t('period.now')].map(BS.date);
    return BS.h('div', { class: 'sheet-two' }, dates.map(function (date, at) {
      return BS.h('figure', null, BS.h('figcaption', null, date), picture(at === 0, (width - BETWEEN) / 2, height - DATE, date));
    }));
  }
  function legend() {
    var parts = BS.legendContent();
    parts[0] = BS.h('p', { class: 'legend-title' }, parts[0].textContent);
    return parts;
  }
  /* The first communes of the list, so that the sheet says who comes first. */
  function top(most) {
    var app = BS.app, change = app.state.period === 'change', share = app.state.unit === 'share';
    var rows = app.model.sorted(app.state).slice(0, most), many = app.national && app.state.province < 0;
    var heading = BS.t(change ? 'change.short' : share ? 'print.share' : 'value.people');
    if (change && share) heading += ' (' + BS.t('points') + ')';
    var heads = [BS.t('commune'), BS.t('rank.short'), heading].map(function (text) { return BS.h('th', { scope: 'col' }, text); });
    return BS.h('table', { class: 'facts', 'aria-label': BS.t('commune') }, BS.h('thead', null, BS.h('tr', null, heads)),
      BS.h('tbody', null, rows.map(function (row) {
        var province = many && BS.h('small', null, BS.name(app.model.provinceNames[app.names.province[row]]));
        return BS.h('tr', null, BS.h('th', { scope: 'row' }, BS.name(app.names.name[row]), province && [' · ', province]),
          BS.h('td', null, BS.rankText(row)), BS.h('td', null, shownText(row)));
      })));
  }
  /* What the map shows of a commune, as text: its change, or its share or people in the period. */
  function shownText(row) {
    var app = BS.app, state = app.state;
    if (state.period === 'change') return BS.changeWords(row);
    var past = state.period === 'past', kind = app.model.classes(state, past)[row];
    if (kind === BS.UNKNOWN || kind === BS.NOBODY) return BS.t(BS.kindWord(kind));
    var bounds = app.model.bounds(app.model.indicator(state.indicator), past), low = bounds.low[row], high = bounds.high[row];
    var total = (past ? app.model.before : app.model.now).get('pop_total')[row];
    return state.unit === 'share' ? BS.percentRange(low, high, total) : BS.range(low, high);
  }
})();
