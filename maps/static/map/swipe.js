/* swipe.js: the period before on the left of a movable line, this one on the right. */
'use strict';
(function () {
  var STEP = 10; /* of a hundred, at a click */
  var layer = null;

  BS.initSwipe = function () {
    var map = BS.app.map, pane = map.createPane('past');
    pane.style.zIndex = 375; /* over this period's black spots, under the names */
    pane.style.pointerEvents = 'none';
    BS.by('swipe-at').addEventListener('input', clip);
    function step(by) { return function () { var at = BS.by('swipe-at'); at.value = Number(at.value) + by; clip(); }; }
    BS.by('swipe-back').addEventListener('click', step(-STEP));
    BS.by('swipe-on').addEventListener('click', step(STEP));
    map.on('move zoomend resize', clip);
  };
  BS.renderSwipe = function () {
    var app = BS.app, on = app.state.period === 'swipe';
    BS.by('swipe').hidden = !on;
    if (on && !layer) layer = new BS.CanvasLayer(paint, { pane: 'past' }).addTo(app.map);
    else if (on) layer.redraw();
    if (!on && layer) { layer.remove(); layer = null; }
    if (!on) return;
    BS.by('swipe-past').textContent = app.meta.previousPeriod;
    BS.by('swipe-now').textContent = app.meta.period || BS.t('period.now');
    clip();
  };
  function paint(ctx, v) {
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.fillStyle = BS.colours.sea; ctx.fillRect(0, 0, v.width * v.ratio, v.height * v.ratio);
    BS.paintGround(ctx, v, true);
    BS.paintPeriodSpots(ctx, v, true, function () { BS.renderSwipe(); });
  }
  /* The pane moves with the map, so the window it is cut to moves against it. */
  function clip() {
    if (!layer) return;
    var map = BS.app.map, size = map.getSize(), at = size.x * BS.by('swipe-at').value / 100;
    var a = map.containerPointToLayerPoint([0, 0]), b = map.containerPointToLayerPoint([at, size.y]);
    map.getPane('past').style.clip = 'rect(' + a.y + 'px,' + b.x + 'px,' + b.y + 'px,' + a.x + 'px)';
    BS.by('swipe').style.setProperty('--at', at + 'px');
  }
})();
