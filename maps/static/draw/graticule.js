/* graticule.js: lines of latitude and longitude, with their degrees where they cross. */
'use strict';
(function () {
  var STEPS = [10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01], APART = 110; /* degrees; pixels between lines at least */

  /* The finest round step whose lines stand far enough apart, in degrees. */
  BS.graticuleStep = function (scale) {
    var fine = STEPS.filter(function (step) { return (BS.worldX(step) - BS.worldX(0)) * scale >= APART; });
    return fine.length ? fine[fine.length - 1] : STEPS[0];
  };
  function lines(from, to, step) {
    var list = [];
    for (var k = Math.ceil(from / step); k * step <= to; k++) list.push(k * step);
    return list;
  }

  BS.paintGraticule = function (ctx, v) {
    var step = BS.graticuleStep(v.scale), decimals = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
    var lons = lines(BS.degreesX(v.x0), BS.degreesX(v.x1), step), lats = lines(BS.degreesY(v.y1), BS.degreesY(v.y0), step);
    function x(lon) { return BS.worldX(lon) * v.scale - v.left; }
    function y(lat) { return BS.worldY(lat) * v.scale - v.top; }
    BS.draw.plain(ctx, v);
    ctx.beginPath();
    lons.forEach(function (lon) { ctx.moveTo(x(lon), 0); ctx.lineTo(x(lon), v.height); });
    lats.forEach(function (lat) { ctx.moveTo(0, y(lat)); ctx.lineTo(v.width, y(lat)); });
    ctx.strokeStyle = 'rgba(30,52,84,.55)'; ctx.lineWidth = 0.7; ctx.stroke();
    ctx.font = '10.5px ' + BS.FONT; ctx.textAlign = 'left'; ctx.textBaseline = 'alphabetic';
    ctx.lineWidth = 2.6; ctx.lineJoin = 'round'; ctx.strokeStyle = 'rgba(255,255,255,.9)'; ctx.fillStyle = '#26405f';
    lats.forEach(function (lat) {
      lons.forEach(function (lon) {
        var text = BS.degrees(lat, true, decimals) + '  ' + BS.degrees(lon, false, decimals);
        ctx.strokeText(text, x(lon) + 4, y(lat) - 4); ctx.fillText(text, x(lon) + 4, y(lat) - 4);
      });
    });
  };
})();
