/* marks.js: draws marks of special zones too small to see, and rings around what is selected. */
'use strict';
(function () {
  var draw = BS.draw;

  /* Special zones of which even the largest part is small. */
  BS.markers = function (v, shapes, names) {
    var list = [], b = shapes.ringBox, t = shapes.t;
    for (var f = 0; f < shapes.features; f++) {
      if (names.type[f] !== 2) continue;
      var largest = 0;
      for (var r = t.featureStart[f]; r < t.featureStart[f + 1]; r++) {
        largest = Math.max(largest, Math.min(b[r * 4 + 2] - b[r * 4], b[r * 4 + 3] - b[r * 4 + 1]));
      }
      if (largest * v.scale >= 9) continue;
      list.push({ row: f, x: names.wx[f] * v.scale - v.left, y: names.wy[f] * v.scale - v.top });
    }
    return list;
  };
  /* Every part at least two pixels, and a diamond at the largest one. */
  BS.paintMarkers = function (ctx, v, shapes, names, classes, palette, passes) {
    draw.plain(ctx, v);
    BS.markers(v, shapes, names).forEach(function (m) {
      ctx.fillStyle = '#3a4456';
      parts(ctx, v, shapes, m.row);
      ctx.globalAlpha = passes(m.row) ? 1 : 0.35;
      var fill = BS.fillOf(classes[m.row], palette);
      ctx.fillStyle = fill === 'unknown' || fill === 'nodata' ? draw.hatch(ctx, fill, v.ratio, 1 / v.ratio) : fill;
      diamond(ctx, m.x, m.y);
      ctx.globalAlpha = 1;
    });
  };
  function parts(ctx, v, shapes, row) {
    var b = shapes.ringBox, t = shapes.t;
    for (var r = t.featureStart[row]; r < t.featureStart[row + 1]; r++) {
      if ((b[r * 4 + 2] - b[r * 4]) * v.scale >= 2) continue;
      var x = (b[r * 4] + b[r * 4 + 2]) / 2 * v.scale - v.left, y = (b[r * 4 + 1] + b[r * 4 + 3]) / 2 * v.scale - v.top;
      ctx.fillRect(x - 1, y - 1, 2, 2);
    }
  }
  function diamond(ctx, x, y) {
    ctx.beginPath();
    ctx.moveTo(x, y - 7); ctx.lineTo(x + 7, y); ctx.lineTo(x, y + 7); ctx.lineTo(x - 7, y); ctx.closePath();
    ctx.fill();
    ctx.lineWidth = 3; ctx.strokeStyle = '#fff'; ctx.stroke();
    ctx.lineWidth = 1.5; ctx.strokeStyle = BS.colours.ink; ctx.stroke();
  }

  BS.paintRing = function (ctx, v, x, y, radius) {
    draw.plain(ctx, v);
    ctx.beginPath(); ctx.arc(x * v.scale - v.left, y * v.scale - v.top, radius, 0, 7);
    ctx.strokeStyle = '#fff'; ctx.lineWidth = 5; ctx.stroke();
    ctx.strokeStyle = '#0b4fa8'; ctx.lineWidth = 2.5; ctx.stroke();
  };
})();
