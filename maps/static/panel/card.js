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
    var opens = BS.by('card').hidden;
    BS.replace(BS.by('card'), children);
    BS.by('card').hidden = false;
    if (opens) BS.showCard();
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
    var app = BS.app, names = app.names, total = value('pop_total', row), source = text(texts, 'pop_source', row);
    var people = isFinite(total) ? BS.t('card.people', { people: BS.number(total) }) : BS.t('unknown');
    var province = BS.name(app.model.provinceNames[names.province[row]]), code = names.code[row];
    return [closeButton(),
      BS.h('h2', null, BS.name(names.name[row])),
      BS.h('p', { class: 'where' },
        BS.t('type.' + names.type[row]), ' · ', province, ' · ', BS.t('code'), ' ', code.slice(0, 60)),
      settings(row, texts),
      ranked(row, texts),
      BS.h('p', { class: 'people' }, BS.h('b', null, people), source && BS.h('small', null, BS.sourceWord(source))),
      figures(row),
      BS.settlementLine && BS.settlementLine(row),
      BS.changesOf && BS.changesOf(row),
      isFinite(total) && gaps(row, total), isFinite(total) && services(row, total), isFinite(total) && operators(row, total),
      BS.placeLine(BS.degreesY(names.wy[row]), BS.degreesX(names.wx[row])),
      BS.h('p', null, BS.sheetButton({ row: row }), app.national && app.meta.linked && [' ', BS.provinceLink(names.province[row], code)]),
      explained(row, -1)];
  }
  function ranked(row, texts) {
    var rank = value('rank', row), tier = value('tier', row), reason = texts && BS.reason(row);
    if (!isFinite(rank)) return null;
    return BS.h('p', { class: 'rank' },
      BS.h('b', null, BS.t('rank.of', { rank: rankText(row), count: BS.number(BS.app.meta.ranked) })),
      BS.app.model.openPeople(row) ? ' · ' + BS.t('rank.open') : null,
      isFinite(tier) && ' · ' + BS.t('tier', { tier: BS.number(tier) }),
      BS.sureWord(row) && ' · ' + BS.sureWord(row),
      sure(row),
      reason && BS.h('br'), reason && BS.name(reason));
  }
  /* Where nothing is known of some people, the places between which the rank lies; else the rank. */
  BS.rankText = rankText;
  function rankText(row) {
    var bounds = BS.app.model.rankBounds(row);
    return BS.app.model.openPeople(row) ? BS.range(bounds.low, bounds.high) : BS.number(value('rank', row));
  }
  /* The people who fail and the rank, each with the range of nine draws of ten; these know nothing of people without data. */
  function sure(row) {
    if (BS.app.model.openPeople(row) || !isFinite(value('rank_low', row)) || !isFinite(value('pop_failing_low', row))) return null;
    function number(column) { return BS.number(value(column, row)); }
    var words = { people: number('pop_failing'), low: number('pop_failing_low'), high: number('pop_failing_high'),
      rank: number('rank'), best: number('rank_low'), worst: number('rank_high') };
    return BS.h('small', { class: 'sure', title: BS.t('sure.range') }, BS.t('sure.line', words));
  }
  /* The raster's and the official figure beside each other, where both are known. */
  function figures(row) {
    var raster = value('pop_raster', row), official = value('pop_official', row);
    if (!isFinite(raster) || !isFinite(official)) return null;
    return BS.h('p', { class: 'small' }, BS.t('figures', { raster: BS.number(raster), official: BS.number(official) }),
      BS.app.names.flags[row] & BS.DISPUTED ? BS.h('strong', null, ' ', BS.t('disputed')) : null);
  }
  BS.sourceWord = function (source) {
    return BS.wordOf('source.', source, 'source.unknown');
  };

  function settings(row, texts) {
    var all = [[BS.RURAL, 'rural'], [BS.BORDER, 'border'], [BS.ISLAND, 'island']];
    var flags = all.filter(function (flag) { return BS.app.names.flags[row] & flag[0]; });
    if (!flags.length) return null;
    return BS.h('ul', { class: 'tags' }, flags.map(function (flag) {
      var basis = text(texts, 'is_' + flag[1] + '_basis', row), word = basis ? BS.wordOf('basis.', basis, 'basis.none') : '';
      var km = flag[1] === 'border' ? value('border_distance_km', row) : NaN;
      var far = isFinite(km) ? ' (' + BS.number(km, 1) + ' km)' : '';
      return BS.h('li', null, BS.h('b', null, BS.t(flag[1])), word && BS.h('small', null, word, far));
    }));
  }

  /* high: the people that it may be at most; good: more people are better (covered); bad: fewer are; even: neither. */
  function line(label, people, high, total, past, more) {
    var change = isFinite(past) && isFinite(people) ? people - past : NaN;
    var mixed = BS.app.meta.changes && !BS.app.meta.changes.progress; /* not of coverage alone: neither better nor worse */
    var same = !isFinite(change) || Math.abs(change) < 0.5 || more === 'even' || mixed;
    var turn = mixed ? 'aside' : same ? '' : (change > 0) === (more === 'good') ? 'better' : 'worse';
    return BS.h('tr', null, BS.h('th', { scope: 'row' }, label),
      BS.h('td', null, BS.range(people, high)), BS.h('td', null, BS.percentRange(people, high, total)),
      BS.app.model.before && BS.h('td', { class: turn }, isFinite(change) ? BS.signed(change) : '-'));
  }
  function capital(text) { return text.charAt(0).toUpperCase() + text.slice(1); }
  function heads(words) {
    var cells = words.map(function (word) { return BS.h('th', { scope: 'col' }, word); });
    return BS.h('thead', null, BS.h('tr', null, cells));
  }
  function headsOf(first) {
    return heads([first, BS.t('people.short'), '%'].concat(BS.app.model.before ? BS.t('change.short') : []));
  }

  /* The profile's own figures, then the black spots. */
  function gaps(row, total) {
    function lineOf(label, column, high) { return line(label, value(column, row), high, total, value(column, row, true)); }
    var kinds = ['fails', 'basic', 'double', 'partial'], model = BS.app.model;
    var lines = BS.app.meta.indicators.filter(function (item) { return kinds.indexOf(item.kind) >= 0 && item.lack; })
      .map(function (item) { return lineOf(BS.inLanguage(item.label), item.lack, model.bounds(item, false).high[row]); });
    if (isFinite(value('black_spot_count', row))) lines.push(lineOf(spotsLabel(row), 'pop_in_black_spots', mostInSpots(row)));
    return BS.h('table', { class: 'facts', 'aria-label': BS.t('card.gaps') }, headsOf(BS.t('card.gaps')), BS.h('tbody', null, lines));
  }

  /* People of whom it is not known whether they fail may live in a black spot that nobody knows of. */
  function spotsLabel(row) {
    var count = value('black_spot_count', row), open = BS.app.model.openPeople(row);
    if (open && count < 1) return BS.t('card.spotsOpen');
    return BS.t('card.spots', { count: open ? BS.atLeast(count) : BS.number(count) });
  }
  function mostInSpots(row) {
    return BS.app.model.openPeople(row) ? BS.app.model.failing().high[row] : value('pop_in_black_spots', row);
  }

  /* Of people without data nobody knows whether they are covered: both numbers are ranges. */
  function services(row, total) {
    return BS.app.meta.services.map(function (service) {
      var id = service.id;
      if (!BS.app.model.now.has('pop_covered_' + id)) return null;
      var states = [['covered', 'pop_covered_', 'good'], ['uncovered', 'pop_uncovered_', 'bad'], ['noData', 'pop_no_data_', 'even']];
      var lines = states.map(function (state) {
        var column = state[1] + id, people = value(column, row), silent = state[0] === 'noData' ? 0 : value('pop_no_data_' + id, row);
        return line(BS.t(state[0]), people, Math.max(people, Math.min(people + silent, total)), total, value(column, row, true), state[2]);
      });
      var label = BS.inLanguage(service.label);
      return BS.h('table', { class: 'facts', 'aria-label': label }, headsOf(capital(label)), BS.h('tbody', null, lines));
    });
  }

  /* Every operator and rule of every service, folded away. */
  function operators(row, total) {
    var rows = BS.app.meta.indicators.filter(function (item) { return item.have; })
      .map(function (item) { return operatorLine(item, row, total); });
    if (!rows.length) return null;
    var label = BS.t('card.operators');
    return BS.h('details', null, BS.h('summary', null, label), BS.h('table', { class: 'facts', 'aria-label': label },
      heads([BS.t('card.coveredBy'), BS.t('people.short'), '%']), BS.h('tbody', null, rows)));
  }
  function operatorLine(item, row, total) {
    var bounds = BS.app.model.bounds(item, false), open = bounds.high[row] - bounds.low[row], have = value(item.have, row);
    var words = { service: BS.serviceName(item.service), operator: item.operator, k: item.k };
    var label = BS.h('th', { scope: 'row' }, BS.name(BS.t('have.' + item.kind, words)));
    return BS.h('tr', null, label, BS.h('td', null, BS.range(have, have + open)),
      BS.h('td', null, BS.percentRange(have, have + open, total)));
  }

  function communeButton(row) {
    var names = BS.app.names;
    function open() { BS.set({ spot: '', selected: names.code[row] }); }
    return BS.h('button', { type: 'button', class: 'link', on: { click: open } }, BS.name(names.name[row]));
  }
  function spotCard(i) {
    var app = BS.app, row = app.spots.commune[i], names = app.names, rank = app.spots.numbers[5][i], missing = app.meta.spots.missing;
    var place = BS.spotPlace(i), cluster = BS.spotCluster(i);
    function fact(label, content) { return BS.h('div', null, BS.h('dt', null, label), BS.h('dd', null, content)); }
    return [closeButton(),
      BS.h('h2', null, BS.t('spot')),
      BS.h('p', { class: 'where' }, communeButton(row), ' · ', BS.name(app.model.provinceNames[names.province[row]])),
      BS.h('p', { class: 'people' }, BS.h('b', null, BS.t('card.people', { people: BS.number(BS.spotPeople(i)) })),
        BS.h('small', null, BS.t('spot.lacking', { services: BS.spotMissing(i) }))),
      BS.h('dl', { class: 'pairs' },
        rank > 0 && fact(BS.t('rank'), BS.number(rank - 1)),
        fact(BS.t('area'), BS.number(BS.spotArea(i), 2) + ' km²'),
        place && fact(BS.t('spot.near'), [BS.name(place[0]), ' (' + distance(place[1]) + ')']),
        BS.spotDistances(i).map(function (found) {
          var label = BS.t('spot.distance', { service: BS.serviceName(found[0]) });
          return fact(label, [distance(found[1]), byOperator(found[2])]);
        }),
        cluster.count > 1 && fact(BS.t('spot.cluster'), clusterText(cluster)),
        fact(BS.t('spot.point'), BS.placeLine(BS.spotLat(i), BS.spotLon(i))),
        fact(BS.t('spot.id'), BS.spotId(i))),
      BS.h('p', { class: 'note' }, BS.t('spot.why', { services: missing.length ? BS.spotMissing(i) : '' })),
      explained(row, i)];
  }

  /* The page that `blackspot explain` prints of a commune or of one of its black spots (-1: of none), folded away. */
  function explained(row, spot) {
    var lines = BS.h('div', { class: 'told' }), summary = BS.h('summary', null, BS.t('card.explain'));
    var part = BS.h('details', { id: 'told', on: { toggle: fill } }, summary, lines);
    part.open = !!BS.app.explains;
    function fill() {
      BS.app.explains = part.open;
      if (!part.open || lines.firstChild) return;
      BS.withTexts(function () {
        BS.withSpots(function () {
          if (!lines.firstChild) BS.replace(lines, BS.explainedLines(row, spot).map(paragraph));
        });
      });
    }
    return part;
  }
  function paragraph(line) { return BS.h('p', { dir: 'auto' }, line); }
  function communeLine(line, row, words) {
    function figure(column) { return value(BS.app.meta.columns[column].name, row); }
    return BS.toldLine(line, words, figure, value('pop_total', row));
  }
  BS.reason = function (row) { return communeLine(BS.app.told.communes[row][4][0], row, []); };
  BS.explainedLines = function (row, spot) {
    var app = BS.app, told = app.told, names = app.names, kinds = told.communes[row], start = BS.firstSpotOf(row);
    var own = [names.name[row], names.code[row], app.model.provinceNames[names.province[row]], BS.reason(row)];
    function ofCommune(line) { return communeLine(line, row, own); }
    function ofSpot(i, which) {
      var numbers = BS.spotNumbers(i), place = app.spots.numbers[7][i];
      var words = [BS.spotId(i), place ? app.spotPlaces[place - 1] : ''];
      return BS.toldLine(told.spots[i][which], words, function (column) { return numbers[column]; }, NaN);
    }
    function ofFirst(after) { return ofSpot(start + after, 1); }
    var spots = spot >= 0 ? [ofSpot(spot, 0), ofSpot(spot, 1)]
      : kinds[1].map(ofCommune).concat(told.first[row].map(ofFirst), kinds[2].map(ofCommune));
    return kinds[0].map(ofCommune).concat(spots, kinds[3].map(ofCommune), BS.inLanguage(app.meta.refused) || []);
  };
  function clusterText(cluster) {
    return BS.t('spot.clusterOf', { count: BS.number(cluster.count), people: BS.number(cluster.people) });
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
