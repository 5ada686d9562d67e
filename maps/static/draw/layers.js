/* layers.js: canvases that follow the Leaflet map; each asks a painter to fill it. */
'use strict';
(function () {
  var MOST_PIXELS = 12e6;

  /* One canvas, a little larger than the map, redrawn after each move. paint(ctx, view) fills it. */
  BS.CanvasLayer = L.Renderer.extend({
    options: { padding: 0.12 },
    initialize: function (paint, options) { L.Renderer.prototype.initialize.call(this, options); this._fill = paint; },
    _initContainer: function () {
      this._container = document.createElement('canvas');
      this._container.setAttribute('aria-hidden', 'true');
      this._ctx = this._container.getContext('2d');
    },
    _destroyContainer: function () {
      if (this._frame) cancelAnimationFrame(this._frame);
      this._container.remove();
      this._container = this._ctx = this._frame = this._painted = null;
    },
    getEvents: function () {
      var events = L.Renderer.prototype.getEvents.call(this);
      events.move = this._moved;
      return events;
    },
    /* While a long drag runs out of the painted margin, paint again. */
    _moved: function () {
      if (!this._bounds || this._map._animatingZoom) return;
      var at = this._map.containerPointToLayerPoint([0, 0]), size = this._map.getSize(), b = this._bounds;
      if (at.x < b.min.x || at.y < b.min.y || at.x + size.x > b.max.x || at.y + size.y > b.max.y) this.redraw();
    },
    redraw: function () {
      var self = this;
      this._stale = true;
      if (!this._frame && this._map) {
        this._frame = requestAnimationFrame(function () { self._frame = null; if (self._map) self._update(); });
      }
      return this;
    },
    _update: function () {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      var b = this._bounds, size = b.getSize(), canvas = this._container, origin = this._map.getPixelOrigin();
      var ratio = Math.min(window.devicePixelRatio || 1, 2);
      L.DomUtil.setPosition(canvas, b.min);
      /* Leaflet tells of one move twice; the second time there is nothing to paint */
      var painted = [this._map.getZoom(), origin.x, origin.y, b.min.x, b.min.y, size.x, size.y, ratio].join();
      if (!this._stale && painted === this._painted) return;
      this._painted = painted; this._stale = false;
      if (this._frame) { cancelAnimationFrame(this._frame); this._frame = null; }
      if (size.x * size.y * ratio * ratio > MOST_PIXELS) ratio = Math.sqrt(MOST_PIXELS / (size.x * size.y));
      canvas.width = Math.round(size.x * ratio); canvas.height = Math.round(size.y * ratio);
      canvas.style.width = size.x + 'px'; canvas.style.height = size.y + 'px';
      var view = BS.view(this._map.getZoom(), origin.x + b.min.x, origin.y + b.min.y, size.x, size.y, ratio);
      view.seen = this._map.containerPointToLayerPoint([0, 0]).subtract(b.min); /* where the map begins on the canvas */
      this._fill(this._ctx, view);
      this.fire('update');
    }
  });
})();
