/* far.js: islands far off the rest of a province have a small map of their own, so that the land stays large. */
'use strict';
(function () {
  var MOST_TIMES = 2, WIDTH = 168, HEIGHT = 118;
  var known = new Map(); /* province, or -1 for all of the page: its land and what lies far off */

  function grown(box, by, i) {
    return [Math.min(box[0], by[i * 4]), Math.min(box[1], by[i * 4 + 1]),
      Math.max(box[2], by[i * 4 + 2]), Math.max(box[3], by[i * 4 + 3])];
  }
  function side(box) { return Math.max(box[2] - box[0], box[3] - box[1]); }

  /* {main: box in world units, far: rows}: special zones that would make the box of all others much larger are far. */
  BS.areaOf = function (province) {
    if (known.has(province)) return known.get(province);
    var app = BS.app, b = app.shapes.featureBox, none = [Infinity, Infinity, -Infinity, -Infinity], main = none, zones = [], far = [];
    for (var i = 0; i < app.model.rows; i++) {
      if (province >= 0 && app.names.province[i] !== province) continue;
      if (app.names.type[i] === 2) zones.push(i); else main = grown(main, b, i);
    }
    if (main === none || (app.national && province < 0)) { zones.forEach(function (row) { main = grown(main, b, row); }); zones = []; }
    var most = MOST_TIMES * side(main);
    zones.sort(function (x, y) { return side(grown(main, b, x)) - side(grown(main, b, y)) || x - y; });
    zones.forEach(function (row) {
      var larger = grown(main, b, row);
      if (side(larger) > most) far.push(row); else main = larger;
    });
    var area = { main: main, far: far, farBox: far.reduce(function (box, row) { return grown(box, b, row); }, none) };
    known.set(province, area);
    return area;
  };
  function current() { return BS.areaOf(BS.app.national ? BS.app.state.province : -1); }
  function names(rows) { return rows.map(function (row) { return BS.bareName(BS.app.names.name[row]).slice(0, 60); }).join(', '); }

  BS.initFar = function () {
    BS.by('far').addEventListener('click', function () {
      BS.fitBox(current().farBox, 12);
      BS.app.map.getContainer().focus({ preventScroll: true });
    });
  };
  BS.renderFar = function () {
    var button = BS.by('far'), far = current().far;
    button.hidden = !far.length;
    if (!far.length) return;
    var text = BS.t('far', { names: names(far) });
    button.setAttribute('aria-label', text);
    BS.by('far-text').textContent = text;
    var canvas = BS.by('far-map');
    paint(canvas, WIDTH, HEIGHT, Math.min(2, window.devicePixelRatio || 1), BS.app.state.period === 'past', false);
  };

  function paint(canvas, width, height, ratio, past, print) {
    var box = current().farBox, fits = Math.min((width - 24) / (box[2] - box[0]), (height - 40) / (box[3] - box[1]));
    var zoom = Math.min(12, Math.log2(fits)), scale = Math.pow(2, zoom);
    var left = (box[0] + box[2]) / 2 * scale - width / 2, top = (box[1] + box[3]) / 2 * scale - height / 2;
    canvas.width = Math.round(width * ratio); canvas.height = Math.round(height * ratio);
    var ctx = canvas.getContext('2d'), v = BS.view(zoom, left, top, width, height, ratio);
    v.print = print;
    ctx.fillStyle = BS.colours.sea; ctx.fillRect(-99, -99, canvas.width + 198, canvas.height + 198);
    BS.paintGround(ctx, v, past);
    return v;
  }

  /* On a printed map that does not reach the islands they stand in a corner. */
  BS.printFar = function (ctx, v, past) {
    var area = current(), box = area.farBox;
    if (!area.far.length || (v.x0 <= box[0] && v.x1 >= box[2] && v.y0 <= box[1] && v.y1 >= box[3])) return;
    var width = Math.min(230, v.width * 0.36), height = width * HEIGHT / WIDTH, canvas = document.createElement('canvas');
    var x = v.width - width - 10, y = v.height - height - 10;
    var inset = paint(canvas, width, height, v.ratio, past, v.print);
    var bar = BS.scaleBar(inset.zoom, BS.degreesY((inset.y0 + inset.y1) / 2), 60);
    ctx.setTransform(v.ratio, 0, 0, v.ratio, 0, 0);
    ctx.drawImage(canvas, x, y, width, height);
    ctx.strokeStyle = ctx.fillStyle = BS.colours.ink; ctx.lineWidth = 1.5; ctx.strokeRect(x, y, width, height);
    ctx.beginPath(); ctx.moveTo(x + 8, y + height - 8); ctx.lineTo(x + 8 + bar.width, y + height - 8); ctx.stroke();
    ctx.textAlign = 'left'; ctx.textBaseline = 'alphabetic';
    ctx.font = '9px ' + BS.FONT; ctx.fillText(bar.text, x + 8, y + height - 11);
    ctx.font = '600 11px ' + BS.FONT; ctx.lineWidth = 3; ctx.strokeStyle = 'rgba(255,255,255,.9)';
    ctx.strokeText(names(area.far), x + 8, y + 15, width - 16); ctx.fillText(names(area.far), x + 8, y + 15, width - 16);
  };
})();
