/* table.js: the ranked lists. The list of communes is the twin of the map: same order as the CSV. */
'use strict';
(function () {
  var ROWS = 50, AT_ONCE = 14, pending = null;
  var ORDERS = { communes: ['sort', 'descending'], spots: ['spotSort', 'spotDescending'],
    provinces: ['provinceSort', 'provinceDescending'] };

  BS.initTable = function () {
    if (BS.tabs(BS.app.meta)[0] === 'provinces') {
      BS.by('tab-communes').before(
        BS.h('button', { type: 'button', role: 'tab', id: 'tab-provinces', 'aria-controls': 'list', 'data-t': 'tab.provinces' }));
    }
    BS.by('page-back').addEventListener('click', function () { turn(-1); });
    BS.by('page-on').addEventListener('click', function () { turn(1); });
    BS.tabs(BS.app.meta).forEach(function (tab) { BS.by('tab-' + tab).addEventListener('click', function () { BS.set({ tab: tab }); }); });
    BS.by('tabs').addEventListener('keydown', function (event) {
      if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
      var tabs = BS.tabs(BS.app.meta), step = event.key === 'ArrowRight' ? 1 : tabs.length - 1;
      BS.set({ tab: tabs[(tabs.indexOf(BS.app.state.tab) + step) % tabs.length] });
      BS.by('tab-' + BS.app.state.tab).focus();
    });
    BS.by('table').addEventListener('keydown', rove);
  };
  function turn(by) {
    var state = BS.app.state, page = BS.PAGES[state.tab], patch = {};
    patch[page] = state[page] + by;
    BS.set(patch);
    BS.say(BS.by('page-text').textContent);
  }

  /* One tab stop for all rows; the arrows move inside. */
  function rove(event) {
    var step = { ArrowDown: 1, ArrowUp: -1, Home: -1e6, End: 1e6 }[event.key];
    var buttons = Array.from(BS.by('table').querySelectorAll('tbody button'));
    var at = buttons.indexOf(document.activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    BS.completeTable();
    buttons = Array.from(BS.by('table').querySelectorAll('tbody button'));
    buttons[at].tabIndex = -1;
    at = Math.max(0, Math.min(buttons.length - 1, at + step));
    buttons[at].tabIndex = 0;
    buttons[at].focus();
  }

  /* Another commune or spot is picked: the rows stay, only their mark moves. */
  BS.markTable = function () {
    var state = BS.app.state, wanted = state.tab === 'spots' ? state.spot : state.selected;
    if (state.tab === 'provinces') return; /* its mark follows the area, and with that the table */
    BS.by('table').querySelectorAll('tbody tr').forEach(function (tr) {
      var on = tr.dataset.key === wanted;
      if (on === tr.classList.contains('picked')) return;
      tr.classList.toggle('picked', on);
      tr.querySelector('button').setAttribute('aria-pressed', String(on));
    });
  };

  /* The page of the list on which something stands, as a change of the state; nothing where it is not listed. */
  BS.pageOf = function (code) {
    var app = BS.app, at = app.model.sorted(app.state).indexOf(app.model.rowOf.get(code));
    return at < 0 ? {} : Object.assign({ page: Math.floor(at / ROWS) }, app.state.tab === 'provinces' && { tab: 'communes' });
  };
  BS.pageOfSpot = function (i) {
    var at = BS.spotOrder().indexOf(i);
    return at < 0 ? {} : { spotPage: Math.floor(at / ROWS) };
  };
  /* What was picked on the map or in the search comes into sight in the list. */
  BS.reveal = function () {
    BS.completeTable();
    var row = BS.by('table').querySelector('tr.picked'), panel = BS.by('panel');
    if (!row || getComputedStyle(panel).overflowY !== 'auto') return; /* on a phone the list lies far below the map */
    var box = row.getBoundingClientRect(), view = panel.getBoundingClientRect();
    if (box.top < view.top || box.bottom > view.bottom) panel.scrollTop += box.top - view.top - view.height / 2;
  };

  BS.renderTable = function () {
    var state = BS.app.state;
    BS.tabs(BS.app.meta).forEach(function (tab) {
      BS.by('tab-' + tab).setAttribute('aria-selected', String(tab === state.tab));
      BS.by('tab-' + tab).tabIndex = tab === state.tab ? 0 : -1;
    });
    BS.by('list').setAttribute('aria-labelledby', 'tab-' + state.tab);
    BS.by('table').classList.toggle('provinces', state.tab === 'provinces');
    if (state.tab === 'spots') BS.withSpots(spotTable);
    else if (state.tab === 'events') BS.withEvents(BS.eventTable);
    else if (state.tab === 'provinces') BS.provinceTable();
    else communeTable();
  };

  /* One tab stop for all rows: the button of the first. */
  function fill(title, heads, rows, make, page, total, key) {
    var pages = Math.max(1, Math.ceil(total / ROWS));
    BS.by('table-title').textContent = title;
    BS.by('page-text').textContent = BS.t('page', { page: BS.number(page + 1), pages: BS.number(pages) });
    BS.by('pager').hidden = pages < 2;
    BS.by('page-back').disabled = page === 0;
    BS.by('page-on').disabled = page >= pages - 1;
    BS.app.state[key] = page;
    var table = BS.by('table');
    BS.replace(table.tHead.rows[0], heads);
    BS.replace(table.tBodies[0], rows.slice(0, AT_ONCE).map(make));
    /* what lies below the fold follows when the first rows are on the screen */
    clearTimeout(pending && pending.timer);
    pending = { rows: rows.slice(AT_ONCE), make: make };
    pending.timer = setTimeout(BS.completeTable, 120);
  }
  /* All rows of a list without an order of its own: the page that is turned to. */
  BS.fillTable = function (title, heads, rows, make, key) {
    var page = within(BS.app.state[key], rows.length);
    fill(title, heads, rows.slice(page * ROWS, page * ROWS + ROWS), make, page, rows.length, key);
  };
  BS.completeTable = function () {
    if (!pending) return;
    clearTimeout(pending.timer);
    var body = BS.by('table').tBodies[0];
    var rows = pending.rows.map(function (row, at) { return pending.make(row, at + AT_ONCE); });
    body.append.apply(body, rows);
    pending = null;
  };
  function first(at) { return at ? -1 : 0; }
  function within(page, total) { return Math.max(0, Math.min(page, Math.ceil(total / ROWS) - 1)); }

  var FIRST_UP = ['rank', 'name', 'place', 'missing']; /* ranks and names start with the first, numbers with the largest */
  BS.tableHead = head;
  function head(id, label, numeric) {
    var state = BS.app.state, order = ORDERS[state.tab];
    var on = state[order[0]] === id, descending = state[order[1]], patch = {};
    var sorted = on ? (descending ? 'descending' : 'ascending') : null;
    return BS.h('th', { scope: 'col', class: numeric ? 'n' : null, 'aria-sort': sorted },
      BS.h('button', { type: 'button', on: { click: function () {
        patch[order[0]] = id;
        patch[order[1]] = on ? !descending : FIRST_UP.indexOf(id) < 0;
        patch[BS.PAGES[state.tab]] = 0;
        BS.set(patch);
        var again = BS.by('table').querySelector('th[aria-sort] button');
        if (again) again.focus();
      } } }, label, BS.h('span', { 'aria-hidden': 'true' }, on ? (descending ? ' ▼' : ' ▲') : '')));
  }
  /* The name a row begins with; a click picks what the row is about. */
  BS.nameButton = nameButton;
  function nameButton(name, at, picked, pick) {
    var attributes = { type: 'button', tabindex: first(at), 'aria-pressed': String(picked), on: { click: pick } };
    return BS.h('button', attributes, BS.name(name));
  }

  function communeTable() {
    var app = BS.app, state = app.state, rows = app.model.sorted(state), page = within(state.page, rows.length);
    var indicator = app.model.indicator(state.indicator), changes = !!app.model.before;
    var heads = [head('rank', BS.t('rank.short')), head('name', BS.t('commune')),
      head('value', BS.t(state.unit === 'share' ? 'value.share' : 'value.people'), true),
      changes && head('change', BS.t('change.short'), true),
      head('people', BS.t('people'), true), head('spots', BS.t('spots.short'), true)].filter(Boolean);
    BS.by('table').classList.toggle('changes', changes);
    BS.by('table-note').textContent = state.sort === 'rank' && !state.descending ? BS.t('rank.note') : '';
    var label = indicator ? BS.inLanguage(indicator.label) : '';
    var title = BS.t('table.title', { indicator: label, area: BS.areaName(), count: BS.number(rows.length) });
    var make = function (row, at) { return communeRow(row, changes, at); };
    fill(title, heads, rows.slice(page * ROWS, page * ROWS + ROWS), make, page, rows.length, 'page');
  }

  function communeRow(row, changes, at) {
    var app = BS.app, names = app.names, now = app.model.now, state = app.state, past = state.period === 'past';
    var picked = names.code[row] === state.selected, disputed = names.flags[row] & BS.DISPUTED;
    var pick = function () { BS.set({ selected: names.code[row], spot: '' }); BS.flyTo(row); };
    return BS.h('tr', { class: picked ? 'picked' : null, 'data-key': names.code[row] },
      BS.h('td', { class: 'n range' }, rankCell(row)),
      BS.h('th', { scope: 'row' }, nameButton(names.name[row], at, picked, pick),
        app.national && BS.h('small', null, BS.name(app.model.provinceNames[names.province[row]])),
        BS.sureWord(row) && BS.h('small', { class: 'sure' }, BS.sureWord(row))),
      BS.h('td', { class: 'n range' }, BS.valueCell(row, past), past ? null : [peopleRange(row), deciding(now, row)]),
      changes && BS.h('td', { class: 'n' }, BS.changeCell(row)),
      BS.h('td', { class: 'n' }, number(now, 'pop_total', row), disputed ? BS.h('abbr', { title: BS.t('disputed') }, ' ?') : null),
      BS.h('td', { class: 'n range' }, BS.spotCount(row)));
  }
  /* The place in the list, and between which places it lies. */
  function rankCell(row) {
    var model = BS.app.model, bounds = model.rankBounds(row), rank = number(model.now, 'rank', row);
    if (!(bounds.low < bounds.high)) return rank;
    var title = BS.t(model.openPeople(row) ? 'rank.open' : 'sure.range');
    return [model.openPeople(row) ? null : rank, BS.h('small', { title: title }, BS.range(bounds.low, bounds.high))];
  }
  /* How many black spots are known; where nothing is known of some people, there may be more. */
  BS.spotCount = function (row) {
    var model = BS.app.model, count = model.now.get('black_spot_count'), known = count ? count[row] : NaN;
    if (!isFinite(known) || !model.openPeople(row)) return BS.number(known);
    return known >= 1 ? '≥' + BS.number(known) : BS.h('small', { title: BS.t('noData.short') }, '≥0');
  };
  /* In the tiers of places without any basic service their people decide the rank, so the row says how many they are. */
  function deciding(table, row) {
    var tier = table.get('tier'), score = table.get('score');
    if (BS.app.state.sort !== 'rank' || !tier || !score || !(tier[row] >= 1 && tier[row] <= 3)) return null;
    return BS.h('small', { class: 'why' }, BS.t('rank.severe', { people: BS.number(score[row]) }));
  }
  /* Between which figures the people lie, where they are what the list shows. */
  function peopleRange(row) {
    var state = BS.app.state, indicator = BS.app.model.indicator(state.indicator);
    var shows = indicator && indicator.kind === 'fails' && state.unit !== 'share' && !BS.app.model.openPeople(row);
    return shows ? BS.rangeText('pop_failing', row) : null;
  }
  /* Nine draws of ten: from the low end to the high one; nothing where this run did not draw. */
  BS.rangeText = function (column, row) {
    var now = BS.app.model.now, low = now.get(column + '_low'), high = now.get(column + '_high');
    if (!low || !high || !(high[row] > low[row])) return null;
    return BS.h('small', { title: BS.t('sure.range') }, BS.number(low[row]) + '–' + BS.number(high[row]));
  };
  BS.sureWord = function (row) {
    var at = [16, 32, 64].findIndex(function (bit) { return BS.app.names.flags[row] & bit; });
    return at < 0 ? '' : BS.t('sure.' + BS.SURE[at]);
  };
  function number(table, column, row) { var values = table.get(column); return BS.number(values ? values[row] : NaN); }

  /* The value with a bar in the colour of its class, or why there is none. */
  BS.valueCell = function (row, past) {
    var app = BS.app, state = app.state, kind = app.model.classes(state, past)[row];
    var swatch = BS.swatch(BS.fillOf(kind, BS.colours.steps));
    if (kind === BS.UNKNOWN || kind === BS.NOBODY) return [swatch, BS.h('span', { class: 'why' }, BS.t(BS.kindWord(kind)))];
    var bounds = app.model.bounds(app.model.indicator(state.indicator), past), low = bounds.low[row], high = bounds.high[row];
    if (state.unit !== 'share') return [swatch, BS.range(low, high)];
    var total = (past ? app.model.before : app.model.now).get('pop_total')[row];
    var mark = kind >= 0 ? BS.bar(100 * low / total, BS.colours.steps[kind]) : swatch;
    return [mark, BS.percentRange(low, high, total), BS.h('small', null, BS.range(low, high))];
  };
  BS.kindWord = function (kind) { return kind === BS.UNKNOWN ? 'unknown.short' : 'nobody.short'; };
  /* In a cell, and in words: both are more on the page of a comparison. */
  BS.changeCell = function (row) { return BS.changeText(BS.app.model.change(BS.app.state, row)); };
  BS.changeWords = function (row) { return BS.changeCell(row); };
  BS.changeText = function (change) {
    if (!isFinite(change)) return '-';
    var share = BS.app.state.unit === 'share', least = share ? 0.05 : 0.5;
    return (change >= least ? '▲ ' : change <= -least ? '▼ ' : '') + BS.signed(change, share ? 1 : 0);
  };

  function spotTable() {
    BS.by('table-note').textContent = '';
    var app = BS.app, order = BS.spotOrder(), page = within(app.state.spotPage, order.length);
    var heads = [head('rank', BS.t('rank.short')), head('place', BS.t('spot.place')), head('people', BS.t('spot.people'), true),
      head('missing', BS.t('spot.missing')), head('far', BS.t('spot.far'), true)];
    var title = BS.t('table.spots', { area: BS.areaName(), count: BS.number(order.length) });
    fill(title, heads, order.slice(page * ROWS, page * ROWS + ROWS), spotRow, page, order.length, 'spotPage');
  }
  function spotRow(i, at) {
    var app = BS.app, row = app.spots.commune[i], rank = app.spots.numbers[5][i]; /* ranks are kept one higher: 0 is none */
    var far = BS.spotFar(i), place = BS.spotPlace(i), province = app.model.provinceNames[app.names.province[row]];
    var picked = BS.spotId(i) === app.state.spot;
    var pick = function () { BS.pickSpot(i, true); };
    return BS.h('tr', { class: picked ? 'picked' : null, 'data-key': BS.spotId(i) },
      BS.h('td', { class: 'n' }, rank ? BS.number(rank - 1) : '-'),
      BS.h('th', { scope: 'row' }, nameButton(app.names.name[row], at, picked, pick),
        BS.h('small', null, place && [BS.name(place[0]), ' · '], BS.name(province))),
      BS.h('td', { class: 'n' }, BS.number(BS.spotPeople(i))),
      BS.h('td', null, BS.spotMissing(i)),
      BS.h('td', { class: 'n' }, isFinite(far) ? BS.number(far, 1) + ' km' : '-'));
  }
})();
