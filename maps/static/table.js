/* table.js: the ranked lists. The list of communes is the twin of the map: same order as the CSV. */
'use strict';
(function () {
  var ROWS = 50;

  BS.initTable = function () {
    BS.by('page-back').addEventListener('click', function () { turn(-1); });
    BS.by('page-on').addEventListener('click', function () { turn(1); });
    ['communes', 'spots'].forEach(function (tab) { BS.by('tab-' + tab).addEventListener('click', function () { BS.set({ tab: tab }); }); });
    BS.by('tabs').addEventListener('keydown', function (event) {
      if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
      BS.set({ tab: BS.app.state.tab === 'communes' ? 'spots' : 'communes' });
      BS.by('tab-' + BS.app.state.tab).focus();
    });
    BS.by('table').addEventListener('keydown', rove);
  };
  function turn(by) {
    var state = BS.app.state;
    BS.set(state.tab === 'communes' ? { page: state.page + by } : { spotPage: state.spotPage + by });
    BS.say(BS.by('page-text').textContent);
  }

  /* One tab stop for all rows; the arrows move inside. */
  function rove(event) {
    var step = { ArrowDown: 1, ArrowUp: -1, Home: -1e6, End: 1e6 }[event.key], buttons = Array.from(BS.by('table').querySelectorAll('tbody button'));
    var at = buttons.indexOf(document.activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    buttons[at].tabIndex = -1;
    at = Math.max(0, Math.min(buttons.length - 1, at + step));
    buttons[at].tabIndex = 0;
    buttons[at].focus();
  }

  BS.renderTable = function () {
    var state = BS.app.state, spots = state.tab === 'spots';
    ['communes', 'spots'].forEach(function (tab) {
      BS.by('tab-' + tab).setAttribute('aria-selected', String(tab === state.tab));
      BS.by('tab-' + tab).tabIndex = tab === state.tab ? 0 : -1;
    });
    BS.by('list').setAttribute('aria-labelledby', 'tab-' + state.tab);
    if (spots) BS.withSpots(spotTable); else communeTable();
  };

  function fill(title, heads, rows, page, total, key) {
    var pages = Math.max(1, Math.ceil(total / ROWS)), first = true;
    BS.by('table-title').textContent = title;
    BS.by('page-text').textContent = BS.t('page', { page: BS.number(page + 1), pages: BS.number(pages) });
    BS.by('page-back').disabled = page === 0;
    BS.by('page-on').disabled = page >= pages - 1;
    BS.app.state[key] = page;
    var table = BS.by('table');
    BS.replace(table.tHead.rows[0], heads);
    BS.replace(table.tBodies[0], rows);
    table.tBodies[0].querySelectorAll('button').forEach(function (button) { button.tabIndex = first ? 0 : -1; first = false; });
  }
  function within(page, total) { return Math.max(0, Math.min(page, Math.ceil(total / ROWS) - 1)); }

  function head(id, label, numeric) {
    var state = BS.app.state, on = state.sort === id;
    return BS.h('th', { scope: 'col', class: numeric ? 'n' : null, 'aria-sort': on ? (state.descending ? 'descending' : 'ascending') : null },
      BS.h('button', { type: 'button', on: { click: function () {
        /* numbers start with the largest, ranks and names with the first */
        var down = id !== 'rank' && id !== 'name';
        BS.set({ sort: id, descending: on ? !state.descending : down, page: 0 });
        var again = BS.by('table').querySelector('th[aria-sort] button');
        if (again) again.focus();
      } } }, label, BS.h('span', { 'aria-hidden': 'true' }, on ? (state.descending ? ' ▼' : ' ▲') : '')));
  }

  function communeTable() {
    var app = BS.app, state = app.state, rows = app.model.sorted(state), page = within(state.page, rows.length);
    var indicator = app.model.indicator(state.indicator), changes = !!app.model.before;
    var heads = [head('rank', BS.t('rank.short')), head('name', BS.t('commune')),
      head('value', BS.t(state.unit === 'share' ? 'value.share' : 'value.people'), true),
      changes && head('change', BS.t('change.short'), true), head('people', BS.t('people'), true), head('spots', BS.t('spots.short'), true)].filter(Boolean);
    var body = rows.slice(page * ROWS, page * ROWS + ROWS).map(function (row) { return communeRow(row, changes); });
    fill(BS.t('table.title', { indicator: indicator ? BS.inLanguage(indicator.label) : '', area: BS.areaName(), count: BS.number(rows.length) }), heads, body, page, rows.length, 'page');
  }

  function communeRow(row, changes) {
    var app = BS.app, names = app.names, now = app.model.now, state = app.state, past = state.period === 'past';
    var picked = names.code[row] === state.selected;
    return BS.h('tr', { class: picked ? 'picked' : null, 'data-code': names.code[row] },
      BS.h('td', { class: 'n' }, number(now, 'rank', row)),
      BS.h('th', { scope: 'row' }, BS.h('button', { type: 'button', 'aria-pressed': String(picked), on: { click: function () { BS.set({ selected: names.code[row], spot: '' }); BS.flyTo(row); } } }, BS.name(names.name[row])),
        app.national && BS.h('small', null, BS.name(app.model.provinceNames[names.province[row]]))),
      BS.h('td', { class: 'n' }, BS.valueCell(row, past)),
      changes && BS.h('td', { class: 'n' }, BS.changeText(app.model.change(state, row))),
      BS.h('td', { class: 'n' }, number(now, 'pop_total', row)),
      BS.h('td', { class: 'n' }, number(now, 'black_spot_count', row)));
  }
  function number(table, column, row) { var values = table.get(column); return BS.number(values ? values[row] : NaN); }

  /* The value with a bar in the colour of its class, or why there is none. */
  BS.valueCell = function (row, past) {
    var app = BS.app, state = app.state, kind = app.model.classes(state, past)[row];
    if (kind < 0) return [BS.swatch(BS.fillOf(kind, BS.colours.steps)), BS.t(BS.kindWord(kind))];
    var value = app.model.value(state, row, past);
    if (state.unit !== 'share') return [BS.swatch(BS.colours.steps[kind]), BS.number(value)];
    return [BS.bar(value, BS.colours.steps[kind]), BS.number(value, 1) + ' %'];
  };
  BS.kindWord = function (kind) { return kind === BS.UNKNOWN ? 'unknown.short' : kind === BS.NOBODY ? 'nobody.short' : 'noData.short'; };
  BS.changeText = function (change) {
    if (!isFinite(change)) return '-';
    var share = BS.app.state.unit === 'share', least = share ? 0.05 : 0.5;
    return (change >= least ? '▲ ' : change <= -least ? '▼ ' : '') + BS.signed(change, share ? 1 : 0);
  };

  function spotTable() {
    var app = BS.app, spots = app.spots, order = BS.spotOrder(), page = within(app.state.spotPage, order.length);
    var heads = [['rank.short'], ['spot.place'], ['spot.people', true], ['spot.missing'], ['spot.far', true]].map(function (one) {
      return BS.h('th', { scope: 'col', class: one[1] ? 'n' : null }, BS.t(one[0]));
    });
    var body = order.slice(page * ROWS, page * ROWS + ROWS).map(function (i) {
      var row = spots.commune[i], far = BS.spotFar(i), picked = BS.spotId(i) === app.state.spot;
      return BS.h('tr', { class: picked ? 'picked' : null },
        BS.h('td', { class: 'n' }, spots.numbers[5][i] ? BS.number(spots.numbers[5][i] - 1) : '-'),
        BS.h('th', { scope: 'row' }, BS.h('button', { type: 'button', 'aria-pressed': String(picked), on: { click: function () { BS.pickSpot(i, true); } } }, BS.name(app.names.name[row])),
          BS.h('small', null, BS.name(app.model.provinceNames[app.names.province[row]]))),
        BS.h('td', { class: 'n' }, BS.number(BS.spotPeople(i))),
        BS.h('td', null, BS.spotMissing(i)),
        BS.h('td', { class: 'n' }, isFinite(far) ? BS.number(far, 1) + ' km' : '-'));
    });
    fill(BS.t('table.spots', { area: BS.areaName(), count: BS.number(order.length) }), heads, body, page, order.length, 'spotPage');
  }
})();
