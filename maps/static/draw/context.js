/* context.js: what lies around black spots: roads, rivers, settlements, public places. Drawn calmly under the spots, each
   kind in a shape of its own, farther out only the most important. */
'use strict';
(function () {
  var draw = BS.draw, FINEST = Math.pow(2, 14), ALL_FROM = 11, FEW = 40, POINTS_FROM = 9, NAMES_FROM = 11, MOST_NAMES = 400;
  var NEAR = 1.5, TOGETHER = 500, MOST_POINTS = 40000; /* pixels; points of a path, and of a kind in view */
  var QUIET = '#4b5160', HALO = 'rgba(255,255,255,.8)';
  /* [colour, width, dashes, width of the light middle] */
  var LINES = {
    contours: ['rgba(110,84,52,.55)', 0.7, [1.5, 2.5], 0], rivers: ['#3d78ad', 1.3, [], 0],
    roads: ['#6d675f', 2.8, [], 1.3], power_lines: ['#5b4d77', 1, [9, 3, 1.5, 3], 0]
  };
  var POINTS = { villages: circle, schools: triangle, clinics: cross, border_posts: flag };
  var words = { roads: '#5a5148', rivers: '#2b5f91', contours: '#6e5434', power_lines: '#5b4d77' };

  BS.labelStyles.around = ['400 10.5px ', '#3a3f4b', 12];
  Object.keys(words).forEach(function (kind) { BS.labelStyles[kind] = ['italic 400 10.5px ', words[kind], 12]; });

  /* The layout is that of encode_context. */
  BS.decodeContext = function (bytes) {
    var found = { count: 0, kinds: 0, kind: [], name: [], start: new Uint32Array(1), first: [] };
    if (!bytes) return found;
    var r = new BS.Reader(bytes), size = r.next(), n = r.next(), i, k;
    found.count = n; found.kinds = r.next();
    var xBytes = r.next(), named = [], texts = new TextDecoder('utf-8').decode(bytes.subarray(bytes.length - size)).split('\n');
    for (k = 0; k < found.kinds; k++) {
      found.first.push(found.kind.length);
      for (var left = r.next(); left > 0; left--) found.kind.push(k);
    }
    found.first.push(n);
    found.start = r.offsets(n);
    for (i = 0; i < n; i++) named.push(r.next());
    found.name = named.map(function (at) { return at ? BS.legible(texts[at - 1]) : ''; });
    var ry = new BS.Reader(bytes);
    ry.at = r.at + xBytes;
    found.wx = places(r, found.start); found.wy = places(ry, found.start);
    found.box = boxes(found);
    return found;
  };
  function places(r, start) {
    var world = new Float64Array(start[start.length - 1]), first = 0;
    for (var i = 0; i + 1 < start.length; i++) {
      first += r.signed();
      var at = first;
      world[start[i]] = at / FINEST;
      for (var k = start[i] + 1; k < start[i + 1]; k++) { at += r.signed(); world[k] = at / FINEST; }
    }
    return world;
  }
  function boxes(c) {
    var box = new Float64Array(c.count * 4);
    for (var i = 0; i < c.count; i++) {
      var x0 = Infinity, y0 = Infinity, x1 = -Infinity, y1 = -Infinity;
      for (var k = c.start[i]; k < c.start[i + 1]; k++) {
        x0 = Math.min(x0, c.wx[k]); x1 = Math.max(x1, c.wx[k]); y0 = Math.min(y0, c.wy[k]); y1 = Math.max(y1, c.wy[k]);
      }
      box.set([x0, y0, x1, y1], i * 4);
    }
    return box;
  }

  BS.withContext = BS.lazily('context', function () { return BS.block('bs-context').then(BS.decodeContext); });

  /* Features of a kind are the most important first: farther out the others wait. */
  function eachShown(c, v, kind, use) {
    var first = c.first[kind], all = c.first[kind + 1] - first;
    var most = Math.max(FEW, all * Math.pow(4, Math.min(0, v.zoom - ALL_FROM)));
    for (var i = first; i < first + Math.min(all, most); i++) if (!draw.outside(v, c.box, i)) use(i);
  }
  function nameOf(kind) { return BS.CONTEXT_KINDS[kind]; }
  BS.CONTEXT_KINDS = ['contours', 'rivers', 'roads', 'power_lines', 'villages', 'schools', 'clinics', 'border_posts'];

  BS.paintContext = function (ctx, v) {
    var app = BS.app, c = app.context;
    if (!app.state.context) return;
    if (!c) { BS.withContext(function () { app.layers.context.redraw(); app.layers.names.redraw(); }); return; }
    draw.plain(ctx, v);
    ctx.lineJoin = 'bevel';
    for (var kind = 0; kind < c.kinds; kind++) {
      var style = LINES[nameOf(kind)];
      if (style) lines(ctx, v, c, kind, style); else if (v.zoom >= POINTS_FROM) points(ctx, v, c, kind, POINTS[nameOf(kind)]);
    }
    ctx.setLineDash([]);
  };
  /* In many short paths: a canvas is slow with long ones. Points closer than NEAR pixels to the one before are left out. */
  function lines(ctx, v, c, kind, style) {
    var paths = [], path = null, count = 0;
    eachShown(c, v, kind, function (i) {
      if (count > MOST_POINTS) return;
      if (!path || paths.length * TOGETHER < count) paths.push(path = new Path2D());
      var px = NaN, py = NaN, last = c.start[i + 1] - 1;
      for (var k = c.start[i]; k <= last; k++) {
        var x = c.wx[k] * v.scale - v.left, y = c.wy[k] * v.scale - v.top;
        if (k < last && Math.abs(x - px) < NEAR && Math.abs(y - py) < NEAR) continue;
        if (k === c.start[i]) path.moveTo(x, y); else path.lineTo(x, y);
        px = x; py = y; count++;
      }
    });
    stroke(ctx, style, v.zoom < 10 ? 0.6 : 1, paths);
  }
  function stroke(ctx, style, share, paths) {
    function all(colour, width) {
      ctx.strokeStyle = colour; ctx.lineWidth = width;
      paths.forEach(function (path) { ctx.stroke(path); });
    }
    ctx.setLineDash(style[2]);
    all(style[0], style[1] * share);
    if (style[3] && share === 1) all('#fff', style[3]);
  }
  function points(ctx, v, c, kind, shape) {
    ctx.setLineDash([]);
    ctx.beginPath();
    eachShown(c, v, kind, function (i) {
      shape(ctx, c.wx[c.start[i]] * v.scale - v.left, c.wy[c.start[i]] * v.scale - v.top, v.zoom < 11 ? 2.2 : 3.4);
    });
    mark(ctx);
  }
  function mark(ctx) {
    ctx.strokeStyle = HALO; ctx.lineWidth = 3; ctx.stroke();
    ctx.fillStyle = '#fff'; ctx.fill();
    ctx.strokeStyle = QUIET; ctx.lineWidth = 1.2; ctx.stroke();
  }
  function circle(ctx, x, y, r) { ctx.moveTo(x + r, y); ctx.arc(x, y, r, 0, 7); }
  function triangle(ctx, x, y, r) {
    ctx.moveTo(x, y - r * 1.3); ctx.lineTo(x + r * 1.2, y + r); ctx.lineTo(x - r * 1.2, y + r);
    ctx.closePath();
  }
  function cross(ctx, x, y, r) {
    var a = r * 1.25, b = r * 0.45;
    ctx.moveTo(x - b, y - a);
    [b, -a, b, -b, a, -b, a, b, b, b, b, a, -b, a, -b, b, -a, b, -a, -b, -b, -b].forEach(function (_dx, at, p) {
      if (at % 2 === 0) ctx.lineTo(x + p[at], y + p[at + 1]);
    });
    ctx.closePath();
  }
  function flag(ctx, x, y, r) {
    ctx.moveTo(x, y + r * 1.4); ctx.lineTo(x, y - r * 1.6); ctx.lineTo(x + r * 2, y - r * 0.8); ctx.lineTo(x, y);
    ctx.closePath();
  }

  /* Names, after those of communes: of points beside them, of lines at the middle of what is seen of them. */
  BS.contextLabels = function (v) {
    var c = BS.app.context, list = [], named = BS.app.settlements || new Set();
    if (!c || !BS.app.state.context || v.zoom < NAMES_FROM) return list;
    for (var kind = c.kinds - 1; kind >= 0; kind--) {
      var isLine = !!LINES[nameOf(kind)];
      eachShown(c, v, kind, function (i) {
        if (!c.name[i] || named.has(c.name[i]) || list.length >= MOST_NAMES) return;
        var k = isLine ? middle(c, v, i) : c.start[i], style = isLine ? nameOf(kind) : 'around';
        if (k >= 0) list.push({ text: BS.shortName(c.name[i]), x: c.wx[k], y: c.wy[k], kind: style, shift: isLine ? 0 : 11 });
      });
    }
    return list;
  };
  function middle(c, v, i) {
    var seen = [];
    for (var k = c.start[i]; k < c.start[i + 1]; k++) {
      if (c.wx[k] > v.x0 && c.wx[k] < v.x1 && c.wy[k] > v.y0 && c.wy[k] < v.y1) seen.push(k);
    }
    return seen.length ? seen[seen.length >> 1] : -1;
  }

  BS.contextLegend = function (row) {
    if (!BS.app.state.context) return [];
    return BS.app.meta.context.kinds.filter(function (item) { return item.shown; }).map(function (item) {
      return row(sign(item.kind), BS.t('context.' + item.kind), '');
    });
  };
  function sign(kind) {
    var canvas = BS.h('canvas', { class: 'sign', 'aria-hidden': 'true', width: 44, height: 32 }), ctx = canvas.getContext('2d');
    Object.assign(canvas.style, { width: '22px', height: '16px', flex: '0 0 auto', alignSelf: 'center', marginRight: '4px' });
    ctx.scale(2, 2);
    ctx.lineJoin = ctx.lineCap = 'round';
    ctx.beginPath();
    if (LINES[kind]) stroke(ctx, LINES[kind], 1, [new Path2D('M2 11Q11 2 20 8')]);
    else { POINTS[kind](ctx, 10, 8, 3.6); mark(ctx); }
    return canvas;
  }

  function left() { return BS.app.meta.context.kinds.filter(function (item) { return item.shown < item.all; }); }
  /* What had no room, in words; empty where everything had. */
  BS.contextLeft = function () {
    var kinds = left().map(function (item) {
      var name = BS.t('context.' + item.kind), some = BS.number(item.all - item.shown);
      return BS.t('context.leftOf', { kind: name, left: some, all: BS.number(item.all) });
    });
    return kinds.length ? BS.t('context.left', { kinds: kinds.join(', ') }) : '';
  };
  BS.contextMethod = function (list) {
    var facts = BS.app.meta.context;
    return [BS.h('p', null, BS.t('context.text')), BS.h('p', null, BS.t('context.budget', { size: BS.number(facts.budget) })),
      list(facts.kinds.map(function (item) {
        return [BS.t('context.' + item.kind), BS.t('context.shown', { shown: BS.number(item.shown), all: BS.number(item.all) })];
      }))];
  };
})();
