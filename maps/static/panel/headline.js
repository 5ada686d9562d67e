/* headline.js: the numbers above the map; they follow the filters and say of how many people. */
'use strict';
(function () {
  BS.renderHeadline = function () {
    var app = BS.app, figures = app.model.figures(app.state), past = app.model.before ? app.model.pastFigures(app.state) : null;
    var tiles = BS.changeTiles ? BS.changeTiles(figures) : app.meta.tiles.map(function (tile) { return element(tile, figures, past); });
    BS.replace(BS.by('tiles'), tiles);
    BS.by('rule').textContent = rule(figures);
    BS.by('title').textContent = BS.inLanguage(app.meta.title);
    document.title = BS.inLanguage(app.meta.title);
    BS.by('subtitle').textContent = subtitle();
    var notice = BS.inLanguage(app.meta.notice);
    BS.replace(BS.by('notice'), notice && BS.h('strong', null, notice));
  };

  function element(tile, figures, past) {
    var value = figures.get(tile.column), whole = figures.get(tile.whole), people = tile.kind === 'people';
    var bounds = people ? app().model.figureBounds(app().model.indicator(tile.id), figures) : { low: value, high: value };
    var open = bounds.high - bounds.low >= 0.5, unknown = open && bounds.low < 0.5;
    var note;
    if (unknown) note = BS.t('tile.range', { high: BS.number(bounds.high), whole: BS.number(whole) });
    else if (people) note = BS.t('tile.of', { share: BS.percent(value, whole), whole: BS.number(whole) });
    else note = BS.t('tile.inside', { people: BS.number(whole) });
    var before = past ? past.get(tile.column) : NaN, change = isFinite(before) && isFinite(value) ? value - before : NaN;
    return BS.h('div', { class: 'tile' }, BS.h('dt', null, BS.inLanguage(tile.label)),
      BS.h('dd', null, BS.h('b', null, unknown ? BS.t('noData') : BS.number(value)), ' ', BS.h('span', null, note),
        open && !unknown && BS.h('span', null, BS.t('tile.upto', { high: BS.number(bounds.high) })),
        !unknown && isFinite(change) && changeNote(change)));
  }
  function changeNote(change) {
    var worse = change >= 0.5, better = change <= -0.5;
    var text = BS.t('tile.change', { change: BS.signed(change), period: app().meta.previousPeriod });
    return BS.h('span', { class: worse ? 'worse' : better ? 'better' : '' }, (worse ? '▲ ' : better ? '▼ ' : '') + text);
  }
  function app() { return BS.app; }

  /* Area, rule, vintage: what every number above is about. */
  function rule(figures) {
    var meta = app().meta, parts = [BS.areaName()], population = meta.population || {};
    var source = [population.source, population.vintage].filter(Boolean).join(' ');
    if (source) parts.push(BS.t('rule.population', { source: source }));
    var silent = meta.services.map(function (service) {
      var count = figures.get('pop_no_data_' + service.id);
      return count >= 0.5 ? BS.t('rule.noData', { service: BS.inLanguage(service.label), people: BS.number(count) }) : '';
    }).filter(Boolean);
    return parts.concat(silent).join(' · ');
  }

  BS.areaName = function () {
    var state = app().state, model = app().model, parts = [];
    if (app().national) parts.push(state.province >= 0 ? model.provinceNames[state.province] : BS.t('country'));
    else parts.push(model.provinceNames[app().meta.province]);
    [[BS.RURAL, 'rural'], [BS.BORDER, 'border'], [BS.ISLAND, 'island']].forEach(function (flag) {
      if (state.setting & flag[0]) parts.push(BS.t(flag[1]).toLowerCase());
    });
    return parts.join(', ');
  };

  function subtitle() {
    var meta = app().meta, profile = meta.profile || {}, parts = [];
    if (meta.period) parts.push(BS.t('period.of', { period: meta.period }));
    parts.push(BS.t('communes.count', { count: BS.number(app().model.rows) }));
    if (profile.id) parts.push(BS.t('profile.of', { profile: profile.id + ' ' + (profile.version || '') }));
    return parts.join(' · ');
  }
})();
