/* events.js: the list of what became of black spots, most people added first. */
'use strict';
(function () {
  var SHOWN = 2; /* ids of an event; the tables have all */

  BS.eventTable = function () {
    var app = BS.app, events = app.events, rows = [];
    for (var i = 0; i < events.row.length; i++) if (BS.eventShown(i)) rows.push(i);
    var heads = [['changes.event'], ['spot.place'], ['changes.before', true], ['changes.after', true], ['change.short', true]];
    BS.by('table').classList.remove('changes');
    BS.by('table-note').textContent = BS.t('changes.eventNote');
    var title = BS.t('changes.eventTitle', { area: BS.areaName(), count: BS.number(rows.length) });
    BS.fillTable(title, heads.map(function (one) {
      return BS.h('th', { scope: 'col', class: one[1] ? 'n' : null }, BS.t(one[0]));
    }), rows, eventRow, 'eventPage');
  };
  function eventRow(i, at) {
    var app = BS.app, events = app.events, row = events.row[i], kind = events.event[i], picked = i === app.pickedEvent;
    var people = BS.eventPeople(i), turn = turnOf(people), province = app.model.provinceNames[app.names.province[row]];
    return BS.h('tr', { class: picked ? 'picked' : null, 'data-key': String(i) },
      BS.h('td', null, BS.eventSign(kind), BS.h('span', { class: 'kind' }, BS.t('event.' + kind))),
      BS.h('th', { scope: 'row' }, BS.nameButton(app.names.name[row], at, picked, function () { pick(i); }),
        BS.h('small', null, events.place[i] && [BS.name(events.place[i]), ' · '], BS.name(province)),
        BS.h('small', { class: 'ids' }, lineage(i))),
      BS.h('td', { class: 'n' }, BS.number(events.old[i])),
      BS.h('td', { class: 'n' }, BS.number(events.now[i])),
      BS.h('td', { class: 'n ' + turn }, (turn === 'worse' ? '▲ ' : turn === 'better' ? '▼ ' : '') + BS.signed(people)));
  }
  function turnOf(people) {
    if (!BS.app.meta.changes.spots) return 'aside';
    return people >= 0.5 ? 'worse' : people <= -0.5 ? 'better' : '';
  }
  /* Ids from before and of now; one that stays is written once. */
  function lineage(i) {
    var events = BS.app.events, old = events.before[i], now = events.after[i];
    function ids(list) {
      var more = list.length - SHOWN;
      return BS.name(list.slice(0, SHOWN).join(', ') + (more > 0 ? ' +' + BS.number(more) : ''));
    }
    if (!old.length || !now.length || (old.length === 1 && now.length === 1 && old[0] === now[0])) return ids(old.length ? old : now);
    return [ids(old), ' → ', ids(now)];
  }
  function pick(i) {
    var app = BS.app, events = app.events;
    app.pickedEvent = i;
    BS.set({ selected: app.names.code[events.row[i]], spot: '', spots: true, period: 'change' });
    app.map.setView([events.lat[i], events.lon[i]], Math.max(app.map.getZoom(), 10), { animate: false });
    BS.renderTable();
    var again = BS.by('table').querySelector('tr.picked button');
    if (again) again.focus({ preventScroll: true });
    BS.say(BS.t('event.' + events.event[i]) + ', ' + app.names.name[events.row[i]].slice(0, 120));
  }
})();
