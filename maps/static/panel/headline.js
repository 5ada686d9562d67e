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
    var links = BS.pageLinks();
    BS.replace(BS.by('subtitle'), subtitle(), links.length ? ' · ' : null, links);
    var notice = BS.inLanguage(app.meta.notice);
    BS.replace(BS.by('notice'), notice && BS.h('strong', null, notice));
    BS.by('do-sheet').hidden = app.national && app.state.province < 0;
  };

  function element(tile, figures, past) {
    var value = figures.get(tile.column), whole = figures.get(tile.whole), people = tile.kind === 'people';
    var model = app().model, item = people ? model.indicator(tile.id) : app().meta.indicators.find(fails);
    var bounds = item ? model.areaBounds(item, figures, model.shown(app().state), false) : { low: value, high: value };
    var open = BS.isOpen(bounds.low, bounds.high), note;
    if (people) note = BS.t('tile.of', { share: BS.percentRange(bounds.low, bounds.high, whole), whole: BS.number(whole) });
    else note = BS.t('tile.inside', { people: BS.range(whole, open ? bounds.high : whole) });
    var number = people ? BS.range(bounds.low, bounds.high) : open ? BS.atLeast(value) : BS.number(value);
    var before = past ? past.get(tile.column) : NaN, change = isFinite(before) && isFinite(value) ? value - before : NaN;
    return BS.h('div', { class: 'tile' }, BS.h('dt', null, BS.inLanguage(tile.label)),
      BS.h('dd', null, BS.h('b', { class: open && people ? 'range' : null }, number), ' ', BS.h('span', null, note),
        !(open && bounds.low < 0.5) && isFinite(change) && changeNote(change)));
  }
  function fails(item) { return item.kind === 'fails'; }
  function changeNote(change) {
    var worse = change >= 0.5, better = change <= -0.5;
    var text = BS.t('tile.change', { change: BS.signed(change), period: BS.date(app().meta.previousPeriod) });
    return BS.h('span', { class: worse ? 'worse' : better ? 'better' : '' }, (worse ? '▲ ' : better ? '▼ ' : '') + text);
  }
  function app() { return BS.app; }

  /* Area, rule, vintage: what every number above is about. */
  function rule(figures) {
    var meta = app().meta, parts = [BS.areaName()];
    var source = BS.populationSource();
    if (source) parts.push(BS.t('rule.population', { source: source }));
    var silent = meta.services.map(function (service) {
      var count = figures.get('pop_no_data_' + service.id);
      return count >= 0.5 ? BS.t('rule.noData', { service: BS.inLanguage(service.label), people: BS.number(count) }) : '';
    }).filter(Boolean);
    return parts.concat(silent).join(' · ');
  }

  /* Who counted the people, and for when; a source that says its date itself is not given it twice. */
  BS.populationSource = function () {
    var population = app().meta.population || {}, source = population.source || '', vintage = population.vintage || '';
    return source.indexOf(vintage) >= 0 ? source : [source, BS.date(vintage)].filter(Boolean).join(', ');
  };

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
    if (meta.period) parts.push(BS.t('period.of', { period: BS.date(meta.period) }));
    parts.push(BS.t('communes.count', { count: BS.number(app().model.rows) }));
    if (profile.id) parts.push(BS.t('profile.of', { profile: profile.id + ' ' + (profile.version || '') }));
    return parts.join(' · ');
  }
})();
