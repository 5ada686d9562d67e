/* card.js: everything about the selected commune or black spot, and from where it is known. */
'use strict';
(function () {
  BS.renderCard = function () {
    var app = BS.app, card = BS.by('card');
    if (app.state.spot) {
      BS.withSpots(function () {
        var i = BS.spotIndex(app.state.spot);
        if (i >= 0) show(spotCard(i)); else if (app.selected >= 0) communeCard(); else card.hidden = true;
      });
    } else if (app.selected >= 0) communeCard(); else { card.hidden = true; BS.replace(card); }
  };
  function show(children) {
    BS.replace(BS.by('card'), children);
    BS.by('card').hidden = false;
    BS.by('card').scrollTop = 0;
  }
  function closeButton() {
    return BS.h('button', { type: 'button', class: 'close', 'aria-label': BS.t('close'), on: { click: function () {
      BS.set({ selected: '', spot: '' });
      BS.app.map.getContainer().focus({ preventScroll: true });
    } } }, '×');
  }
  function communeCard() {
    var row = BS.app.selected;
    show(parts(row, null));
    if (!BS.app.texts) BS.withTexts(function (texts) { if (BS.app.selected === row && !BS.app.state.spot) show(parts(row, texts)); });
    else show(parts(row, BS.app.texts));
  }

  function text(texts, name, row) {
    var list = texts && texts[name];
    return list ? list.values[list.index[row]] || '' : '';
  }
  function value(name, row, past) {
    var table = past ? BS.app.model.before : BS.app.model.now, values = table && table.get(name);
    return values ? values[row] : NaN;
  }

  function parts(row, texts) {
    var app = BS.app, names = app.names, total = value('pop_total', row), reason = text(texts, 'reason_' + BS.language, row), rank = value('rank', row);
    return [closeButton(),
      BS.h('h2', null, BS.name(names.name[row])),
      BS.h('p', { class: 'where' }, BS.t('type.' + names.type[row]), ' · ', BS.name(app.model.provinceNames[names.province[row]]), ' · ', BS.t('code'), ' ', names.code[row].slice(0, 60)),
      settings(row, texts),
      isFinite(rank) && BS.h('p', { class: 'rank' }, BS.h('b', null, BS.t('rank.of', { rank: BS.number(rank), count: BS.number(app.meta.ranked) })),
        isFinite(value('tier', row)) && ' · ' + BS.t('tier', { tier: BS.number(value('tier', row)) }), reason && BS.h('br'), reason && BS.name(reason)),
      BS.h('p', { class: 'people' }, BS.h('b', null, isFinite(total) ? BS.t('card.people', { people: BS.number(total) }) : BS.t('unknown')),
        text(texts, 'pop_source', row) && BS.h('small', null, BS.sourceWord(text(texts, 'pop_source', row)))),
      figures(row),
      isFinite(total) && gaps(row, total), isFinite(total) && services(row, total), isFinite(total) && operators(row, total),
      app.national && app.meta.linked && BS.h('p', null, BS.h('a', { href: 'maps/' + app.meta.provinces[names.province[row]].page + '.html#x=' + encodeURIComponent(names.code[row]) }, BS.t('province.open')))];
  }
  /* The raster's and the official figure beside each other, where both are known. */
  function figures(row) {
    var raster = value('pop_raster', row), official = value('pop_official', row);
    if (!isFinite(raster) || !isFinite(official)) return null;
    return BS.h('p', { class: 'small' }, BS.t('figures', { raster: BS.number(raster), official: BS.number(official) }),
      BS.app.names.flags[row] & BS.DISPUTED ? BS.h('strong', null, ' ', BS.t('disputed')) : null);
  }
  BS.sourceWord = function (source) {
    var key = 'source.' + source, word = BS.t(key);
    return word === key ? source.slice(0, 200) : word;
  };

  function settings(row, texts) {
    var flags = [[BS.RURAL, 'rural'], [BS.BORDER, 'border'], [BS.ISLAND, 'island']].filter(function (flag) { return BS.app.names.flags[row] & flag[0]; });
    if (!flags.length) return null;
    return BS.h('ul', { class: 'tags' }, flags.map(function (flag) {
      var basis = text(texts, 'is_' + flag[1] + '_basis', row), key = 'basis.' + basis, word = basis ? BS.t(key) : '';
      var km = flag[1] === 'border' ? value('border_distance_km', row) : NaN;
      return BS.h('li', null, BS.h('b', null, BS.t(flag[1])), word && BS.h('small', null, word === key ? basis : word, isFinite(km) ? ' (' + BS.number(km, 1) + ' km)' : ''));
    }));
  }

  /* good: more people are better (covered); bad: fewer are; even: neither. */
  function line(label, people, total, past, more) {
    var change = isFinite(past) && isFinite(people) ? people - past : NaN;
    return BS.h('tr', null, BS.h('th', { scope: 'row' }, label), BS.h('td', null, BS.number(people)), BS.h('td', null, BS.percent(people, total)),
      BS.app.model.before && BS.h('td', { class: Math.abs(change) < 0.5 || !isFinite(change) || more === 'even' ? '' : (change > 0) === (more === 'good') ? 'better' : 'worse' }, isFinite(change) ? BS.signed(change) : '-'));
  }
  function capital(text) { return text.charAt(0).toUpperCase() + text.slice(1); }
  function heads(first) {
    return BS.h('thead', null, BS.h('tr', null, BS.h('th', { scope: 'col' }, first), BS.h('th', { scope: 'col' }, BS.t('people.short')), BS.h('th', { scope: 'col' }, '%'),
      BS.app.model.before && BS.h('th', { scope: 'col' }, BS.t('change.short'))));
  }

  /* The profile's own figures, then the black spots. */
  function gaps(row, total) {
    var app = BS.app, lines = app.meta.indicators.filter(function (item) { return (item.kind === 'fails' || item.kind === 'double' || item.kind === 'partial') && item.lack; })
      .map(function (item) { return line(BS.inLanguage(item.label), value(item.lack, row), total, value(item.lack, row, true)); });
    var count = value('black_spot_count', row);
    if (isFinite(count)) lines.push(line(BS.t('card.spots', { count: BS.number(count) }), value('pop_in_black_spots', row), total, value('pop_in_black_spots', row, true)));
    return BS.h('table', { class: 'facts', 'aria-label': BS.t('card.gaps') }, heads(BS.t('card.gaps')), BS.h('tbody', null, lines));
  }

  function services(row, total) {
    return BS.app.meta.services.map(function (service) {
      var id = service.id;
      if (!BS.app.model.now.has('pop_covered_' + id)) return null;
      var states = [['covered', 'pop_covered_', 'good'], ['uncovered', 'pop_uncovered_', 'bad'], ['noData', 'pop_no_data_', 'even']];
      return BS.h('table', { class: 'facts', 'aria-label': BS.inLanguage(service.label) }, heads(capital(BS.inLanguage(service.label))),
        BS.h('tbody', null, states.map(function (state) { return line(BS.t(state[0]), value(state[1] + id, row), total, value(state[1] + id, row, true), state[2]); })));
    });
  }

  /* Every operator and rule of every service, folded away. */
  function operators(row, total) {
    var app = BS.app, rows = [];
    BS.app.meta.indicators.forEach(function (item) {
      if (!item.have) return;
      var bounds = app.model.bounds(item, false), open = bounds.high[row] - bounds.low[row], have = value(item.have, row);
      var silent = open >= 0.5 && have < 0.5; /* covers nobody for certain, and says nothing of somebody */
      rows.push(BS.h('tr', null, BS.h('th', { scope: 'row' }, BS.name(BS.t('have.' + item.kind, { service: BS.serviceName(item.service), operator: item.operator, k: item.k }))),
        silent ? BS.h('td', { colspan: '2' }, BS.t('noData')) : [BS.h('td', null, BS.number(have), open >= 0.5 && BS.h('small', null, ' ' + BS.t('tile.upto', { high: BS.number(have + open) }))), BS.h('td', null, BS.percent(have, total))]));
    });
    if (!rows.length) return null;
    return BS.h('details', null, BS.h('summary', null, BS.t('card.operators')), BS.h('table', { class: 'facts', 'aria-label': BS.t('card.operators') },
      BS.h('thead', null, BS.h('tr', null, BS.h('th', { scope: 'col' }, BS.t('card.coveredBy')), BS.h('th', { scope: 'col' }, BS.t('people.short')), BS.h('th', { scope: 'col' }, '%'))),
      BS.h('tbody', null, rows)));
  }

  function spotCard(i) {
    var app = BS.app, row = app.spots.commune[i], names = app.names, rank = app.spots.numbers[5][i], missing = app.meta.spots.missing;
    var place = BS.spotPlace(i), cluster = BS.spotCluster(i);
    function fact(label, content) { return BS.h('div', null, BS.h('dt', null, label), BS.h('dd', null, content)); }
    return [closeButton(),
      BS.h('h2', null, BS.t('spot')),
      BS.h('p', { class: 'where' }, BS.h('button', { type: 'button', class: 'link', on: { click: function () { BS.set({ spot: '', selected: names.code[row] }); } } }, BS.name(names.name[row])),
        ' · ', BS.name(app.model.provinceNames[names.province[row]])),
      BS.h('p', { class: 'people' }, BS.h('b', null, BS.t('card.people', { people: BS.number(BS.spotPeople(i)) })), BS.h('small', null, BS.t('spot.lacking', { services: BS.spotMissing(i) }))),
      BS.h('dl', { class: 'pairs' },
        rank > 0 && fact(BS.t('rank'), BS.number(rank - 1)),
        fact(BS.t('area'), BS.number(BS.spotArea(i), 2) + ' km²'),
        place && fact(BS.t('spot.near'), [BS.name(place[0]), ' (' + distance(place[1]) + ')']),
        BS.spotDistances(i).map(function (found) { return fact(BS.t('spot.distance', { service: BS.serviceName(found[0]) }), [distance(found[1]), byOperator(found[2])]); }),
        cluster.count > 1 && fact(BS.t('spot.cluster'), BS.t('spot.clusterOf', { count: BS.number(cluster.count), people: BS.number(cluster.people) })),
        fact(BS.t('spot.point'), BS.spotLat(i).toFixed(5) + ', ' + BS.spotLon(i).toFixed(5)),
        fact(BS.t('spot.id'), BS.spotId(i))),
      BS.h('p', { class: 'note' }, BS.t('spot.why', { services: missing.length ? BS.spotMissing(i) : '' }))];
  }
  function distance(km) { return isFinite(km) ? BS.number(km, 1) + ' km' : BS.t('spot.nowhere'); }
  /* Where several operators offer the service: how far each one's is. */
  function byOperator(each) {
    if (each.length < 2) return null;
    return each.map(function (one) {
      var known = BS.app.meta.operators.find(function (operator) { return operator.slug === one[0]; });
      return BS.h('small', { class: 'each' }, BS.name(known ? known.name : one[0]), ': ', distance(one[1]));
    });
  }
})();
