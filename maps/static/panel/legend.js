/* legend.js: what the colours mean and how many communes have each; the sources below the map. */
'use strict';
(function () {
  var LOW = 420; /* pixels of height */
  var chosenOpen = null;

  BS.legendItems = function () {
    var app = BS.app, state = app.state, change = state.period === 'change', share = state.unit === 'share';
    var palette = BS.palette(change), edges = app.meta.classes[classesKey(share, change)];
    if (BS.byProvince() && !share) edges = app.meta.classes.provincePeople;
    var classes = change ? app.model.changeClasses(state) : app.model.classes(state, state.period === 'past');
    var counts = BS.byProvince() ? app.model.countsOf(BS.provinceRows().map(classOf), palette.length)
      : app.model.counts(state, classes, palette.length);
    var steps = palette.map(function (fill, at) {
      var worse = change && at > edges.length / 2;
      return { fill: fill, worse: worse, text: range(edges, at, share, change), count: counts.steps[at] };
    });
    var others = [
      { fill: BS.colours.other, text: counts.other ? BS.t('legend.other') : '', count: counts.other },
      { fill: 'nodata', text: BS.t(change ? 'noData.change' : 'noData.legend'), count: counts.noData },
      { fill: 'unknown', text: BS.t('unknown'), count: counts.unknown },
      { fill: BS.colours.nobody, text: BS.t('nobody'), count: counts.nobody }];
    if (change && app.meta.changes && !app.meta.changes.progress) steps = steps.filter(function (step) { return step.count; });
    return steps.concat(others.filter(function (item) { return item.count; }));
  };
  function classOf(one) { return BS.provinceClasses()[one.province]; }
  function classesKey(share, change) {
    if (change) return share ? 'changeShare' : 'changePeople';
    return share ? 'share' : 'people';
  }
  function range(edges, at, share, change) {
    if (change && at === edges.length / 2) return BS.t('change.none');
    var sign = change ? BS.signed : BS.number, arrow = change ? (at < edges.length / 2 ? '▼ ' : '▲ ') : '';
    var unit = share ? (change ? ' ' + BS.t('points') : '%') : '';
    /* the two edges around "no change" are written as 0 */
    function edge(value) { return sign(change && Math.abs(value) < 1 ? 0 : value); }
    if (!at) return arrow + '< ' + edge(edges[0]) + unit;
    if (at === edges.length) return arrow + '≥ ' + edge(edges[at - 1]) + unit;
    return arrow + edge(edges[at - 1]) + ' – ' + edge(edges[at]) + unit;
  }

  BS.legendTitle = function () {
    var app = BS.app, state = app.state, item = app.model.indicator(state.indicator);
    var unit = BS.t('legend.' + classesKey(state.unit === 'share', state.period === 'change'));
    return (item ? BS.inLanguage(item.label) : '') + ' (' + unit + ')';
  };

  /* The same legend stands beside the map and on the printed sheet. */
  BS.legendContent = function () {
    var app = BS.app, state = app.state;
    var rows = BS.legendItems().map(function (item) {
      var mark = BS.swatch(item.fill);
      if (item.worse) mark.classList.add('worse'); /* hatched on paper */
      return legendRow(mark, item.text, BS.number(item.count));
    });
    if (BS.eventLegend && state.spots && state.period === 'change') rows = rows.concat(BS.eventLegend(legendRow));
    else if (state.spots && app.meta.spots.count) {
      var mode = BS.spotMode(app.map.getZoom(), app.national);
      rows.push(legendRow(BS.h('span', { class: 'swatch spot ' + mode, 'aria-hidden': 'true' }), BS.t('legend.' + mode), ''));
    }
    if (BS.contextLegend) rows = rows.concat(BS.contextLegend(legendRow));
    if (state.service && state.operators.length) rows = rows.concat(coverageRows());
    if (pastSpotsMissing()) {
      var note = BS.t('legend.pastNone', { period: app.meta.previousPeriod });
      rows.push(BS.h('li', null, BS.h('span', { class: 'note' }, note)));
    }
    return [BS.h('h2', null, BS.legendTitle()), BS.h('ul', null, rows)];
  };
  function legendRow(mark, text, count) {
    return BS.h('li', null, mark, BS.h('span', null, text), BS.h('span', { class: 'count' }, count));
  }
  /* The colours of the coverage that is shown: by how many operators, and where one of them said nothing. */
  function coverageRows() {
    var rows = [], count = BS.app.state.operators.length, silent = BS.silentRows(BS.shownCoverage());
    for (var n = 1; n <= Math.min(3, count); n++) {
      rows.push(legendRow(BS.swatch(BS.colours.cover[n - 1]), coverageText(n, count), ''));
    }
    if (silent) {
      var communes = silent.reduce(function (sum, one) { return sum + one; }, 0);
      rows.push(legendRow(BS.swatch('nodata'), BS.t('legend.silent'), BS.number(communes)));
    }
    return rows;
  }
  function coverageText(n, count) {
    var state = BS.app.state, service = BS.serviceName(state.service);
    if (count === 1) return BS.t('legend.covered', { service: service, operator: operatorName(state.operators[0]) });
    var key = n === 3 && count > 3 ? 'legend.operatorsMore' : n === 1 ? 'legend.operator' : 'legend.operators';
    return BS.t(key, { count: n, service: service });
  }
  /* The past is shown with black spots, but the run before has none on file. */
  function pastSpotsMissing() {
    var app = BS.app, state = app.state, past = state.period === 'past' || state.period === 'swipe';
    return past && state.spots && app.meta.spots.count > 0 && !(app.meta.pastSpots && app.meta.pastSpots.count);
  }
  function operatorName(slug) {
    var layer = BS.app.meta.coverage.find(function (one) { return one.slug === slug; });
    return layer ? layer.operator.slice(0, 80) : slug;
  }

  BS.renderLegend = function () {
    /* folded where the map is low, until somebody says otherwise */
    var low = BS.layout() === 'short' && BS.by('stage').offsetHeight < LOW;
    function choose() { chosenOpen = !inner.open; }
    var inner = BS.h('details', { open: chosenOpen === null ? !low : chosenOpen },
      BS.h('summary', { on: { click: choose } }, BS.legendTitle()), BS.legendContent().slice(1),
      BS.h('p', { class: 'note' }, BS.t(BS.byProvince() ? 'legend.countsProvinces' : 'legend.counts')));
    BS.replace(BS.by('legend'), inner);
    BS.by('sources').textContent = BS.sources();
  };

  /* Each operator once with what its files have in common: services, basis, date, and how they are read. */
  function coverageRead() {
    var groups = new Map();
    (BS.app.meta.inputs || []).filter(function (item) { return item.role === 'coverage' && item.operator; }).forEach(function (item) {
      var basis = BS.wordOf('coverage.', item.basis, 'input.other'), date = item.vintage && BS.date(item.vintage);
      var how = [basis, date, BS.readAs(item)].filter(Boolean).join(', ');
      var key = item.operator + '|' + how, group = groups.get(key) || { operator: item.operator, services: [], how: how };
      if (group.services.indexOf(item.service) < 0) group.services.push(item.service);
      groups.set(key, group);
    });
    return Array.from(groups.values(), function (group) {
      return BS.legible(group.operator) + ' ' + group.services.map(BS.serviceName).join(', ') + ' (' + group.how + ')';
    });
  }

  BS.sources = function () {
    var meta = BS.app.meta, population = meta.population || {}, profile = meta.profile || {}, parts = [];
    var source = BS.populationSource();
    if (population.source) parts.push(BS.t('sources.population', { source: source }));
    var layers = coverageRead();
    if (layers.length) parts.push(BS.t('sources.coverage', { operators: layers.join('; ').slice(0, 900) }));
    if (profile.id) {
      var digest = profile.digest ? '(' + profile.digest.slice(0, 12) + ')' : '';
      parts.push(BS.t('sources.profile', { profile: [profile.id, profile.version, digest].filter(Boolean).join(' ') }));
    }
    meta.reduced.forEach(function (what) { parts.push(BS.t('reduced.' + what)); });
    if (BS.contextLeft) parts.push(BS.contextLeft());
    parts.push(BS.t('credits'));
    return parts.filter(Boolean).join(' · ');
  };
})();
