/* fit.js: brings an area into the part of the map over which nothing lies: no legend, no card, no small map of islands, no buttons. */
'use strict';
(function () {
  var EDGE = 14, LEAST = 48; /* pixels around what is shown; a free part smaller than this is none */

  /* What is written above the map moves and resizes it: its size is taken at once, so that nothing is painted a second time for it. */
  BS.takeSize = function () { BS.app.map.invalidateSize({ animate: false, pan: false, debounceMoveend: true }); };

  /* What lies over the map, as boxes in pixels of the map. */
  BS.covers = covers;
  function covers() {
    var map = BS.by('slot').getBoundingClientRect(), boxes = [];
    ['legend', 'card', 'corner', 'zoom'].forEach(function (id) {
      var box = BS.by(id).getBoundingClientRect();
      var apart = box.left >= map.right || box.right <= map.left || box.top >= map.bottom || box.bottom <= map.top;
      if (!box.width || !box.height || apart) return;
      boxes.push({ left: box.left - map.left, right: box.right - map.left, top: box.top - map.top, bottom: box.bottom - map.top });
    });
    return boxes;
  }
  /* Every way to pass them, each at its left, right, above or below: [left, top, right, bottom] to keep free. */
  function ways(size) {
    return covers().reduce(function (list, box) {
      var each = [[box.right, 0, 0, 0], [0, box.bottom, 0, 0], [0, 0, size.x - box.left, 0], [0, 0, 0, size.y - box.top]];
      return list.flatMap(function (kept) {
        return each.map(function (more) { return kept.map(function (value, side) { return Math.max(value, more[side]); }); });
      });
    }, [[0, 0, 0, 0]]);
  }
  /* The way that shows the area largest. */
  function fit(bounds, edge, most) {
    var map = BS.app.map, best = null, size;
    BS.takeSize();
    size = map.getSize();
    ways(size).forEach(function (way) {
      var free = [size.x - way[0] - way[2] - 2 * edge, size.y - way[1] - way[3] - 2 * edge];
      if (Math.min(free[0], free[1]) < LEAST) return;
      var zoom = map.getBoundsZoom(bounds, false, L.point(size.x - free[0], size.y - free[1]));
      if (!best || zoom > best.zoom) best = { zoom: zoom, way: way };
    });
    var way = best ? best.way : [0, 0, 0, 0];
    map.fitBounds(bounds, { animate: false, maxZoom: most,
      paddingTopLeft: [way[0] + edge, way[1] + edge], paddingBottomRight: [way[2] + edge, way[3] + edge] });
  }

  BS.boundsOf = function (box) {
    return L.latLngBounds([BS.degreesY(box[3]), BS.degreesX(box[0])], [BS.degreesY(box[1]), BS.degreesX(box[2])]);
  };
  BS.fitAll = function () { fit(BS.app.home, EDGE); };
  BS.fitProvince = function (province) {
    if (province < 0) BS.fitAll(); else BS.fitBox(BS.areaOf(province).main, 12);
  };
  BS.fitBox = function (box, most) {
    if (box[0] < box[2]) fit(BS.boundsOf(box), EDGE * 2, most);
  };
  BS.flyTo = function (row) {
    if (row < 0) return;
    var b = BS.app.shapes.featureBox;
    BS.fitBox([b[row * 4], b[row * 4 + 1], b[row * 4 + 2], b[row * 4 + 3]], 11.5);
  };
})();
