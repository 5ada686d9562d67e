/* provinces.js: one row for each province, the worst first, so that one look says which that is. */
'use strict';
(function () {
  /* The provinces that have communes to show: between which numbers of people what the map shows lies in each of them. */
  BS.provinceRows = function () {
    var app = BS.app, model = app.model, state = app.state, past = state.period === 'past';
    var key = [state.indicator, state.setting, past].join('|');
    if (app.provinceKey === key) return app.provinceList;
    var item = model.indicator(state.indicator), members = app.meta.provinces.map(function () { return []; });
    model.shown(Object.assign({}, state, { province: -1 })).forEach(function (i) { members[app.names.province[i]].push(i); });
    var list = app.meta.provinces.map(function (_province, at) {
      var rows = members[at], figures;
      if (past) figures = model.sums(model.before, rows);
      else figures = state.setting ? model.sums(model.now, rows) : model.figures(Object.assign({}, state, { province: at }));
      var bounds = item ? model.areaBounds(item, figures, rows, past) : { low: NaN, high: NaN };
      return { province: at, communes: rows.length, all: figures.get('pop_total'), low: bounds.low, high: bounds.high };
    });
    app.provinceKey = key;
    app.provinceList = list.filter(function (one) { return one.communes > 0; });
    return app.provinceList;
  };
  function ends(one, share) {
    var by = share ? 1 / one.all : 1;
    return one.all > 0 ? [one.low * by, one.high * by] : [NaN, NaN];
  }
  /* The map shows the country by provinces, as the list it opens with, until somebody comes near or chooses a place. */
  BS.byProvince = function () {
    var app = BS.app, state = app.state, whole = state.province < 0 && !state.selected && !state.service;
    var one = state.period === 'now' || state.period === 'past';
    return app.national && whole && one && state.tab === 'provinces' && app.map.getZoom() < 7;
  };
  /* The province that a place of the map stands for; -1 where communes are shown, and for a special zone, which has a mark. */
  BS.provinceShown = function (row) {
    var names = BS.app.names;
    return row >= 0 && BS.byProvince() && names.type[row] !== 2 ? names.province[row] : -1;
  };
  /* Class of every province, as communes have one. */
  BS.provinceClasses = function () {
    var app = BS.app, share = app.state.unit === 'share', edges = app.meta.classes[share ? 'share' : 'provincePeople'];
    var found = new Int8Array(app.meta.provinces.length).fill(BS.UNKNOWN);
    BS.provinceRows().forEach(function (one) {
      if (isFinite(one.low)) found[one.province] = one.all > 0 ? BS.classBetween(one.low, one.high, share ? one.all : 0, edges) : BS.NOBODY;
    });
    return found;
  };
  BS.provinceWords = function (province) {
    var app = BS.app, one = BS.provinceRows().find(function (row) { return row.province === province; });
    if (!one || !isFinite(one.low)) return BS.t('unknown');
    var people = BS.t('tile.people', { people: BS.range(one.low, one.high) });
    return app.state.unit === 'share' ? BS.percentRange(one.low, one.high, one.all) + ' (' + people + ')' : people;
  };
  /* In the order of the table, each with the places between which it lies: where nothing is known of some people, one
     province stands surely before another only where its lower end is above the other's upper end. */
  BS.provinceOrder = function () {
    var state = BS.app.state, rows = BS.provinceRows(), share = state.provinceSort === 'share', least = share ? 1e-9 : 0.5;
    var values = rows.map(function (one) { return ends(one, share); });
    function before(test) { return values.filter(test).length; }
    var placed = rows.map(function (one, at) {
      var low = values[at][0], high = values[at][1], known = isFinite(low);
      return Object.assign({}, one, {
        first: known ? 1 + before(function (other) { return other[0] - high >= least; }) : NaN,
        last: known ? before(function (other) { return other[1] - low > -least; }) : NaN });
    });
    return placed.sort(compare);
  };
  function compare(a, b) {
    var state = BS.app.state, sign = state.provinceDescending ? -1 : 1, names = BS.app.model.provinceNames;
    if (state.provinceSort === 'name') {
      BS.collator = BS.collator || new Intl.Collator('vi');
      return sign * BS.collator.compare(names[a.province], names[b.province]) || a.province - b.province;
    }
    var share = state.provinceSort === 'share', x = ends(a, share), y = ends(b, share);
    if (state.provinceSort === 'all') { x = [a.all, 0]; y = [b.all, 0]; }
    if (!isFinite(x[0]) || !isFinite(y[0])) return isFinite(x[0]) ? -1 : isFinite(y[0]) ? 1 : a.province - b.province;
    return sign * (x[0] - y[0]) || sign * (x[1] - y[1]) || a.province - b.province;
  }

  BS.provinceTable = function () {
    var app = BS.app, state = app.state, item = app.model.indicator(state.indicator), rows = BS.provinceOrder();
    var heads = [BS.h('th', { scope: 'col' }, BS.t('rank.short')), BS.tableHead('name', BS.t('province')),
      BS.tableHead('people', BS.t('value.people'), true), BS.tableHead('share', BS.t('print.share'), true),
      BS.tableHead('all', BS.t('provinces.all'), true)];
    BS.by('table').classList.remove('changes');
    BS.by('table-note').textContent = BS.t('provinces.note');
    var title = BS.t('table.provinces', { indicator: item ? BS.inLanguage(item.label) : '', count: BS.number(rows.length) });
    BS.fillTable(title, heads, rows, provinceRow, 'provincePage');
  };
  function provinceRow(one, at) {
    var app = BS.app, picked = app.state.province === one.province, name = app.model.provinceNames[one.province];
    return BS.h('tr', { class: picked ? 'picked' : null, 'data-key': app.meta.provinces[one.province].code },
      BS.h('td', { class: 'n' }, isFinite(one.first) ? BS.span(one.first, Math.max(one.first, one.last)) : '-'),
      BS.h('th', { scope: 'row' }, BS.nameButton(name, at, picked, function () { pick(picked ? -1 : one.province); }),
        picked && BS.h('small', null, more(one.province))),
      BS.h('td', { class: 'n' }, BS.range(one.low, one.high)),
      BS.h('td', { class: 'n' }, bar(one), BS.percentRange(one.low, one.high, one.all)),
      BS.h('td', { class: 'n' }, BS.number(one.all)));
  }
  /* The bar has the colour that the map gives such a share; where the two ends have not the same, it is hatched. */
  function bar(one) {
    var edges = BS.app.meta.classes.share, at = ends(one, true).map(function (share) {
      return edges.filter(function (edge) { return 100 * share >= edge; }).length;
    });
    if (!(one.all > 0) || !isFinite(one.low)) return null;
    return at[0] === at[1] ? BS.bar(100 * one.low / one.all, BS.colours.steps[at[0]]) : BS.swatch('nodata');
  }
  BS.pickProvince = function (province) {
    BS.set({ province: province, page: 0, spotPage: 0 });
    BS.fitProvince(province);
    BS.say(BS.areaName());
  };
  function pick(province) {
    BS.pickProvince(province);
    var again = BS.by('table').querySelector('tr.picked button');
    if (again) again.focus({ preventScroll: true });
  }
  function more(province) {
    function open() { BS.set({ tab: 'communes' }); BS.by('tab-communes').focus(); }
    return [BS.h('button', { type: 'button', class: 'link', tabindex: '-1', on: { click: open } }, BS.t('province.communes')),
      BS.sheetButton({ province: province }, '-1'), BS.app.meta.linked && BS.provinceLink(province, '')];
  }

  /* To the page of a province, with a commune selected where one is named, in the language that is read. */
  BS.provinceLink = function (province, code) {
    var parts = [code && 'x=' + encodeURIComponent(code), language()].filter(Boolean).join('&');
    return BS.h('a', { href: 'maps/' + BS.app.meta.provinces[province].page + '.html' + (parts && '#' + parts) }, BS.t('province.open'));
  };
  function language() { return BS.language === BS.app.meta.language ? '' : 'l=' + BS.language; }
  /* To the other pages of the run: from a province to the country, and to the list of all provinces. */
  BS.pageLinks = function () {
    var app = BS.app, meta = app.meta;
    if (!meta.linked) return [];
    if (app.national) return [BS.h('a', { href: 'maps/index.html' }, BS.t('provinces.list'))];
    var code = app.selected >= 0 ? 'x=' + encodeURIComponent(app.state.selected) : '';
    var parts = ['p=' + encodeURIComponent(meta.provinces[meta.province].code), code, language()].filter(Boolean);
    return [BS.h('a', { href: '../map.html#' + parts.join('&') }, BS.t('national')), ' · ',
      BS.h('a', { href: 'index.html' }, BS.t('provinces.list'))];
  };
})();
