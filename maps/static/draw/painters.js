/* painters.js: draws the map on any canvas: the screen's layers and the printed sheet use the same functions. */
'use strict';
(function () {
  var STEPS = ['#fff4c9', '#fdd27a', '#f79a3a', '#d9591c', '#8e2d06'];
  var CHANGE = ['#01665e', '#5ab4ac', '#c7eae5', '#f4f4f2', '#f6e0b5', '#d8a14a', '#8c510a'];
  var COVER = [[110, 165, 212], [52, 112, 178], [16, 50, 104]]; /* all darker in grey than the classes under coverage */
  var C = BS.colours = {
    steps: STEPS, change: CHANGE, sea: '#dbe8f1', land: '#edeae3', country: '#f8f6f0', landEdge: '#bdb7aa', nobody: '#f1f1ee', ink: '#14213d',
    cover: COVER.map(function (c) { return 'rgb(' + c.join(',') + ')'; })
  };
  BS.FONT = '"Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif';

  /* What part of the world a canvas shows: top left in pixels of the zoom, size in CSS pixels, device pixels per CSS pixel. */
  BS.view = function (zoom, left, top, width, height, ratio) {
    var scale = Math.pow(2, zoom);
    return { zoom: zoom, scale: scale, left: left, top: top, width: width, height: height, ratio: ratio,
      x0: left / scale, y0: top / scale, x1: (left + width) / scale, y1: (top + height) / scale };
  };
  function outside(v, b, i) { return b[i * 4] > v.x1 || b[i * 4 + 2] < v.x0 || b[i * 4 + 1] > v.y1 || b[i * 4 + 3] < v.y0; }
  BS.outside = outside;

  /* Pixels of a thinned level -> device pixels of the canvas. Returns level pixels per CSS pixel, for line widths. */
  function place(ctx, v, shapes, level) {
    var k = Math.pow(2, v.zoom - level.zoom);
    ctx.setTransform(v.ratio * k, 0, 0, v.ratio * k, v.ratio * (shapes.box[0] * v.scale - v.left), v.ratio * (shapes.box[1] * v.scale - v.top));
    return 1 / k;
  }
  /* a point of a level stands for about a pixel of its zoom; screens with more pixels get the next level */
  function levelOf(shapes, v) { return shapes.level(Math.max(3, Math.min(14, Math.round(v.zoom + Math.log2(Math.max(1, v.ratio)) / 2)))); }
  function plain(ctx, v) { ctx.setTransform(v.ratio, 0, 0, v.ratio, 0, 0); }

  var hatches = new Map();
  /* Hatching in device pixels: "/" no data, "\" population unknown, and on paper dark "/" over a change for the worse. */
  function hatch(ctx, kind, ratio, across) {
    var key = kind + ratio, size = Math.max(6, Math.round(7 * ratio)), pattern = hatches.get(key);
    if (!pattern) {
      var canvas = document.createElement('canvas'), x;
      canvas.width = canvas.height = size;
      x = canvas.getContext('2d');
      lines(x, kind, size, ratio);
      pattern = ctx.createPattern(canvas, 'repeat');
      hatches.set(key, pattern);
    }
    pattern.setTransform(new DOMMatrix([across, 0, 0, across, 0, 0]));
    return pattern;
  }
  function lines(x, kind, size, ratio) {
    if (kind !== 'worse') { x.fillStyle = kind === 'unknown' ? '#e6e2ee' : '#eceff2'; x.fillRect(0, 0, size, size); }
    x.strokeStyle = kind === 'unknown' ? '#7a6a9c' : kind === 'worse' ? 'rgba(20,24,52,.8)' : '#8793a1';
    x.lineWidth = Math.max(1, ratio * 0.9);
    x.beginPath();
    for (var s = -size; s <= size; s += size) {
      if (kind === 'unknown') { x.moveTo(s - 1, -1); x.lineTo(s + size + 1, size + 1); } else { x.moveTo(s - 1, size + 1); x.lineTo(s + size + 1, -1); }
    }
    x.stroke();
  }
  /* Fill of a class: a colour, or a word for a hatch. */
  BS.fillOf = function (kind, palette) {
    if (kind === BS.UNKNOWN) return 'unknown';
    if (kind === BS.NO_DATA) return 'nodata';
    if (kind === BS.NOBODY) return C.nobody;
    return palette[kind];
  };

  BS.paintLand = function (ctx, v, land, colour, edge) {
    if (!land) return;
    var level = levelOf(land, v), px = place(ctx, v, land, level);
    ctx.fillStyle = colour; ctx.strokeStyle = edge; ctx.lineWidth = px; ctx.lineJoin = 'round';
    for (var f = 0; f < land.features; f++) {
      if (outside(v, land.featureBox, f)) continue;
      ctx.fill(land.path(level, f), 'evenodd'); ctx.stroke(land.path(level, f));
    }
  };

  /* Communes in the colours of their classes; what the filters leave out is pale. */
  BS.paintCommunes = function (ctx, v, shapes, classes, palette, passes) {
    var level = levelOf(shapes, v), groups = new Map();
    /* a hatch is given in device pixels, so that it keeps its width at every zoom */
    var across = place(ctx, v, shapes, level) / v.ratio;
    for (var f = 0; f < shapes.features; f++) {
      if (outside(v, shapes.featureBox, f)) continue;
      var fill = passes(f) ? BS.fillOf(classes[f], palette) : '#f3f2ee', list = groups.get(fill);
      if (list) list.push(f); else groups.set(fill, [f]);
    }
    groups.forEach(function (list, fill) {
      function fillAll(style) { ctx.fillStyle = style; list.forEach(function (f) { ctx.fill(shapes.path(level, f), 'evenodd'); }); }
      fillAll(fill === 'unknown' || fill === 'nodata' ? hatch(ctx, fill, v.ratio, across) : fill);
    });
  };
  /* In grey the worse side of the change scale looks like the better one, so the printed sheet hatches it. */
  BS.paintWorse = function (ctx, v, shapes, classes, passes) {
    var level = levelOf(shapes, v), middle = CHANGE.length >> 1;
    ctx.fillStyle = hatch(ctx, 'worse', v.ratio, place(ctx, v, shapes, level) / v.ratio);
    for (var f = 0; f < shapes.features; f++) {
      if (classes[f] > middle && passes(f) && !outside(v, shapes.featureBox, f)) ctx.fill(shapes.path(level, f), 'evenodd');
    }
  };
  /* Under coverage the colours of the classes step back. */
  BS.paler = function (colour) {
    return '#' + [1, 3, 5].map(function (at) { return Math.round(255 - (255 - parseInt(colour.slice(at, at + 2), 16)) * 0.3).toString(16).padStart(2, '0'); }).join('');
  };

  /* Borders once per arc: inside a province thin, between provinces strong, the outer edge calm. */
  BS.paintBorders = function (ctx, v, shapes, province) {
    var level = levelOf(shapes, v), px = place(ctx, v, shapes, level), near = v.zoom >= 8;
    ctx.lineJoin = 'round';
    function pass(colour, width, wanted) {
      ctx.strokeStyle = colour; ctx.lineWidth = width * px; ctx.beginPath();
      for (var a = 0; a < shapes.t.arcs; a++) {
        if (outside(v, shapes.arcBox, a) || !wanted(shapes.left[a], shapes.right[a])) continue;
        var k = level.start[a], end = level.start[a + 1];
        ctx.moveTo(level.x[k], level.y[k]);
        for (k++; k < end; k++) ctx.lineTo(level.x[k], level.y[k]);
      }
      ctx.stroke();
    }
    if (v.zoom >= 6.5) pass(near ? 'rgba(70,52,36,.45)' : 'rgba(70,52,36,.2)', near ? 0.7 : 0.4, function (l, r) { return r >= 0 && province[l] === province[r]; });
    pass('rgba(58,68,86,.75)', near ? 1 : 0.6, function (l, r) { return r < 0; });
    pass('rgba(42,38,48,.85)', near ? 1.7 : 0.9, function (l, r) { return r >= 0 && province[l] !== province[r]; });
  };

  /* Special zones too small to see: every part at least two pixels, and a diamond at the largest one. */
  BS.markers = function (v, shapes, names) {
    var list = [];
    for (var f = 0; f < shapes.features; f++) {
      if (names.type[f] !== 2) continue;
      var b = shapes.ringBox, largest = 0, t = shapes.t;
      for (var r = t.featureStart[f]; r < t.featureStart[f + 1]; r++) largest = Math.max(largest, Math.min(b[r * 4 + 2] - b[r * 4], b[r * 4 + 3] - b[r * 4 + 1]));
      if (largest * v.scale >= 9) continue;
      list.push({ row: f, x: names.wx[f] * v.scale - v.left, y: names.wy[f] * v.scale - v.top });
    }
    return list;
  };
  BS.paintMarkers = function (ctx, v, shapes, names, classes, palette, passes) {
    plain(ctx, v);
    var b = shapes.ringBox, t = shapes.t;
    BS.markers(v, shapes, names).forEach(function (m) {
      var fill = BS.fillOf(classes[m.row], palette), on = passes(m.row);
      ctx.fillStyle = '#3a4456';
      for (var r = t.featureStart[m.row]; r < t.featureStart[m.row + 1]; r++) {
        if ((b[r * 4 + 2] - b[r * 4]) * v.scale < 2) ctx.fillRect((b[r * 4] + b[r * 4 + 2]) / 2 * v.scale - v.left - 1, (b[r * 4 + 1] + b[r * 4 + 3]) / 2 * v.scale - v.top - 1, 2, 2);
      }
      ctx.beginPath();
      ctx.moveTo(m.x, m.y - 7); ctx.lineTo(m.x + 7, m.y); ctx.lineTo(m.x, m.y + 7); ctx.lineTo(m.x - 7, m.y); ctx.closePath();
      ctx.globalAlpha = on ? 1 : 0.35;
      ctx.fillStyle = fill === 'unknown' || fill === 'nodata' ? hatch(ctx, fill, v.ratio, 1 / v.ratio) : fill;
      ctx.fill(); ctx.lineWidth = 3; ctx.strokeStyle = '#fff'; ctx.stroke(); ctx.lineWidth = 1.5; ctx.strokeStyle = C.ink; ctx.stroke();
      ctx.globalAlpha = 1;
    });
  };

  /* Coverage of a few operators: the mean number of them over each pixel, in shades of blue. */
  BS.paintCoverage = function (ctx, v, layers) {
    if (!layers.length || v.width < 1 || v.height < 1) return;
    var ratio = Math.min(1, v.ratio), W = Math.ceil(v.width * ratio), H = Math.ceil(v.height * ratio), table = shades();
    var canvas = document.createElement('canvas'), sums = new Float32Array(W + 2);
    canvas.width = W; canvas.height = H;
    var x = canvas.getContext('2d'), image = x.createImageData(W, H), pixels = new Uint32Array(image.data.buffer);
    var grid = Math.pow(2, layers[0].zoom) / v.scale / ratio; /* grid pixels per canvas pixel */
    var samples = Math.max(1, Math.min(4, Math.round(grid))), gx = v.left * ratio * grid, gy = v.top * ratio * grid;
    for (var row = 0; row < H; row++) {
      sums.fill(0);
      var any = false;
      for (var s = 0; s < samples; s++) {
        var y = Math.floor(gy + (row + (s + 0.5) / samples) * grid);
        for (var l = 0; l < layers.length; l++) any = addRuns(sums, layers[l].rows, y, gx, grid, W, 1 / samples) || any;
      }
      if (!any) continue;
      for (var i = 0, level = 0; i < W; i++) {
        level += sums[i];
        if (level > 0.02) pixels[row * W + i] = table[Math.min(table.length - 1, Math.round(level * 16))];
      }
    }
    x.putImageData(image, 0, 0);
    ctx.setTransform(v.ratio / ratio, 0, 0, v.ratio / ratio, 0, 0);
    ctx.imageSmoothingEnabled = false;
    ctx.drawImage(canvas, 0, 0);
  };
  /* Add one grid row's runs as steps: the running sum is the covered part of each pixel. */
  function addRuns(sums, rows, y, gx, grid, W, weight) {
    var k = y - rows.first;
    if (k < 0 || k >= rows.rows) return false;
    var low = rows.offset[k], end = rows.offset[k + 1], high = end;
    while (low < high) { var mid = (low + high) >> 1; if (rows.end[mid] <= gx) low = mid + 1; else high = mid; }
    var any = false, right = gx + W * grid;
    for (; low < end && rows.start[low] < right; low++) {
      edge(sums, Math.max(0, (rows.start[low] - gx) / grid), weight);
      edge(sums, Math.min(W, (rows.end[low] - gx) / grid), -weight);
      any = true;
    }
    return any;
  }
  function edge(sums, at, weight) {
    var i = Math.floor(at), part = at - i;
    sums[i] += weight * (1 - part);
    sums[i + 1] += weight * part;
  }
  var shadeTable = null;
  function shades() {
    if (shadeTable) return shadeTable;
    shadeTable = new Uint32Array(16 * 3 + 1);
    for (var i = 0; i < shadeTable.length; i++) {
      var n = i / 16, low = Math.max(0, Math.min(2, Math.floor(n) - 1)), high = Math.min(2, Math.max(0, Math.ceil(n) - 1)), mix = n < 1 ? 0 : n - Math.floor(n);
      var c = COVER[low].map(function (value, ch) { return Math.round(value + (COVER[high][ch] - value) * mix); });
      var alpha = Math.round(215 * Math.min(1, n));
      shadeTable[i] = (alpha << 24 | c[2] << 16 | c[1] << 8 | c[0]) >>> 0;
    }
    return shadeTable;
  }

  /* Black spots: a circle per province far out, dots, then true outlines. */
  BS.spotMode = function (zoom, national) { return zoom < 7 && national ? 'circles' : zoom < 10 ? 'dots' : 'outlines'; };
  /* spots null: far out only the circles of `groups` are needed. */
  BS.paintSpots = function (ctx, v, spots, shows, groups, national) {
    plain(ctx, v);
    var mode = BS.spotMode(v.zoom, national), i;
    if (mode === 'circles') { circles(ctx, v, groups()); return; }
    if (mode === 'dots') { dots(ctx, v, spots, shows); return; }
    ctx.beginPath();
    for (i = 0; i < spots.count; i++) {
      if (outside(v, spots.box, i) || !shows(i)) continue;
      if (spots.ringStart[i] === spots.ringStart[i + 1]) {
        ctx.moveTo(spots.cx[i] * v.scale - v.left + 5, spots.cy[i] * v.scale - v.top);
        ctx.arc(spots.cx[i] * v.scale - v.left, spots.cy[i] * v.scale - v.top, 5, 0, 7);
      }
      rings(ctx, v, spots, i);
    }
    ctx.fillStyle = 'rgba(20,24,52,.5)'; ctx.fill('evenodd');
    ctx.strokeStyle = '#fff'; ctx.lineWidth = 2.6; ctx.stroke(); ctx.strokeStyle = '#12163a'; ctx.lineWidth = 1.3; ctx.stroke();
  };
  function rings(ctx, v, spots, i) {
    for (var r = spots.ringStart[i]; r < spots.ringStart[i + 1]; r++) {
      for (var k = spots.pointStart[r]; k < spots.pointStart[r + 1]; k++) {
        var x = spots.wx[k] * v.scale - v.left, y = spots.wy[k] * v.scale - v.top;
        if (k === spots.pointStart[r]) ctx.moveTo(x, y); else ctx.lineTo(x, y);
      }
      ctx.closePath();
    }
  }
  /* The spot that was picked: its outline where outlines are drawn, and a ring around its point. */
  BS.paintPicked = function (ctx, v, spots, i, national) {
    if (BS.spotMode(v.zoom, national) === 'outlines') {
      plain(ctx, v);
      ctx.beginPath(); rings(ctx, v, spots, i);
      ctx.lineJoin = 'round';
      ctx.strokeStyle = '#fff'; ctx.lineWidth = 6; ctx.stroke(); ctx.strokeStyle = '#0b4fa8'; ctx.lineWidth = 3; ctx.stroke();
    }
    BS.paintRing(ctx, v, spots.cx[i], spots.cy[i], 11);
  };
  function dots(ctx, v, spots, shows) {
    var base = Math.max(0.8, (v.zoom - 5) * 0.55);
    ctx.fillStyle = 'rgba(20,24,52,.72)';
    ctx.beginPath();
    for (var i = 0; i < spots.count; i++) {
      var x = spots.cx[i] * v.scale - v.left, y = spots.cy[i] * v.scale - v.top, r = base * Math.min(3, 0.7 + Math.sqrt(spots.numbers[0][i]) / 220);
      if (x < -9 || y < -9 || x > v.width + 9 || y > v.height + 9 || !shows(i)) continue;
      ctx.moveTo(x + r, y); ctx.arc(x, y, r, 0, 7);
    }
    ctx.fill();
  }
  /* Radius of a province's circle; both periods use one scale. */
  BS.circleRadius = function (zoom, people, most) { return 2.5 + Math.max(7, Math.min(17, (zoom - 4) * 6)) * Math.sqrt(people / most); };
  function circles(ctx, v, groups) {
    ctx.textAlign = 'center'; ctx.textBaseline = 'middle'; ctx.font = '600 11px ' + BS.FONT;
    groups.slice().sort(function (a, b) { return b.people - a.people; }).forEach(function (g) {
      var r = BS.circleRadius(v.zoom, g.people, g.most), x = g.x * v.scale - v.left, y = g.y * v.scale - v.top;
      ctx.beginPath(); ctx.arc(x, y, r, 0, 7); ctx.fillStyle = 'rgba(20,24,52,.6)'; ctx.fill();
      ctx.lineWidth = 1.2; ctx.strokeStyle = 'rgba(255,255,255,.95)'; ctx.stroke();
      if (r >= 13) { ctx.fillStyle = '#fff'; ctx.fillText(g.text, x, y + 0.5); }
    });
  }

  BS.paintOutlines = function (ctx, v, shapes, items) {
    var level = levelOf(shapes, v);
    items.forEach(function (item) {
      var px = place(ctx, v, shapes, level), path = shapes.path(level, item.row);
      ctx.lineJoin = 'round';
      ctx.strokeStyle = '#fff'; ctx.lineWidth = (item.strong ? 6 : 4.5) * px; ctx.stroke(path);
      ctx.strokeStyle = item.strong ? '#0b4fa8' : C.ink; ctx.lineWidth = (item.strong ? 3 : 2) * px; ctx.stroke(path);
    });
  };
  BS.paintRing = function (ctx, v, x, y, radius) {
    plain(ctx, v);
    ctx.beginPath(); ctx.arc(x * v.scale - v.left, y * v.scale - v.top, radius, 0, 7);
    ctx.strokeStyle = '#fff'; ctx.lineWidth = 5; ctx.stroke(); ctx.strokeStyle = '#0b4fa8'; ctx.lineWidth = 2.5; ctx.stroke();
  };
})();
