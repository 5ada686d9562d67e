/* coverage.js: draws the coverage of a few operators: the mean number of them over each pixel, in shades of blue. */
'use strict';
(function () {
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
    for (var i = 0; i < shadeTable.length; i++) shadeTable[i] = shade(i / 16);
    return shadeTable;
  }
  /* Colour of so many operators, as the four bytes of a pixel. */
  function shade(n) {
    var low = Math.max(0, Math.min(2, Math.floor(n) - 1)), high = Math.min(2, Math.max(0, Math.ceil(n) - 1));
    var mix = n < 1 ? 0 : n - Math.floor(n), from = BS.colours.coverRGB[low], to = BS.colours.coverRGB[high];
    var c = from.map(function (value, ch) { return Math.round(value + (to[ch] - value) * mix); });
    return (Math.round(215 * Math.min(1, n)) << 24 | c[2] << 16 | c[1] << 8 | c[0]) >>> 0;
  }
})();
