/* ground.js: draws land, communes in the colours of their classes, their borders and outlines. */
'use strict';
(function () {
  var draw = BS.draw;

  BS.paintLand = function (ctx, v, land, colour, edge) {
    if (!land) return;
    var level = draw.levelOf(land, v), px = draw.place(ctx, v, land, level);
    ctx.fillStyle = colour; ctx.strokeStyle = edge; ctx.lineWidth = px; ctx.lineJoin = 'round';
    for (var f = 0; f < land.features; f++) {
      if (draw.outside(v, land.featureBox, f)) continue;
      ctx.fill(land.path(level, f), 'evenodd'); ctx.stroke(land.path(level, f));
    }
  };

  /* Communes in the colours of their classes; what the filters leave out is pale. */
  BS.paintCommunes = function (ctx, v, shapes, classes, palette, passes) {
    var level = draw.levelOf(shapes, v), groups = new Map();
    /* a hatch is given in device pixels, so that it keeps its width at every zoom */
    var across = draw.place(ctx, v, shapes, level) / v.ratio;
    for (var f = 0; f < shapes.features; f++) {
      if (draw.outside(v, shapes.featureBox, f)) continue;
      var fill = passes(f) ? BS.fillOf(classes[f], palette) : '#f3f2ee', list = groups.get(fill);
      if (list) list.push(f); else groups.set(fill, [f]);
    }
    groups.forEach(function (list, fill) {
      ctx.fillStyle = fill === 'unknown' || fill === 'nodata' ? draw.hatch(ctx, fill, v.ratio, across) : fill;
      list.forEach(function (f) { ctx.fill(shapes.path(level, f), 'evenodd'); });
    });
  };
  /* In grey the worse side of the change scale looks like the better one, so the printed sheet hatches it. */
  BS.paintWorse = function (ctx, v, shapes, classes, passes) {
    var level = draw.levelOf(shapes, v), middle = BS.colours.change.length >> 1;
    ctx.fillStyle = draw.hatch(ctx, 'worse', v.ratio, draw.place(ctx, v, shapes, level) / v.ratio);
    for (var f = 0; f < shapes.features; f++) {
      if (classes[f] > middle && passes(f) && !draw.outside(v, shapes.featureBox, f)) ctx.fill(shapes.path(level, f), 'evenodd');
    }
  };

  /* Borders once per arc: inside a province thin, between provinces strong, the outer edge calm. */
  BS.paintBorders = function (ctx, v, shapes, province) {
    var level = draw.levelOf(shapes, v), px = draw.place(ctx, v, shapes, level), near = v.zoom >= 8;
    ctx.lineJoin = 'round';
    function pass(colour, width, wanted) {
      ctx.strokeStyle = colour; ctx.lineWidth = width * px; ctx.beginPath();
      for (var a = 0; a < shapes.t.arcs; a++) {
        if (draw.outside(v, shapes.arcBox, a) || !wanted(shapes.left[a], shapes.right[a])) continue;
        var k = level.start[a], end = level.start[a + 1];
        ctx.moveTo(level.x[k], level.y[k]);
        for (k++; k < end; k++) ctx.lineTo(level.x[k], level.y[k]);
      }
      ctx.stroke();
    }
    function inside(l, r) { return r >= 0 && province[l] === province[r]; }
    if (v.zoom >= 6.5) pass(near ? 'rgba(70,52,36,.45)' : 'rgba(70,52,36,.2)', near ? 0.7 : 0.4, inside);
    pass('rgba(58,68,86,.75)', near ? 1 : 0.6, function (l, r) { return r < 0; });
    pass('rgba(42,38,48,.85)', near ? 1.7 : 0.9, function (l, r) { return r >= 0 && province[l] !== province[r]; });
  };

  BS.paintOutlines = function (ctx, v, shapes, items) {
    var level = draw.levelOf(shapes, v);
    items.forEach(function (item) {
      var px = draw.place(ctx, v, shapes, level), path = shapes.path(level, item.row);
      ctx.lineJoin = 'round';
      ctx.strokeStyle = '#fff'; ctx.lineWidth = (item.strong ? 6 : 4.5) * px; ctx.stroke(path);
      ctx.strokeStyle = item.strong ? '#0b4fa8' : BS.colours.ink; ctx.lineWidth = (item.strong ? 3 : 2) * px; ctx.stroke(path);
    });
  };
})();
