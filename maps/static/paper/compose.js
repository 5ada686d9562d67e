/* compose.js: the map on paper: one opaque picture of what the screen shows, or of one area, with its scale. */
'use strict';
(function () {
  var DOTS = 2.5, MOST_PIXELS = 14e6, ACROSS = 24, DOWN = 64; /* pixels kept free beside what is shown */
  var MM = BS.MM = 96 / 25.4; /* pixels of a millimetre of paper */

  /* A sheet about one place shows that place, not what the screen does: all that is drawn and said meanwhile follows the patch. */
  BS.within = function (patch, make) {
    var app = BS.app, state = app.state, selected = app.selected, row;
    app.state = Object.assign({}, state, patch);
    row = app.model.rowOf.get(app.state.selected);
    app.selected = row === undefined ? -1 : row;
    try { return make(); } finally { app.state = state; app.selected = selected; }
  };

  /* What the screen shows, or all of the area where the screen shows that. */
  BS.seenBounds = function () {
    var seen = BS.app.map.getBounds(), home = BS.app.home;
    return seen.contains(home) ? home : seen;
  };

  /* bounds: what must be on it; past: of the period before; islands: with the small map of those far off; marks: drawn last. */
  BS.compose = function (canvas, width, height, how) {
    var map = BS.app.map, a = map.project(how.bounds.getNorthWest(), 0), b = map.project(how.bounds.getSouthEast(), 0);
    var zoom = Math.log2(Math.min((width - ACROSS) / (b.x - a.x), (height - DOWN) / (b.y - a.y)));
    if (how.nearest) zoom = Math.min(how.nearest, zoom);
    var middle = a.add(b).multiplyBy(Math.pow(2, zoom) / 2), ratio = Math.min(DOTS, Math.sqrt(MOST_PIXELS / (width * height)));
    canvas.width = Math.round(width * ratio); canvas.height = Math.round(height * ratio);
    var ctx = canvas.getContext('2d'), v = BS.view(zoom, middle.x - width / 2, middle.y - height / 2, width, height, ratio);
    v.print = true;
    /* Chromium prints a canvas by drawing it again; a fill of just its size comes out too small there */
    ctx.fillStyle = BS.colours.sea; ctx.fillRect(-99, -99, canvas.width + 198, canvas.height + 198);
    BS.paintGround(ctx, v, how.past);
    if (BS.app.state.grid) BS.paintGraticule(ctx, v);
    BS.paintPeriodSpots(ctx, v, how.past, function () { BS.compose(canvas, width, height, how); });
    if (BS.app.selected >= 0) BS.paintOutlines(ctx, v, BS.app.shapes, [{ row: BS.app.selected, strong: true }]);
    var named = BS.paintLabels(ctx, v, BS.app);
    if (how.marks) how.marks(ctx, v, named.map(function (one) { return one.box; }));
    scale(ctx, v);
    if (how.islands) BS.printFar(ctx, v, how.past);
    BS.lastSheet = v;
  };

  /* A canvas of a size in millimetres. */
  BS.mapOnPaper = function (width, height, label, how) {
    var canvas = BS.h('canvas', { role: 'img', 'aria-label': label });
    BS.compose(canvas, Math.round(width * MM), Math.round(height * MM), how);
    canvas.style.width = width + 'mm'; canvas.style.height = height + 'mm';
    return canvas;
  };
  /* How high a sheet is, in millimetres, where nothing but paper is around it. */
  BS.heightOnPaper = function (root) {
    root.classList.add('measured');
    document.body.append(root);
    var high = root.getBoundingClientRect().height / MM;
    root.remove();
    root.classList.remove('measured');
    return high;
  };
  /* What every sheet says of its run: the date of the data, the run, the rules. */
  BS.runLine = function () {
    var meta = BS.app.meta, profile = meta.profile || {}, parts = [];
    if (meta.period && meta.period !== meta.run) parts.push(BS.t('sheet.date', { date: BS.date(meta.period) }));
    if (meta.run) parts.push(BS.t('sheet.run', { run: meta.run }));
    if (profile.id) parts.push(BS.t('profile.of', { profile: profile.id + ' ' + (profile.version || '') }));
    return parts.join(' · ');
  };

  function scale(ctx, v) {
    var bar = BS.scaleBar(v.zoom, BS.degreesY((v.y0 + v.y1) / 2), 120);
    ctx.setTransform(v.ratio, 0, 0, v.ratio, 0, 0);
    ctx.fillStyle = 'rgba(255,255,255,.85)'; ctx.fillRect(10, v.height - 34, bar.width + 12, 26);
    ctx.strokeStyle = ctx.fillStyle = '#14213d'; ctx.lineWidth = 1.5; ctx.beginPath();
    var left = 16, right = left + bar.width, base = v.height - 13, tick = v.height - 18;
    ctx.moveTo(left, tick); ctx.lineTo(left, base); ctx.lineTo(right, base); ctx.lineTo(right, tick); ctx.stroke();
    ctx.font = '11px ' + BS.FONT; ctx.textAlign = 'left'; ctx.textBaseline = 'alphabetic'; ctx.fillText(bar.text, 18, v.height - 20);
  }

  /* The longest round distance that fits: {width in pixels, text}. */
  BS.scaleBar = function (zoom, latitude, most) {
    var metres = 40075016.686 * Math.cos(latitude * Math.PI / 180) / (256 * Math.pow(2, zoom)); /* of one pixel */
    var limit = most * metres, power = Math.pow(10, Math.floor(Math.log10(limit)));
    var length = power * (limit / power >= 5 ? 5 : limit / power >= 2 ? 2 : 1);
    return { width: Math.round(length / metres), text: length >= 1000 ? BS.number(length / 1000) + ' km' : BS.number(length) + ' m' };
  };
})();
