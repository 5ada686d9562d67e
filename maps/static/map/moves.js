/* moves.js: ways to move the map without dragging it, and fingers: where the page scrolls one finger scrolls it, two move the map. */
'use strict';
(function () {
  var STEP = 0.3; /* of the map's width or height */
  var hint = 0;

  BS.initMoves = function () {
    var map = BS.app.map;
    function pan(id, x, y) {
      BS.by(id).addEventListener('click', function () {
        var size = map.getSize();
        map.panBy([x * size.x * STEP, y * size.y * STEP], { animate: false });
      });
    }
    pan('pan-north', 0, -1); pan('pan-south', 0, 1); pan('pan-west', -1, 0); pan('pan-east', 1, 0);
    BS.by('do-pan').addEventListener('click', function () {
      var pad = BS.by('pan');
      pad.hidden = !pad.hidden;
      BS.by('do-pan').setAttribute('aria-expanded', String(!pad.hidden));
    });
    fingers(map);
  };

  function fingers(map) {
    var container = map.getContainer();
    function adapt() {
      var layout = BS.layout();
      container.classList.toggle('page-scrolls', layout !== 'desk'); /* map.css leaves one finger to the page */
      map.scrollWheelZoom[layout === 'phone' ? 'disable' : 'enable'](); /* a wheel over a map as wide as the page scrolls it */
    }
    /* Before Leaflet sees the same touch: a mouse or a pen drags the map, one finger does not where the page scrolls. */
    container.addEventListener('pointerdown', function (event) {
      map.dragging[event.pointerType === 'touch' && BS.layout() !== 'desk' ? 'disable' : 'enable']();
    }, true);
    container.addEventListener('touchmove', function (event) {
      if (event.touches.length === 1 && BS.layout() !== 'desk') tell();
    }, { passive: true });
    window.addEventListener('resize', adapt);
    adapt();
  }
  function tell() {
    var note = BS.by('two-fingers');
    note.hidden = false;
    clearTimeout(hint);
    hint = setTimeout(function () { note.hidden = true; }, 1500);
  }
})();
