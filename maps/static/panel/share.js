/* share.js: take the view away: a link, a code, a table. */
'use strict';
(function () {
  BS.initShare = function () {
    BS.by('do-link').addEventListener('click', function () { BS.copy(location.href.split('#')[0] + code(), 'copied.link'); });
    BS.by('do-code').addEventListener('click', function () { BS.copy(code(), 'copied.code'); });
    BS.by('do-csv').addEventListener('click', download);
  };
  function code() { return '#' + BS.formatState(BS.app.state, BS.app.meta); }

  BS.copy = function (text, message) {
    var done = function () { BS.toast(BS.t(message)); };
    var otherwise = function () { byHand(text, done); };
    if (navigator.clipboard && navigator.clipboard.writeText) navigator.clipboard.writeText(text).then(done, otherwise);
    else otherwise();
  };
  /* Older ways first; where nothing works the text is shown, ready to be copied. */
  function byHand(text, done) {
    var area = BS.h('textarea', { class: 'unseen', 'aria-hidden': 'true', readonly: true });
    area.value = text;
    document.body.append(area);
    area.select();
    var copied = document.execCommand && document.execCommand('copy');
    area.remove();
    if (copied) { done(); return; }
    BS.openDialog(BS.t('copyLink'), [BS.h('p', null, BS.t('copyByHand')), BS.h('p', null, BS.h('code', null, text))]);
  }

  /* What the tab shows, in its order. */
  BS.csv = function () {
    var notice = BS.inLanguage(BS.app.meta.notice);
    var lines = { spots: spotLines, provinces: provinceLines, events: eventLines, communes: communeLines }[BS.app.state.tab]();
    lines[0].push(notice && 'notice');
    return '\ufeff' + lines.map(function (cells, at) {
      if (at) cells.push(notice);
      return (notice ? cells : cells.slice(0, -1)).map(BS.csvCell).join(',') + '\r\n';
    }).join('');
  };
  function rounded(value, places) { return Math.round(places * value) / places; }
  function place(row) {
    var names = BS.app.names, province = BS.app.meta.provinces[names.province[row]];
    return [names.code[row], names.given[row], province.code, province.name];
  }
  /* The people of a row lie between two ends where nothing is known of some of them. */
  function provinceLines() {
    var item = BS.app.model.indicator(BS.app.state.indicator), head = ['first_place', 'last_place', 'province_code', 'province_name',
      'communes', 'pop_total', 'indicator', 'people_low', 'people_high', 'share_low_pct', 'share_high_pct'];
    return [head].concat(BS.provinceOrder().map(function (one) {
      var province = BS.app.meta.provinces[one.province], by = 100 / one.all;
      return [one.first, Math.max(one.first, one.last), province.code, province.name, one.communes, rounded(one.all, 1000),
        item ? BS.inLanguage(item.label) : '', rounded(one.low, 1000), rounded(one.high, 1000),
        rounded(one.low * by, 10000), rounded(one.high * by, 10000)];
    }));
  }
  function spotLines() {
    var app = BS.app, spots = app.spots, services = app.meta.spots.missing;
    var head = ['rank', 'spot_id', 'code', 'name', 'province_code', 'province_name', 'place_name', 'pop', 'area_km2'];
    return [head.concat('lon', 'lat', 'missing', 'distance_km')].concat(BS.spotOrder().map(function (i) {
      var near = BS.spotPlace(i), rank = spots.numbers[5][i], bits = spots.numbers[4][i];
      var missing = services.filter(function (_service, at) { return bits & (1 << at); }).join(' ');
      return [rank ? rank - 1 : NaN, BS.spotId(i)].concat(place(spots.commune[i]), near ? near[0] : '', BS.spotPeople(i), BS.spotArea(i),
        rounded(BS.spotLon(i), 1e5), rounded(BS.spotLat(i), 1e5), missing, BS.spotFar(i));
    }));
  }
  function eventLines() {
    var events = BS.app.events, head = ['event', 'code', 'name', 'province_code', 'province_name', 'place_name', 'before_ids', 'after_ids'];
    var shown = events.row.map(function (_row, i) { return i; }).filter(BS.eventShown);
    return [head.concat('pop_before', 'pop_after')].concat(shown.map(function (i) {
      return [events.event[i]].concat(place(events.row[i]), events.place[i], events.before[i].join(' '), events.after[i].join(' '),
        events.old[i], events.now[i]);
    }));
  }
  /* Every number the page has of the communes. */
  function communeLines() {
    var app = BS.app, model = app.model, state = app.state, lines = [];
    var columns = app.meta.columns.map(function (column) { return column.name; });
    var indicator = model.indicator(state.indicator), past = state.period === 'past';
    var head = ['code', 'name', 'province_code', 'province_name', 'type', 'is_rural', 'is_border', 'is_island'].concat(columns);
    var changes = model.changes ? app.meta.changes.columns.map(function (column) { return column.name; }) : [];
    changes.forEach(function (name) { head.push(name.replace('|', '_')); });
    if (indicator) head.push('shown_' + state.unit, 'shown_people_low', 'shown_people_high');
    lines.push(head);
    model.sorted(state).forEach(function (row) {
      var names = app.names, flags = names.flags[row];
      var cells = place(row).concat(['commune', 'ward', 'special_zone'][names.type[row]]);
      [BS.RURAL, BS.BORDER, BS.ISLAND].forEach(function (flag) { cells.push(flags & flag ? 'true' : 'false'); });
      columns.forEach(function (name) { cells.push(model.now.get(name)[row]); });
      changes.forEach(function (name) { cells.push(model.changes.get(name)[row]); });
      if (indicator) {
        var bounds = model.bounds(indicator, past);
        cells.push(rounded(model.value(state, row, past), 1000), rounded(bounds.low[row], 1000), rounded(bounds.high[row], 1000));
      }
      lines.push(cells);
    });
    return lines;
  }
  function download() {
    var read = { spots: BS.withSpots, events: BS.withEvents }[BS.app.state.tab];
    if (read) read(save); else save();
  }
  function save() {
    var text = BS.csv(), rows = text.split('\r\n').length - 2;
    var url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
    var area = BS.fold(BS.areaName()).replace(/ /g, '-').slice(0, 40);
    var link = BS.h('a', { href: url, download: ['blackspot', BS.app.state.tab, area].join('-') + '.csv', hidden: true });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(function () { URL.revokeObjectURL(url); }, 1000);
    BS.toast(BS.t('csv.done', { count: BS.number(rows) }));
  }
})();
