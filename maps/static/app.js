/* app.js: reads the blocks, starts the map, and keeps everything in step with the one state. */
'use strict';
(function () {
  function block(id) {
    var element = document.getElementById(id);
    return element ? BS.inflate(BS.bytes(element.textContent)) : Promise.resolve(null);
  }

  BS.start = function (map) {
    BS.meta = JSON.parse(document.getElementById('bs-meta').textContent);
    BS.language = BS.meta.language;
    BS.ready = Promise.all(['bs-names', 'bs-numbers', 'bs-shapes', 'bs-neighbours', 'bs-previous', 'bs-country', 'bs-strip'].map(block))
      .then(function (bytes) { begin(map, bytes); }, failed).catch(failed);
    return BS.ready;
  };
  /* A damaged file says so instead of staying empty. */
  function failed(error) {
    BS.by('slot').append(BS.h('p', { role: 'alert' }, BS.t('damaged')));
    BS.by('loading').remove();
    throw error;
  }

  function begin(map, bytes) {
    var meta = BS.meta, names = BS.parse(bytes[0]), rows = names.code.length, shapes = new BS.Shapes(BS.decodeTopology(bytes[2]), meta.quantum);
    var numbers = BS.decodeNumbers(bytes[1], meta.columns, rows), previous = bytes[4] && BS.decodeNumbers(bytes[4], meta.previousColumns, rows);
    names.wx = names.x.map(function (x) { return BS.worldX(x / meta.quantum); });
    names.wy = names.y.map(function (y) { return BS.worldY(y / meta.quantum); });
    var app = BS.app = { meta: meta, map: map, names: names, shapes: shapes, model: new BS.Model(meta, names, numbers, previous), national: meta.kind === 'national',
      land: bytes[3] && new BS.Shapes(BS.decodeTopology(bytes[3]), meta.quantum), country: bytes[5] && new BS.Shapes(BS.decodeTopology(bytes[5]), meta.quantum),
      strip: bytes[6] && new BS.Shapes(BS.decodeTopology(bytes[6]), meta.quantum), selected: -1, hovered: -1, layers: {}, cover: new Map(), spots: null, texts: null };
    app.provincePoints = BS.provincePoints(names, shapes, meta.provinces.length);
    app.bySize = names.code.map(function (_c, i) { return i; }).sort(function (a, b) { return area(shapes, b) - area(shapes, a); });
    app.state = BS.parseState(location.hash, meta, app.model.rowOf);
    BS.language = app.state.language;
    select();
    var slot = BS.by('slot');
    BS.by('loading').remove();
    slot.append(map.getContainer());
    BS.initSearch(); BS.initControls(); BS.initTable(); BS.initShare(); BS.initSheet(); BS.initMethod();
    BS.by('do-language').addEventListener('click', function () { BS.set({ language: BS.language === 'vi' ? 'en' : 'vi' }); });
    translate();
    renderAll();
    openMap(app);
    window.addEventListener('hashchange', function () { if (location.hash !== app.written) follow(BS.parseState(location.hash, meta, app.model.rowOf)); });
    BS.readyAt = performance.now();
    document.documentElement.classList.add('ready');
  }
  function area(shapes, f) { var b = shapes.featureBox; return (b[f * 4 + 2] - b[f * 4]) * (b[f * 4 + 3] - b[f * 4 + 1]); }
  function select() { var app = BS.app; app.selected = app.model.rowOf.has(app.state.selected) ? app.model.rowOf.get(app.state.selected) : -1; }

  function openMap(app) {
    var map = app.map, container = map.getContainer();
    container.tabIndex = 0;
    container.setAttribute('role', 'application');
    map.invalidateSize({ animate: false, pan: false });
    app.home = L.latLngBounds([app.meta.bounds[1], app.meta.bounds[0]], [app.meta.bounds[3], app.meta.bounds[2]]);
    map.setMaxBounds(app.home.pad(1.5));
    map.setMinZoom(Math.min(10, map.getBoundsZoom(app.home) - 0.75));
    var wanted = app.state.view;
    if (wanted) map.setView([wanted.lat, wanted.lng], wanted.zoom, { animate: false }); else BS.fitAll();
    pane('ground', 350); pane('marks', 370); pane('names', 380); pane('outline', 390);
    app.layers.ground = new BS.CanvasLayer(function (ctx, v) { BS.paintGround(ctx, v, app.state.period === 'past'); }, { pane: 'ground' }).addTo(map);
    app.layers.spots = new BS.CanvasLayer(function (ctx, v) { if (app.state.spots) paintSpots(ctx, v); }, { pane: 'marks' }).addTo(map);
    app.layers.names = new BS.CanvasLayer(function (ctx, v) { BS.paintLabels(ctx, v, app); }, { pane: 'names' }).addTo(map);
    app.layers.outline = new BS.CanvasLayer(paintOutline, { pane: 'outline' }).addTo(map);
    BS.initPointer(); BS.initSwipe();
    BS.renderSwipe();
    map.on('moveend', moved);
    moved();
    new ResizeObserver(function () { map.invalidateSize({ animate: false, pan: false }); }).observe(container);
    if (app.selected >= 0 && !wanted) BS.flyTo(app.selected);
  }
  function pane(name, order) { var made = BS.app.map.createPane(name); made.style.zIndex = order; made.style.pointerEvents = 'none'; }

  function paintSpots(ctx, v) {
    var app = BS.app;
    if (BS.spotMode(v.zoom, app.national) !== 'circles' && !app.spots) { BS.withSpots(function () { app.layers.spots.redraw(); }); return; }
    BS.paintSpots(ctx, v, app.spots, BS.spotShown, BS.spotGroups, app.national);
  }
  function paintOutline(ctx, v) {
    var app = BS.app, items = [];
    if (app.hovered >= 0 && app.hovered !== app.selected) items.push({ row: app.hovered, strong: false });
    if (app.selected >= 0) items.push({ row: app.selected, strong: true });
    BS.paintOutlines(ctx, v, app.shapes, items);
    if (app.selected >= 0 && BS.markers(v, app.shapes, app.names).some(function (m) { return m.row === app.selected; })) BS.paintRing(ctx, v, app.names.wx[app.selected], app.names.wy[app.selected], 12);
    var spot = app.state.spot && app.spots ? BS.spotIndex(app.state.spot) : -1;
    if (spot >= 0) BS.paintRing(ctx, v, app.spots.cx[spot], app.spots.cy[spot], 11);
  }

  /* Everything that lies still: neighbours, communes, coverage, borders, marks of small special zones. */
  BS.paintGround = function (ctx, v, past) {
    var app = BS.app, state = app.state, change = state.period === 'change' && !past, palette = change ? BS.colours.change : BS.colours.steps;
    var classes = change ? app.model.changeClasses(state) : app.model.classes(state, past), passes = function (i) { return app.model.passes(state, i); };
    var cover = state.service ? app.meta.coverage.filter(function (layer) { return layer.service === state.service && state.operators.indexOf(layer.slug) >= 0; }) : [];
    BS.paintLand(ctx, v, app.land, BS.colours.land, BS.colours.landEdge);
    BS.paintLand(ctx, v, app.strip, BS.colours.land, BS.colours.land);
    BS.paintLand(ctx, v, app.country, BS.colours.country, BS.colours.landEdge);
    BS.paintCommunes(ctx, v, app.shapes, classes, palette, passes, cover.length > 0);
    if (change && v.print) BS.paintWorse(ctx, v, app.shapes, classes, passes);
    if (cover.length) BS.paintCoverage(ctx, v, ready(cover));
    BS.paintBorders(ctx, v, app.shapes, app.names.province);
    BS.paintMarkers(ctx, v, app.shapes, app.names, classes, palette, passes);
  };
  /* Coverage that is decoded; what is not yet is asked for and painted when it is there. */
  function ready(layers) {
    var app = BS.app;
    return layers.filter(function (layer) {
      if (!app.cover.has(layer.block)) {
        app.cover.set(layer.block, null);
        block(layer.block).then(function (bytes) { app.cover.set(layer.block, { rows: BS.decodeRows(bytes), zoom: layer.zoom }); app.layers.ground.redraw(); BS.renderSwipe(); });
      }
      return app.cover.get(layer.block);
    }).map(function (layer) { return app.cover.get(layer.block); });
  }

  /* Blocks that are read when they are first needed. */
  function lazily(key, load) {
    var promise = null;
    return function (use) {
      if (BS.app[key]) { use(BS.app[key]); return; }
      promise = promise || load().then(function (value) { BS.app[key] = value; });
      promise.then(function () { use(BS.app[key]); });
    };
  }
  BS.withSpots = lazily('spots', function () {
    return Promise.all([block('bs-spots'), block('bs-spot-ids')]).then(function (bytes) {
      BS.app.spotIds = BS.parse(bytes[1]);
      return BS.placeSpots(BS.decodeSpots(bytes[0]), BS.app.meta.spots);
    });
  });
  BS.withTexts = lazily('texts', function () { return block('bs-texts').then(BS.parse); });

  /* Everything, beside the legend where that costs little. */
  BS.fitAll = function () {
    var map = BS.app.map, legend = BS.by('legend'), aside = L.point(legend.offsetLeft + legend.offsetWidth + 14, 14), small = L.point(14, 14);
    var beside = getComputedStyle(legend).position === 'absolute' && map.getBoundsZoom(BS.app.home, false, aside.add(small)) > map.getBoundsZoom(BS.app.home, false, small.add(small)) - 0.3;
    map.fitBounds(BS.app.home, { animate: false, paddingTopLeft: beside ? aside : small, paddingBottomRight: small });
  };
  BS.fitProvince = function (province) {
    var app = BS.app;
    if (province < 0) { BS.fitAll(); return; }
    var box = [Infinity, Infinity, -Infinity, -Infinity], b = app.shapes.featureBox;
    for (var i = 0; i < app.model.rows; i++) {
      if (app.names.province[i] !== province || app.names.type[i] === 2) continue;
      box = [Math.min(box[0], b[i * 4]), Math.min(box[1], b[i * 4 + 1]), Math.max(box[2], b[i * 4 + 2]), Math.max(box[3], b[i * 4 + 3])];
    }
    if (box[0] < box[2]) fit(box, 12);
  };
  function fit(box, most) {
    BS.app.map.fitBounds([[BS.degreesY(box[3]), BS.degreesX(box[0])], [BS.degreesY(box[1]), BS.degreesX(box[2])]], { animate: false, padding: [30, 30], maxZoom: most });
  }
  BS.flyTo = function (row) {
    if (row < 0) return;
    var b = BS.app.shapes.featureBox;
    fit([b[row * 4], b[row * 4 + 1], b[row * 4 + 2], b[row * 4 + 3]], 11.5);
  };

  /* The one way to change anything. */
  BS.set = function (patch) {
    var app = BS.app, before = app.state, language = before.language;
    app.state = Object.assign({}, before, patch);
    if (patch.period === 'swipe' || patch.period === 'change' || app.model.before) app.state.period = app.model.before ? app.state.period : 'now';
    select();
    if (app.state.language !== language) { BS.language = app.state.language; translate(); renderAll(); redraw(); address(); return; }
    var changed = function () { return Array.prototype.some.call(arguments, function (key) { return app.state[key] !== before[key]; }); };
    var filters = changed('province', 'setting'), colours = changed('indicator', 'unit', 'period');
    if (filters) BS.renderHeadline();
    if (filters || colours || changed('selected', 'spot', 'sort', 'descending', 'page', 'tab', 'spotPage')) BS.renderTable();
    if (changed('selected', 'spot')) BS.renderCard();
    if (filters || colours || changed('spots', 'service', 'operators')) { BS.renderLegend(); BS.renderControls(); }
    if (filters || colours || changed('service', 'operators')) { app.layers.ground.redraw(); BS.renderSwipe(); }
    if (filters || changed('spots')) app.layers.spots.redraw();
    if (changed('selected', 'spot', 'province')) { app.layers.outline.redraw(); app.layers.names.redraw(); }
    address();
  };
  function follow(state) {
    var app = BS.app, view = state.view;
    app.state = state;
    BS.language = state.language;
    select(); translate(); renderAll(); redraw();
    if (view) app.map.setView([view.lat, view.lng], view.zoom, { animate: false });
  }
  function redraw() { Object.values(BS.app.layers).forEach(function (layer) { layer.redraw(); }); BS.renderSwipe(); }
  function renderAll() { BS.renderHeadline(); BS.renderControls(); BS.renderTable(); BS.renderLegend(); BS.renderCard(); }

  function translate() {
    BS.translate(); BS.translateControls(); BS.translateSearch();
    var other = BS.language === 'vi' ? 'en' : 'vi';
    BS.by('do-language').textContent = BS.t('language');
    BS.by('do-language').lang = other;
    BS.app.map.getContainer().setAttribute('aria-label', BS.t('map.label'));
  }
  function moved() {
    var app = BS.app, map = app.map, middle = map.getCenter();
    app.state.view = { zoom: map.getZoom(), lat: middle.lat, lng: middle.lng };
    var bar = BS.scaleBar(map.getZoom(), middle.lat, 120), mark = BS.by('scale').firstChild;
    mark.textContent = bar.text;
    mark.style.width = bar.width + 'px';
    var mode = BS.spotMode(map.getZoom(), app.national);
    if (mode !== app.spotMode) { app.spotMode = mode; BS.renderLegend(); }
    address();
  }
  function address() {
    var app = BS.app;
    clearTimeout(app.addressTimer);
    app.addressTimer = setTimeout(function () {
      app.written = '#' + BS.formatState(app.state, app.meta);
      history.replaceState(null, '', app.written);
    }, 120);
  }
})();
