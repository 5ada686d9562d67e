/* view.js: what part of the world a canvas shows, in which colours; the screen's layers and the printed sheet use the same. */
'use strict';
(function () {
  var COVER = [[110, 165, 212], [52, 112, 178], [16, 50, 104]]; /* all darker in grey than the classes under coverage */
  var C = BS.colours = {
    steps: ['#fff4c9', '#fdd27a', '#f79a3a', '#d9591c', '#8e2d06'],
    change: ['#01665e', '#5ab4ac', '#c7eae5', '#f4f4f2', '#f6e0b5', '#d8a14a', '#8c510a'],
    sea: '#dbe8f1', land: '#edeae3', country: '#f8f6f0', landEdge: '#bdb7aa', nobody: '#f1f1ee', other: '#b4bac4',
    ink: '#14213d', spot: '#12163a',
    coverRGB: COVER, cover: COVER.map(function (c) { return 'rgb(' + c.join(',') + ')'; })
  };
  BS.FONT = '"Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif';

  /* Top left in pixels of the zoom, size in CSS pixels, device pixels per CSS pixel. */
  BS.view = function (zoom, left, top, width, height, ratio) {
    var scale = Math.pow(2, zoom);
    return { zoom: zoom, scale: scale, left: left, top: top, width: width, height: height, ratio: ratio,
      x0: left / scale, y0: top / scale, x1: (left + width) / scale, y1: (top + height) / scale };
  };

  /* What the painters share. */
  var draw = BS.draw = {};
  draw.outside = function (v, b, i) {
    return b[i * 4] > v.x1 || b[i * 4 + 2] < v.x0 || b[i * 4 + 1] > v.y1 || b[i * 4 + 3] < v.y0;
  };
  /* Pixels of a thinned level -> device pixels of the canvas. Returns level pixels per CSS pixel, for line widths. */
  draw.place = function (ctx, v, shapes, level) {
    var k = Math.pow(2, v.zoom - level.zoom), x = shapes.box[0] * v.scale - v.left, y = shapes.box[1] * v.scale - v.top;
    ctx.setTransform(v.ratio * k, 0, 0, v.ratio * k, v.ratio * x, v.ratio * y);
    return 1 / k;
  };
  /* A point of a level stands for about a pixel of its zoom; screens with more pixels get the next level. */
  draw.levelOf = function (shapes, v) {
    return shapes.level(Math.max(3, Math.min(14, Math.round(v.zoom + Math.log2(Math.max(1, v.ratio)) / 2))));
  };
  draw.plain = function (ctx, v) { ctx.setTransform(v.ratio, 0, 0, v.ratio, 0, 0); };

  /* Fill of a class: a colour, or a word for a hatch. */
  BS.fillOf = function (kind, palette) {
    if (kind === BS.UNKNOWN) return 'unknown';
    if (kind === BS.NO_DATA) return 'nodata';
    if (kind === BS.NOBODY) return C.nobody;
    if (kind === BS.OTHER) return C.other;
    return palette[kind];
  };
  /* The colours of the classes step back: far under coverage, a little under outlines of black spots (share of colour kept). */
  BS.UNDER_COVERAGE = 0.3;
  BS.UNDER_SPOTS = 0.7;
  BS.paler = function (colour, kept) {
    function part(at) { return Math.round(255 - (255 - parseInt(colour.slice(at, at + 2), 16)) * kept); }
    return '#' + [1, 3, 5].map(function (at) { return part(at).toString(16).padStart(2, '0'); }).join('');
  };

  var hatches = new Map();
  /* Hatching in device pixels: "/" no data, "\" population unknown, dark "\" with a white edge black spots,
     and on paper dark "/" over a change for the worse. */
  draw.hatch = function (ctx, kind, ratio, across) {
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
  };
  function lines(x, kind, size, ratio) {
    if (kind === 'spot') { strokes(x, kind, size, '#fff', ratio * 3.2); strokes(x, kind, size, C.spot, ratio * 1.5); return; }
    if (kind !== 'worse') { x.fillStyle = kind === 'unknown' ? '#e6e2ee' : '#eceff2'; x.fillRect(0, 0, size, size); }
    strokes(x, kind, size, kind === 'unknown' ? '#7a6a9c' : kind === 'worse' ? 'rgba(20,24,52,.8)' : '#8793a1', Math.max(1, ratio * 0.9));
  }
  function strokes(x, kind, size, colour, width) {
    var falls = kind === 'unknown' || kind === 'spot';
    x.strokeStyle = colour; x.lineWidth = width;
    x.beginPath();
    for (var s = -size; s <= size; s += size) {
      x.moveTo(s - 1, falls ? -1 : size + 1);
      x.lineTo(s + size + 1, falls ? size + 1 : -1);
    }
    x.stroke();
  }
})();
