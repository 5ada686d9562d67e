/* leaders.js: where a name has no room at its place, it stands over sea or neighbours, and a thin line leads from it. */
'use strict';
(function () {
  var CELL = 9, FIRST = 22, STEP = 11, LAST = 170, TURNS = 24; /* pixels; how far from its place, in how many directions */
  var MARK = 9; /* half a diamond */
  var ON_LAND = 14, OVER_LAND = 4, ON_NAME = 120, ON_LINE = 160; /* what hiding so much costs, in pixels of distance */

  /* Cells of the canvas on which the country lies: a commune is about as large as a cell where this is needed, and of a
     special zone each of its islands counts. */
  function landOf(v, app) {
    var wide = Math.ceil(v.width / CELL), high = Math.ceil(v.height / CELL), cells = new Uint8Array(wide * high), t = app.shapes.t;
    function mark(wx, wy) {
      var x = Math.floor((wx * v.scale - v.left) / CELL), y = Math.floor((wy * v.scale - v.top) / CELL);
      if (x >= 0 && y >= 0 && x < wide && y < high) cells[y * wide + x] = 1;
    }
    for (var i = 0; i < app.names.wx.length; i++) {
      mark(app.names.wx[i], app.names.wy[i]);
      if (app.names.type[i] !== 2) continue;
      for (var r = t.featureStart[i]; r < t.featureStart[i + 1]; r++) {
        var b = app.shapes.ringBox.subarray(r * 4, r * 4 + 4);
        mark((b[0] + b[2]) / 2, (b[1] + b[3]) / 2);
      }
    }
    return { cells: cells, wide: wide, high: high };
  }
  /* The marks of special zones: nothing may lie over an island. */
  function zoneMarks(v, app) {
    return BS.markers(v, app.shapes, app.names).map(function (one) {
      return [one.x - MARK, one.y - MARK, one.x + MARK, one.y + MARK];
    });
  }
  function under(land, box) {
    var sum = 0, right = Math.min(land.wide - 1, Math.floor(box[2] / CELL)), bottom = Math.min(land.high - 1, Math.floor(box[3] / CELL));
    for (var y = Math.max(0, Math.floor(box[1] / CELL)); y <= bottom; y++) {
      for (var x = Math.max(0, Math.floor(box[0] / CELL)); x <= right; x++) sum += land.cells[y * land.wide + x];
    }
    return sum;
  }
  function along(land, line) {
    var far = Math.hypot(line[2] - line[0], line[3] - line[1]), sum = 0;
    for (var at = CELL; at < far; at += CELL) {
      var x = line[0] + (line[2] - line[0]) * at / far, y = line[1] + (line[3] - line[1]) * at / far;
      sum += under(land, [x, y, x, y]);
    }
    return sum;
  }
  /* From the place to the nearest edge of the name. */
  function lineTo(x, y, box) {
    return [x, y, Math.max(box[0], Math.min(box[2], x)), Math.max(box[1], Math.min(box[3], y))];
  }
  function side(ax, ay, bx, by, x, y) { return (bx - ax) * (y - ay) - (by - ay) * (x - ax); }
  function cross(a, b) {
    return side(a[0], a[1], a[2], a[3], b[0], b[1]) * side(a[0], a[1], a[2], a[3], b[2], b[3]) < 0 &&
      side(b[0], b[1], b[2], b[3], a[0], a[1]) * side(b[0], b[1], b[2], b[3], a[2], a[3]) < 0;
  }
  function passes(line, box) {
    return cross(line, [box[0], box[1], box[2], box[3]]) || cross(line, [box[0], box[3], box[2], box[1]]);
  }

  /* One after the other: todo: [{x, y, w, h}, half sizes]; taken: boxes of names; fits: whether a box may be used at all.
     Gives each {box, line}, or null where there is no room at all. */
  BS.besideTheLand = function (v, app, todo, taken, fits) {
    var land = landOf(v, app), lines = [], marks = zoneMarks(v, app);
    return todo.map(function (one) {
      var best = null, cost = Infinity;
      for (var far = FIRST; far < Math.min(LAST, cost); far += STEP) {
        for (var turn = 0; turn < TURNS; turn++) {
          var angle = 2 * Math.PI * turn / TURNS, x = one.x + Math.cos(angle) * (far + one.w), y = one.y + Math.sin(angle) * far;
          var box = [x - one.w, y - one.h, x + one.w, y + one.h];
          if (!fits(box) || BS.meets(taken, box) || BS.meets(marks, box)) continue;
          var line = lineTo(one.x, one.y, box), is = far + ON_LAND * under(land, box);
          if (is < cost) is += OVER_LAND * along(land, line) + hidden(line, box, taken, lines);
          if (is < cost) { cost = is; best = { box: box, line: line }; }
        }
      }
      if (best) { taken.push(best.box); lines.push(best.line); }
      return best;
    });
  };
  function hidden(line, box, taken, lines) {
    var sum = 0;
    taken.forEach(function (other) { if (passes(line, other)) sum += ON_NAME; });
    lines.forEach(function (other) { if (cross(line, other)) sum += ON_LINE; if (passes(other, box)) sum += ON_NAME; });
    return sum;
  }

  BS.paintLeader = function (ctx, line) {
    [['rgba(255,255,255,.9)', 2.6], ['#1f2430', 0.9]].forEach(function (stroke) {
      ctx.strokeStyle = stroke[0]; ctx.lineWidth = stroke[1];
      ctx.beginPath(); ctx.moveTo(line[0], line[1]); ctx.lineTo(line[2], line[3]); ctx.stroke();
    });
    ctx.beginPath(); ctx.arc(line[0], line[1], 1.8, 0, 7); ctx.fillStyle = '#1f2430'; ctx.fill();
  };
})();
