/* events.js: draws what became of black spots: a sign for each kind of event, as large as people moved. */
'use strict';
(function () {
  var draw = BS.draw, WORSE = '#9c2a00', BETTER = '#00655a', EVEN = '#4a5568', ASIDE = '#767d88';

  /* Worse first: the same order as the list. 1 is worse, -1 better, 0 neither. */
  var TURN = { 'new': 1, grown: 1, closed: -1, shrunk: -1, split: 0, merged: 0, complex: 0, same: 0 };
  BS.EVENTS = ['new', 'grown', 'closed', 'shrunk', 'split', 'merged', 'complex'];
  /* Only what coverage alone did is better or worse. */
  BS.eventColour = function (kind) {
    if (!BS.app.meta.changes.spots) return ASIDE;
    return TURN[kind] > 0 ? WORSE : TURN[kind] < 0 ? BETTER : EVEN;
  };
  BS.placeEvents = function (events) {
    function ids(text) { return text ? text.split(',') : []; }
    events.before = events.before.map(ids); events.after = events.after.map(ids);
    events.wx = events.lon.map(BS.worldX); events.wy = events.lat.map(BS.worldY);
    return events;
  };
  BS.eventPeople = function (i) { return BS.app.events.now[i] - BS.app.events.old[i]; };
  BS.eventShown = function (i) { return BS.app.model.passes(BS.app.state, BS.app.events.row[i]); };

  function radius(v, i) {
    var base = Math.max(1, Math.min(5.5, (v.zoom - 4) * 0.95));
    return base * Math.min(3.2, 0.55 + Math.sqrt(Math.abs(BS.eventPeople(i))) / 24);
  }
  /* The last ones first, so that those of most people lie on top. */
  BS.paintEvents = function (ctx, v, again) {
    var app = BS.app, events = app.events;
    if (!app.state.spots) return;
    if (!events) { BS.withEvents(again); return; }
    draw.plain(ctx, v);
    ctx.lineJoin = 'round';
    for (var i = events.row.length - 1; i >= 0; i--) {
      var x = events.wx[i] * v.scale - v.left, y = events.wy[i] * v.scale - v.top, r = radius(v, i);
      if (x < -20 || y < -20 || x > v.width + 20 || y > v.height + 20 || !BS.eventShown(i)) continue;
      BS.paintEvent(ctx, events.event[i], x, y, r);
    }
  };
  /* One sign: also the legend draws it. */
  BS.paintEvent = function (ctx, kind, x, y, r) {
    var colour = BS.eventColour(kind), hollow = kind === 'closed' || kind === 'shrunk';
    ctx.beginPath();
    if (kind === 'new' || kind === 'closed') ctx.arc(x, y, r, 0, 7);
    else if (kind === 'grown') corners(ctx, [x, y - r * 1.15, x + r, y + r * 0.75, x - r, y + r * 0.75]);
    else if (kind === 'shrunk') corners(ctx, [x, y + r * 1.15, x + r, y - r * 0.75, x - r, y - r * 0.75]);
    else corners(ctx, [x, y - r, x + r, y, x, y + r, x - r, y]);
    ctx.fillStyle = hollow ? 'rgba(255,255,255,.85)' : colour; ctx.fill();
    ctx.lineWidth = hollow ? Math.max(1, r * 0.34) : 0.8;
    ctx.strokeStyle = hollow ? colour : 'rgba(255,255,255,.95)'; ctx.stroke();
  };
  function corners(ctx, points) {
    for (var k = 0; k < points.length; k += 2) { if (k) ctx.lineTo(points[k], points[k + 1]); else ctx.moveTo(points[0], points[1]); }
    ctx.closePath();
  }
  BS.eventSign = function (kind) {
    var canvas = BS.h('canvas', { class: 'sign', 'aria-hidden': 'true', width: 44, height: 32 }), ctx = canvas.getContext('2d');
    ctx.scale(2, 2);
    BS.paintEvent(ctx, kind, 11, 8, 5.5);
    return canvas;
  };
  BS.paintPickedEvent = function (ctx, v) {
    var app = BS.app, i = app.pickedEvent;
    if (i === undefined || i < 0 || app.state.period !== 'change' || !app.events || app.events.row[i] !== app.selected) return;
    BS.paintRing(ctx, v, app.events.wx[i], app.events.wy[i], radius(v, i) + 6);
  };
})();
