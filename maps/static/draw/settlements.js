/* settlements.js: black spots by the names of the settlements they are at, on the map and on the card of a commune. */
'use strict';
(function () {
  var NAMES_FROM = 11, AT_KM = 1;
  BS.labelStyles.settlement = ['600 11px ', '#12163a', 13];

  /* Each name once, where the settlement is at the spot. */
  BS.settlementLabels = function (v) {
    var app = BS.app, named = app.settlements = new Set(), list = [];
    if (v.zoom < NAMES_FROM || !app.state.spots || !BS.spotsPainted()) return list;
    if (!app.spots) { BS.withSpots(function () { app.layers.names.redraw(); }); return list; }
    for (var i = 0; i < app.spots.count; i++) {
      var place = !BS.draw.outside(v, app.spots.box, i) && BS.spotShown(i) && BS.spotPlace(i);
      if (!place || place[1] > AT_KM || named.has(place[0])) continue;
      named.add(place[0]);
      var text = BS.shortName(BS.legible(place[0]));
      list.push({ text: text, x: app.spots.cx[i], y: app.spots.cy[i], kind: 'settlement', shift: 14 });
    }
    return list;
  };

  /* The settlement at the commune's black spot of most people. */
  BS.settlementLine = function (row) {
    var line = BS.h('p', { class: 'small' });
    BS.withSpots(function () {
      var i = BS.firstSpotOf(row), place = i >= 0 && BS.spotPlace(i);
      function open() { BS.pickSpot(i, true); }
      if (!place) return;
      BS.replace(line, BS.t('card.settlement'), ' ',
        BS.h('button', { type: 'button', class: 'link', on: { click: open } }, BS.name(place[0])), ' (' + BS.number(place[1], 1) + ' km)');
    });
    return line;
  };
})();
