/* legend.js: what the colours mean and how many communes have each; the sources below the map. */
'use strict';
(function () {
  BS.legendItems = function () {
    var app = BS.app, state = app.state, change = state.period === 'change', share = state.unit === 'share', items = [];
    var palette = BS.palette(change), edges = app.meta.classes[change ? (share ? 'changeShare' : 'changePeople') : share ? 'share' : 'people'];
    var classes = change ? app.model.changeClasses(state) : app.model.classes(state, state.period === 'past'), counts = app.model.counts(state, classes, palette.length);
    palette.forEach(function (fill, at) { items.push({ fill: fill, worse: change && at > edges.length / 2, text: range(edges, at, share, change), count: counts.steps[at] }); });
    [['nodata', change ? 'noData.change' : 'noData.legend', counts.noData], ['unknown', 'unknown', counts.unknown], [BS.colours.nobody, 'nobody', counts.nobody]].forEach(function (one) {
      if (one[2]) items.push({ fill: one[0], text: BS.t(one[1]), count: one[2] });
    });
    return items;
  };
  function range(edges, at, share, change) {
    if (change && at === edges.length / 2) return BS.t('change.none');
    var sign = change ? BS.signed : BS.number, unit = share ? (change ? ' ' + BS.t('points') : ' %') : '', arrow = change ? (at < edges.length / 2 ? '▼ ' : '▲ ') : '';
    /* the two edges around "no change" are written as 0 */
    function edge(value) { return sign(change && Math.abs(value) < 1 ? 0 : value); }
    if (!at) return arrow + '< ' + edge(edges[0]) + unit;
    if (at === edges.length) return arrow + '≥ ' + edge(edges[at - 1]) + unit;
    return arrow + edge(edges[at - 1]) + ' – ' + edge(edges[at]) + unit;
  }

  BS.legendTitle = function () {
    var app = BS.app, state = app.state, item = app.model.indicator(state.indicator);
    var unit = BS.t(state.period === 'change' ? (state.unit === 'share' ? 'legend.changeShare' : 'legend.changePeople') : state.unit === 'share' ? 'legend.share' : 'legend.people');
    return (item ? BS.inLanguage(item.label) : '') + ' (' + unit + ')';
  };

  /* The same legend stands beside the map and on the printed sheet. */
  BS.legendContent = function () {
    var app = BS.app, state = app.state, mode = BS.spotMode(app.map.getZoom(), app.national), count = state.operators.length;
    var rows = BS.legendItems().map(function (item) {
      var mark = BS.swatch(item.fill);
      if (item.worse) mark.classList.add('worse'); /* hatched on paper */
      return BS.h('li', null, mark, BS.h('span', null, item.text), BS.h('span', { class: 'count' }, BS.number(item.count)));
    });
    if (state.spots && app.meta.spots.count) rows.push(BS.h('li', null, BS.h('span', { class: 'swatch spot ' + mode, 'aria-hidden': 'true' }), BS.h('span', null, BS.t('legend.' + mode)), BS.h('span', { class: 'count' }, '')));
    if (state.service && count) {
      var service = BS.serviceName(state.service);
      for (var n = 1; n <= Math.min(3, count); n++) {
        rows.push(BS.h('li', null, BS.swatch(BS.colours.cover[n - 1]), BS.h('span', null, count === 1 ? BS.t('legend.covered', { service: service, operator: operatorName(state.operators[0]) })
          : BS.t(n === 3 && count > 3 ? 'legend.operatorsMore' : n === 1 ? 'legend.operator' : 'legend.operators', { count: n, service: service })), BS.h('span', { class: 'count' }, '')));
      }
    }
    var silent = BS.silentRows(BS.shownCoverage());
    if (state.service && count && silent) rows.push(BS.h('li', null, BS.swatch('nodata'), BS.h('span', null, BS.t('legend.silent')), BS.h('span', { class: 'count' }, BS.number(silent.reduce(function (sum, one) { return sum + one; }, 0)))));
    if (pastSpotsMissing()) rows.push(BS.h('li', null, BS.h('span', { class: 'note' }, BS.t('legend.pastNone', { period: app.meta.previousPeriod }))));
    return [BS.h('h2', null, BS.legendTitle()), BS.h('ul', null, rows)];
  };
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
    var inner = BS.h('details', { open: BS.legendOpen !== false, on: { toggle: function (event) { BS.legendOpen = event.target.open; } } },
      BS.h('summary', null, BS.legendTitle()), BS.legendContent().slice(1),
      BS.h('p', { class: 'note' }, BS.t('legend.counts')));
    BS.replace(BS.by('legend'), inner);
    BS.by('sources').textContent = BS.sources();
  };

  BS.sources = function () {
    var meta = BS.app.meta, population = meta.population || {}, profile = meta.profile || {}, parts = [];
    if (population.source) parts.push(BS.t('sources.population', { source: [population.source, population.vintage].filter(Boolean).join(' ') }));
    var operators = [];
    meta.coverage.forEach(function (layer) { if (operators.indexOf(layer.operator) < 0) operators.push(layer.operator); });
    if (operators.length) parts.push(BS.t('sources.coverage', { operators: operators.join(', ').slice(0, 200) }));
    if (profile.id) parts.push(BS.t('sources.profile', { profile: [profile.id, profile.version, profile.digest ? '(' + profile.digest.slice(0, 12) + ')' : ''].filter(Boolean).join(' ') }));
    meta.reduced.forEach(function (what) { parts.push(BS.t('reduced.' + what)); });
    parts.push(BS.t('credits'));
    return parts.join(' · ');
  };
})();
