/* geometry.js: decoded shapes in world units (web mercator, 256 wide), found by place and thinned by zoom. */
'use strict';
(function () {
  var WORLD = 256, RADIAN = Math.PI / 180, GRID = 96;

  BS.worldX = function (degrees) { return (degrees / 360 + 0.5) * WORLD; };
  BS.worldY = function (degrees) {
    var sine = Math.sin(degrees * RADIAN);
    return (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * WORLD;
  };
  BS.degreesX = function (x) { return (x / WORLD - 0.5) * 360; };
  BS.degreesY = function (y) { return Math.atan(Math.sinh((0.5 - y / WORLD) * 2 * Math.PI)) / RADIAN; };

  function Shapes(topology, quantum) {
    var n = topology.x.length;
    this.t = topology;
    this.features = topology.features;
    this.x = new Float64Array(n);
    this.y = new Float64Array(n);
    for (var i = 0; i < n; i++) { this.x[i] = BS.worldX(topology.x[i] / quantum); this.y[i] = BS.worldY(topology.y[i] / quantum); }
    this.levels = new Map();
    this._boxes();
    this._index();
  }

  /* Boxes of arcs, rings and features (x0, y0, x1, y1), and the features on either side of each arc. */
  Shapes.prototype._boxes = function () {
    var t = this.t, box = this.arcBox = new Float64Array(t.arcs * 4);
    for (var a = 0; a < t.arcs; a++) {
      var x0 = Infinity, y0 = Infinity, x1 = -Infinity, y1 = -Infinity;
      for (var k = t.arcStart[a]; k < t.arcStart[a + 1]; k++) {
        var x = this.x[k], y = this.y[k];
        if (x < x0) x0 = x; if (x > x1) x1 = x; if (y < y0) y0 = y; if (y > y1) y1 = y;
      }
      box[a * 4] = x0; box[a * 4 + 1] = y0; box[a * 4 + 2] = x1; box[a * 4 + 3] = y1;
    }
    var left = this.left = new Int32Array(t.arcs).fill(-1), right = this.right = new Int32Array(t.arcs).fill(-1);
    var ringBox = this.ringBox = new Float64Array(t.rings * 4), featureBox = this.featureBox = new Float64Array(t.features * 4);
    empty(ringBox); empty(featureBox);
    for (var f = 0; f < t.features; f++) {
      for (var r = t.featureStart[f]; r < t.featureStart[f + 1]; r++) {
        for (var u = t.ringStart[r]; u < t.ringStart[r + 1]; u++) {
          var arc = t.arcOf[u] < 0 ? ~t.arcOf[u] : t.arcOf[u];
          if (left[arc] < 0) left[arc] = f; else right[arc] = f;
          grow(ringBox, r, box, arc);
        }
        grow(featureBox, f, ringBox, r);
      }
    }
    this.box = [Infinity, Infinity, -Infinity, -Infinity];
    for (f = 0; f < t.features; f++) grow(this.box, 0, featureBox, f);
  };

  function empty(boxes) {
    for (var i = 0; i < boxes.length; i += 4) { boxes[i] = boxes[i + 1] = Infinity; boxes[i + 2] = boxes[i + 3] = -Infinity; }
  }
  function grow(boxes, i, by, j) {
    boxes[i * 4] = Math.min(boxes[i * 4], by[j * 4]);
    boxes[i * 4 + 1] = Math.min(boxes[i * 4 + 1], by[j * 4 + 1]);
    boxes[i * 4 + 2] = Math.max(boxes[i * 4 + 2], by[j * 4 + 2]);
    boxes[i * 4 + 3] = Math.max(boxes[i * 4 + 3], by[j * 4 + 3]);
  }

  Shapes.prototype._index = function () {
    var box = this.box, cells = this.cells = new Map(), width = this.cellWidth = (box[2] - box[0]) / GRID || 1;
    var height = this.cellHeight = (box[3] - box[1]) / GRID || 1, b = this.featureBox;
    for (var f = 0; f < this.features; f++) {
      var x1 = Math.floor((b[f * 4 + 2] - box[0]) / width), y1 = Math.floor((b[f * 4 + 3] - box[1]) / height);
      for (var cx = Math.floor((b[f * 4] - box[0]) / width); cx <= x1; cx++) {
        for (var cy = Math.floor((b[f * 4 + 1] - box[1]) / height); cy <= y1; cy++) {
          var key = cx * 1000 + cy, list = cells.get(key);
          if (list) list.push(f); else cells.set(key, [f]);
        }
      }
    }
  };

  /* The feature at a point in world units, or -1. */
  Shapes.prototype.hit = function (x, y) {
    var list = this.cells.get(Math.floor((x - this.box[0]) / this.cellWidth) * 1000 + Math.floor((y - this.box[1]) / this.cellHeight));
    var b = this.featureBox;
    for (var i = 0; list && i < list.length; i++) {
      var f = list[i];
      if (x >= b[f * 4] && x <= b[f * 4 + 2] && y >= b[f * 4 + 1] && y <= b[f * 4 + 3] && this.contains(f, x, y)) return f;
    }
    return -1;
  };

  /* Even-odd rule over all rings of a feature. */
  Shapes.prototype.contains = function (f, x, y) {
    var t = this.t, X = this.x, Y = this.y, odd = false, rb = this.ringBox;
    for (var r = t.featureStart[f]; r < t.featureStart[f + 1]; r++) {
      if (y < rb[r * 4 + 1] || y > rb[r * 4 + 3] || x > rb[r * 4 + 2]) continue;
      for (var u = t.ringStart[r]; u < t.ringStart[r + 1]; u++) {
        var arc = t.arcOf[u] < 0 ? ~t.arcOf[u] : t.arcOf[u];
        for (var k = t.arcStart[arc] + 1; k < t.arcStart[arc + 1]; k++) {
          var ya = Y[k], yb = Y[k - 1];
          if ((ya > y) !== (yb > y) && x < (X[k - 1] - X[k]) * (y - ya) / (yb - ya) + X[k]) odd = !odd;
        }
      }
    }
    return odd;
  };

  /* Arcs thinned for one whole zoom, in pixels of that zoom from the corner of the box. */
  Shapes.prototype.level = function (zoom) {
    if (this.levels.has(zoom)) return this.levels.get(zoom);
    var t = this.t, scale = Math.pow(2, zoom), near = zoom >= 13 ? 0 : 0.6, start = new Uint32Array(t.arcs + 1), n = 0;
    var X = new Float32Array(this.x.length), Y = new Float32Array(this.x.length);
    for (var a = 0; a < t.arcs; a++) {
      start[a] = n;
      var first = t.arcStart[a], last = t.arcStart[a + 1] - 1, px = NaN, py = NaN, every = Math.max(1, (last - first) >> 2);
      for (var k = first; k <= last; k++) {
        var x = (this.x[k] - this.box[0]) * scale, y = (this.y[k] - this.box[1]) * scale, dx = x - px, dy = y - py;
        /* the ends, what is far enough, and a few points of every arc so that small islands keep a shape */
        if (k === first || k === last || dx * dx + dy * dy > near || (last - first < 12 && (k - first) % every === 0)) {
          X[n] = x; Y[n] = y; n++; px = x; py = y;
        }
      }
    }
    start[t.arcs] = n;
    var level = { zoom: zoom, x: X.slice(0, n), y: Y.slice(0, n), start: start, paths: new Array(t.features) };
    this.levels.set(zoom, level);
    return level;
  };

  Shapes.prototype.path = function (level, f) {
    if (level.paths[f]) return level.paths[f];
    var t = this.t, path = new Path2D();
    for (var r = t.featureStart[f]; r < t.featureStart[f + 1]; r++) {
      var started = false;
      for (var u = t.ringStart[r]; u < t.ringStart[r + 1]; u++) {
        var ref = t.arcOf[u], back = ref < 0, arc = back ? ~ref : ref, k = level.start[arc], end = level.start[arc + 1];
        for (var i = started ? 1 : 0; i < end - k; i++) {
          var at = back ? end - 1 - i : k + i;
          if (started) path.lineTo(level.x[at], level.y[at]); else { path.moveTo(level.x[at], level.y[at]); started = true; }
        }
      }
      path.closePath();
    }
    level.paths[f] = path;
    return path;
  };

  BS.Shapes = Shapes;

  /* Places of black spots in world units, added to what decodeSpots gives. */
  BS.placeSpots = function (spots, facts) {
    var q = facts.quantum, n = spots.x.length, i;
    spots.wx = new Float64Array(n); spots.wy = new Float64Array(n);
    for (i = 0; i < n; i++) { spots.wx[i] = BS.worldX(spots.x[i] / q); spots.wy[i] = BS.worldY(spots.y[i] / q); }
    spots.cx = new Float64Array(spots.count); spots.cy = new Float64Array(spots.count);
    for (i = 0; i < spots.count; i++) {
      spots.cx[i] = BS.worldX(spots.numbers[2][i] / 1e5 - 180); spots.cy[i] = BS.worldY(spots.numbers[3][i] / 1e5 - 90);
    }
    spots.box = new Float64Array(spots.count * 4); empty(spots.box);
    for (i = 0; i < spots.count; i++) {
      var first = spots.pointStart[spots.ringStart[i]], last = spots.pointStart[spots.ringStart[i + 1]];
      grow(spots.box, i, [spots.cx[i], spots.cy[i], spots.cx[i], spots.cy[i]], 0);
      for (var k = first; k < last; k++) {
        if (spots.wx[k] < spots.box[i * 4]) spots.box[i * 4] = spots.wx[k];
        if (spots.wy[k] < spots.box[i * 4 + 1]) spots.box[i * 4 + 1] = spots.wy[k];
        if (spots.wx[k] > spots.box[i * 4 + 2]) spots.box[i * 4 + 2] = spots.wx[k];
        if (spots.wy[k] > spots.box[i * 4 + 3]) spots.box[i * 4 + 3] = spots.wy[k];
      }
    }
    return spots;
  };
})();
