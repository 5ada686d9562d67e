/* place.js: where on Earth: the place under the pointer or in the middle, to copy, and the bar of lengths. */
'use strict';
(function () {
  var DIGITS = 5; /* about a metre */

  /* What a navigation device and other programs read: latitude, longitude, decimal degrees of WGS 84. */
  BS.decimalDegrees = function (lat, lon) { return lat.toFixed(DIGITS) + ', ' + lon.toFixed(DIGITS); };
  /* What a reader sees: 16,04710° B 108,20680° Đ. */
  BS.degrees = function (value, isLatitude, decimals) {
    var side = isLatitude ? (value < 0 ? 'south' : 'north') : value < 0 ? 'west' : 'east';
    return BS.number(Math.abs(value), decimals) + '° ' + BS.t('side.' + side);
  };

  BS.initPlace = function () {
    BS.by('place').addEventListener('click', function () {
      var middle = BS.app.map.getCenter();
      BS.copy(BS.decimalDegrees(middle.lat, middle.lng), 'copied.place');
    });
    BS.app.map.on('mouseout', function () { BS.renderPlace(); });
  };
  /* latlng: under the pointer; without one the middle of the map. */
  BS.renderPlace = function (latlng) {
    var at = latlng || BS.app.map.getCenter(), button = BS.by('place');
    var text = BS.degrees(at.lat, true, 4) + '  ' + BS.degrees(at.lng, false, 4);
    button.textContent = text;
    if (!latlng) button.setAttribute('aria-label', text + '. ' + BS.t('place.copyMiddle'));
  };
  BS.renderScale = function () {
    var map = BS.app.map, bar = BS.scaleBar(map.getZoom(), map.getCenter().lat, 120), mark = BS.by('scale').firstChild;
    mark.textContent = bar.text;
    mark.style.width = bar.width + 'px';
  };

  /* A line of the card: the place, a button that copies it, a link that opens it in a program for maps. */
  BS.placeLine = function (lat, lon) {
    var text = BS.decimalDegrees(lat, lon), exact = lat.toFixed(DIGITS) + ',' + lon.toFixed(DIGITS);
    function copy() { BS.copy(text, 'copied.place'); }
    return BS.h('p', { class: 'at' }, BS.h('span', null, text), ' ',
      BS.h('button', { type: 'button', class: 'link', id: 'copy-place', on: { click: copy } }, BS.t('place.copy')), ' ',
      BS.h('a', { href: 'geo:' + exact + '?q=' + exact }, BS.t('place.open')));
  };
})();
