/* pointer.js: mouse, touch and keys on the map. */
'use strict';
(function () {
  var REACH = 13; /* pixels around a small mark that count as on it */
  var waiting = null;

  BS.initPointer = function () {
    var map = BS.app.map, container = map.getContainer();
    map.on('mousemove', function (event) { waiting = waiting || requestAnimationFrame(function () { waiting = null; hover(event); }); });
    map.on('mouseout movestart', function () { hover(null); });
    /* who wants to see what lies under it sends the tip away without moving the pointer */
    document.addEventListener('keydown', function (event) { if (event.key === 'Escape') BS.by('tip').hidden = true; });
    map.on('click', function (event) { pick(event.latlng); });
    container.addEventListener('keydown', function (event) {
      if (event.target !== container) return;
      if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); pick(map.getCenter()); }
      if (event.key === 'Escape') BS.set({ selected: '', spot: '' });
    });
    /* with the keyboard the cross marks the middle, and the commune under it is spoken */
    map.on('moveend', function () {
      if (document.activeElement !== container || !container.matches(':focus-visible')) return;
      var row = at(map.getCenter());
      if (row >= 0) BS.say(spoken(row));
    });
    BS.by('zoom-in').addEventListener('click', function () { map.zoomIn(); });
    BS.by('zoom-out').addEventListener('click', function () { map.zoomOut(); });
    BS.by('zoom-home').addEventListener('click', BS.fitAll);
  };

  function at(latlng) {
    var app = BS.app, x = BS.worldX(latlng.lng), y = BS.worldY(latlng.lat), scale = Math.pow(2, app.map.getZoom());
    var near = -1, far = REACH;
    BS.markers(BS.view(app.map.getZoom(), 0, 0, 0, 0, 1), app.shapes, app.names).forEach(function (marker) {
      var d = Math.hypot(marker.x - x * scale, marker.y - y * scale);
      if (d < far) { far = d; near = marker.row; }
    });
    return near >= 0 ? near : app.shapes.hit(x, y);
  }
  BS.communeAt = at;

  function pick(latlng) {
    var app = BS.app, spot = -1, zoom = app.map.getZoom();
    if (app.state.spots && BS.spotsPainted() && app.spots && BS.spotMode(zoom, app.national) !== 'circles') {
      spot = BS.spotAt(BS.worldX(latlng.lng), BS.worldY(latlng.lat), (zoom < 10 ? 5 : 7) / Math.pow(2, zoom));
    }
    if (spot >= 0) { BS.pickSpot(spot, false); BS.reveal(); return; }
    var row = at(latlng);
    if (BS.provinceShown(row) >= 0) { BS.pickProvince(app.names.province[row]); return; }
    var code = row >= 0 ? app.names.code[row] : '';
    var again = code === app.state.selected && !app.state.spot;
    BS.set(Object.assign({ selected: code, spot: '' }, row >= 0 && BS.pageOf(code)));
    if (again) BS.announce();
    BS.reveal();
  }
  /* What is selected, with its number and its rank, for who does not see the card. */
  BS.announce = function () {
    var app = BS.app, row = app.selected;
    if (app.state.spot) {
      BS.withSpots(function () {
        var i = BS.spotIndex(app.state.spot);
        if (i >= 0) BS.say(BS.t('spot') + ', ' + BS.t('card.people', { people: BS.number(BS.spotPeople(i)) }));
      });
    } else if (row >= 0) {
      var rank = app.model.now.has('rank') ? app.model.now.get('rank')[row] : NaN;
      BS.say(spoken(row) + (isFinite(rank) ? '. ' + BS.t('rank.of', { rank: BS.number(rank), count: BS.number(app.meta.ranked) }) : ''));
    }
  };
  BS.pickSpot = function (i, fly) {
    var app = BS.app;
    var code = app.names.code[app.spots.commune[i]];
    BS.set(Object.assign({ spot: BS.spotId(i), selected: code, spots: true }, BS.pageOfSpot(i), BS.pageOf(code)));
    if (fly) app.map.setView([BS.spotLat(i), BS.spotLon(i)], Math.max(app.map.getZoom(), 11), { animate: false });
  };

  function spoken(row) {
    var app = BS.app, item = app.model.indicator(app.state.indicator), province = BS.provinceShown(row);
    var what = item ? BS.inLanguage(item.label) + ': ' : '';
    if (province >= 0) return app.model.provinceNames[province].slice(0, 80) + '. ' + what + BS.provinceWords(province);
    var place = app.names.name[row].slice(0, 120) + ', ' + app.model.provinceNames[app.names.province[row]].slice(0, 80);
    return place + '. ' + what + BS.valueText(row);
  }
  BS.valueText = function (row) {
    var app = BS.app, state = app.state, past = state.period === 'past';
    if (state.period === 'change') {
      return BS.changeWords(row) + (state.unit === 'share' ? ' ' + BS.t('points') : '');
    }
    var kind = app.model.classes(state, past)[row];
    if (kind === BS.UNKNOWN || kind === BS.NOBODY) return BS.t(kind === BS.UNKNOWN ? 'unknown' : 'nobody');
    var bounds = app.model.bounds(app.model.indicator(state.indicator), past), low = bounds.low[row], high = bounds.high[row];
    var people = BS.t('tile.people', { people: BS.range(low, high) });
    var total = (past ? app.model.before : app.model.now).get('pop_total')[row];
    return state.unit === 'share' ? BS.percentRange(low, high, total) + ' (' + people + ')' : people;
  };

  function hover(event) {
    var app = BS.app, tip = BS.by('tip'), row = event ? at(event.latlng) : -1;
    var province = BS.provinceShown(row), on = province >= 0 ? -2 - province : row;
    var same = on === app.hovered;
    if (event) BS.renderPlace(event.latlng);
    if (!same) {
      app.hovered = on; /* below -1 a province */
      app.layers.outline.redraw();
      app.map.getContainer().classList.toggle('over', row >= 0);
    }
    if (same && tip.hidden) return; /* sent away until the pointer is on another commune */
    tip.hidden = row < 0;
    if (row < 0) return;
    var item = app.model.indicator(app.state.indicator);
    var name = province >= 0 ? app.model.provinceNames[province] : app.names.name[row];
    BS.replace(tip, BS.h('b', null, BS.name(name)), BS.h('span', null, item ? BS.inLanguage(item.label) : ''),
      BS.h('span', null, province >= 0 ? BS.provinceWords(province) : BS.valueText(row)));
    var size = app.map.getSize(), p = event.containerPoint;
    var left = p.x + 18 + 260 > size.x ? p.x - 18 - tip.offsetWidth : p.x + 18;
    tip.style.left = Math.max(4, left) + 'px'; tip.style.top = Math.max(4, Math.min(size.y - tip.offsetHeight - 4, p.y + 14)) + 'px';
  }
})();
