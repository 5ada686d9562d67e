/* state.js: the whole view as one object, written to and read from the address. No DOM; runs in node too. */
'use strict';
(function () {
  var SORTS = ['rank', 'name', 'value', 'change', 'people', 'spots'], SPOT_SORTS = ['rank', 'place', 'people', 'missing', 'far'];
  var PROVINCE_SORTS = ['name', 'people', 'share', 'all'];
  var PAGES = { communes: 'page', spots: 'spotPage', provinces: 'provincePage', events: 'eventPage' };
  BS.PAGES = PAGES;

  /* The page of a comparison opens with the change, those who lost most people first. */
  var COMPARES = { unit: 'people', period: 'change', sort: 'change', descending: true, eventPage: 0 };

  BS.initialState = function (meta) {
    var start = initialState(meta);
    return meta.changes ? Object.assign(start, COMPARES) : start;
  };
  function initialState(meta) {
    return {
      language: meta.language, indicator: meta.indicators.length ? meta.indicators[0].id : '', unit: 'share', period: 'now',
      province: -1, setting: 0, spots: true, grid: false, context: true, service: '', operators: [], selected: '', spot: '',
      sort: 'rank', descending: false, page: 0, tab: BS.tabs(meta)[0],
      provinceSort: 'people', provinceDescending: true, provincePage: 0, spotSort: 'rank', spotDescending: false, spotPage: 0, view: null
    };
  }

  /* The page of the country opens with its provinces. */
  BS.tabs = function (meta) {
    if (meta.changes) return ['communes', 'events', 'spots'];
    return meta.kind === 'national' && meta.provinces.length > 1 ? ['provinces', 'communes', 'spots'] : ['communes', 'spots'];
  };

  BS.formatState = function (state, meta) {
    var start = BS.initialState(meta), parts = [];
    function put(key, value, usual) { if (value !== usual) parts.push(key + '=' + encodeURIComponent(value)); }
    if (state.view) parts.push('m=' + [state.view.zoom.toFixed(2), state.view.lat.toFixed(4), state.view.lng.toFixed(4)].join('/'));
    put('i', state.indicator, start.indicator);
    put('u', state.unit, start.unit);
    put('t', state.period, start.period);
    put('p', state.province < 0 ? '' : meta.provinces[state.province].code, '');
    put('a', state.setting, 0);
    put('s', state.spots ? 1 : 0, 1);
    put('g', state.grid ? 1 : 0, 0);
    put('e', state.context ? 1 : 0, 1);
    put('c', state.service, '');
    put('o', state.operators.join('.'), '');
    put('x', state.selected, '');
    put('b', state.spot, '');
    put('r', (state.descending ? '-' : '') + state.sort, (start.descending ? '-' : '') + start.sort);
    put('q', (state.spotDescending ? '-' : '') + state.spotSort, start.spotSort);
    put('k', (state.provinceDescending ? '-' : '') + state.provinceSort, '-' + start.provinceSort);
    put('v', state.tab, start.tab);
    put('n', (state[PAGES[state.tab]] || 0) + 1, 1);
    put('l', state.language, start.language);
    return parts.join('&');
  };

  /* Every value is checked against what the page has; anything else is left out, silently. */
  BS.parseState = function (text, meta, codes) {
    var state = BS.initialState(meta), given = new Map();
    String(text || '').slice(0, 2000).replace(/^#/, '').split('&').forEach(function (part) {
      var at = part.indexOf('=');
      if (at !== 1) return;
      try { given.set(part.slice(0, at), decodeURIComponent(part.slice(at + 1))); } catch (error) {
        if (!(error instanceof URIError)) throw error;
      }
    });
    function among(key, allowed, use) { var value = given.get(key); if (value !== undefined && allowed.indexOf(value) >= 0) use(value); }
    function ids(list) { return list.map(function (item) { return item.id; }); }
    var periods = meta.previousPeriod ? ['now', 'past', 'change', 'swipe'] : ['now'];
    among('i', ids(meta.indicators), function (v) { state.indicator = v; });
    among('u', ['share', 'people'], function (v) { state.unit = v; });
    among('t', periods, function (v) { state.period = v; });
    if (meta.kind === 'national') {
      meta.provinces.forEach(function (province, at) { if (given.get('p') === province.code) state.province = at; });
    }
    among('a', ['1', '2', '3', '4', '5', '6', '7'], function (v) { state.setting = Number(v); });
    among('s', ['0', '1'], function (v) { state.spots = v === '1'; });
    among('g', ['0', '1'], function (v) { state.grid = v === '1'; });
    among('e', ['0', '1'], function (v) { state.context = v === '1' || !meta.context; });
    var services = meta.coverage.map(function (layer) { return layer.service; });
    among('c', services, function (v) { state.service = v; });
    var slugs = meta.coverage.filter(function (l) { return l.service === state.service; }).map(function (l) { return l.slug; });
    var wanted = (given.get('o') || '').split('.');
    state.operators = slugs.filter(function (slug) { return wanted.indexOf(slug) >= 0; });
    if (state.service && !state.operators.length) state.operators = slugs;
    if (codes.has(given.get('x'))) state.selected = given.get('x');
    if (/^[0-9A-Za-z_.-]{1,64}$/.test(given.get('b') || '')) state.spot = given.get('b');
    function order(key, allowed, use) {
      var value = given.get(key) || '', down = value.charAt(0) === '-', name = down ? value.slice(1) : value;
      if (allowed.indexOf(name) >= 0) use(name, down);
    }
    order('r', SORTS, function (name, down) { state.sort = name; state.descending = down; });
    order('q', SPOT_SORTS, function (name, down) { state.spotSort = name; state.spotDescending = down; });
    order('k', PROVINCE_SORTS, function (name, down) { state.provinceSort = name; state.provinceDescending = down; });
    among('v', BS.tabs(meta), function (v) { state.tab = v; });
    if (/^[1-9]\d{0,5}$/.test(given.get('n') || '')) state[PAGES[state.tab]] = Number(given.get('n')) - 1;
    among('l', ['vi', 'en'], function (v) { state.language = v; });
    var view = /^(\d{1,2}(?:\.\d{1,3})?)\/(-?\d{1,2}(?:\.\d{1,6})?)\/(-?\d{1,3}(?:\.\d{1,6})?)$/.exec(given.get('m') || '');
    if (view && view[1] >= 4 && view[1] <= 14) state.view = { zoom: Number(view[1]), lat: Number(view[2]), lng: Number(view[3]) };
    return state;
  };
})();
