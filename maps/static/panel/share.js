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

  /* What the list shows, in its order, with every number the page has. */
  BS.csv = function () {
    var app = BS.app, model = app.model, state = app.state, lines = [];
    var columns = app.meta.columns.map(function (column) { return column.name; });
    var notice = BS.inLanguage(app.meta.notice), indicator = model.indicator(state.indicator);
    var head = ['code', 'name', 'province_code', 'province_name', 'type', 'is_rural', 'is_border', 'is_island'].concat(columns);
    var changes = model.changes ? app.meta.changes.columns.map(function (column) { return column.name; }) : [];
    changes.forEach(function (name) { head.push(name.replace('|', '_')); });
    if (indicator) head.push('shown_' + state.unit);
    if (notice) head.push('notice');
    lines.push(head.map(BS.csvCell).join(','));
    model.sorted(state).forEach(function (row) {
      var names = app.names, province = names.province[row], flags = names.flags[row];
      var cells = [names.code[row], names.name[row], app.meta.provinces[province].code, model.provinceNames[province],
        ['commune', 'ward', 'special_zone'][names.type[row]]];
      [BS.RURAL, BS.BORDER, BS.ISLAND].forEach(function (flag) { cells.push(flags & flag ? 'true' : 'false'); });
      columns.forEach(function (name) { cells.push(model.now.get(name)[row]); });
      changes.forEach(function (name) { cells.push(model.changes.get(name)[row]); });
      if (indicator) cells.push(Math.round(1000 * model.value(state, row, state.period === 'past')) / 1000);
      if (notice) cells.push(notice);
      lines.push(cells.map(BS.csvCell).join(','));
    });
    return '\ufeff' + lines.join('\r\n') + '\r\n';
  };
  function download() {
    var url = URL.createObjectURL(new Blob([BS.csv()], { type: 'text/csv;charset=utf-8' }));
    var area = BS.fold(BS.areaName()).replace(/ /g, '-').slice(0, 40);
    var link = BS.h('a', { href: url, download: 'blackspot-' + area + '.csv', hidden: true });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(function () { URL.revokeObjectURL(url); }, 1000);
    BS.toast(BS.t('csv.done', { count: BS.number(BS.app.model.shown(BS.app.state).length) }));
  }
})();
