/* app.js: reads the blocks, starts the map, and keeps everything in step with the one state. */
'use strict';
(function () {
  function block(id) {
    var element = document.getElementById(id);
    return element ? BS.inflate(BS.bytes(element.textContent)) : Promise.resolve(null);
  }

  BS.start = function (map) {
    document.documentElement.classList.toggle('from-file', location.protocol === 'file:');
    BS.meta = JSON.parse(document.getElementById('bs-meta').textContent);
    withFigures(BS.meta);
    BS.language = BS.meta.language;
    var first = ['bs-names', 'bs-numbers', 'bs-shapes', 'bs-neighbours', 'bs-previous', 'bs-country', 'bs-strip', 'bs-changes'];
    BS.ready = Promise.all(first.map(block))
      .then(function (bytes) { begin(map, bytes); }, failed).catch(failed);
    return BS.ready;
  };
  /* The figures of provinces stand in one table, with their names once. */
  function withFigures(meta) {
    meta.provinces.forEach(function (province, at) {
      var row = meta.provinceFigures.rows[at];
      if (row.length) province.figures = Object.fromEntries(meta.provinceFigures.names
        .map(function (name, column) { return [name, row[column]]; }).filter(function (pair) { return pair[1] !== null; }));
    });
  }
  /* A damaged file says so instead of staying empty. */
  function failed(error) {
    BS.by('slot').append(BS.h('p', { role: 'alert' }, BS.t('damaged')));
    BS.by('loading').remove();
    throw error;
  }

  function begin(map, bytes) {
    var meta = BS.meta, names = BS.parse(bytes[0]), rows = names.code.length;
    var numbers = BS.decodeNumbers(bytes[1], meta.columns, rows);
    var previous = bytes[4] && BS.decodeNumbers(bytes[4], meta.previousColumns, rows);
    var changes = bytes[7] && BS.decodeNumbers(bytes[7], meta.changes.columns, rows);
    function shapesOf(data) { return data && new BS.Shapes(BS.decodeTopology(data), meta.quantum); }
    var shapes = shapesOf(bytes[2]);
    names.given = names.name;
    names.name = names.given.map(BS.legible);
    names.wx = names.x.map(function (x) { return BS.worldX(x / meta.quantum); });
    names.wy = names.y.map(function (y) { return BS.worldY(y / meta.quantum); });
    var app = BS.app = {
      meta: meta, map: map, national: meta.kind === 'national',
      names: names, shapes: shapes, model: new BS.Model(meta, names, numbers, previous, changes),
      land: shapesOf(bytes[3]), country: shapesOf(bytes[5]), strip: shapesOf(bytes[6]),
      selected: -1, hovered: -1, layers: {}, cover: new Map(), spots: null, texts: null
    };
    app.provincePoints = BS.provincePoints(names, shapes, meta.provinces.length);
    app.bySize = names.code.map(function (_c, i) { return i; }).sort(function (a, b) { return area(shapes, b) - area(shapes, a); });
    app.state = BS.parseState(location.hash, meta, app.model.rowOf);
    BS.language = app.state.language;
    select();
    var slot = BS.by('slot');
    BS.by('loading').remove();
    slot.append(map.getContainer());
    if (BS.initChanges) BS.initChanges();
    BS.initSearch(); BS.initControls(); BS.initTable(); BS.initShare();
    BS.initSheet(); BS.initUnitSheet(); BS.initMethod(); BS.initLayout();
    BS.by('do-language').addEventListener('click', function () { BS.set({ language: BS.language === 'vi' ? 'en' : 'vi' }); });
    translate();
    renderAll();
    openMap(app);
    /* the address that was asked for; meanwhile another one may have been written */
    window.addEventListener('hashchange', function (event) {
      var asked = new URL(event.newURL).hash;
      if (asked !== app.written) follow(BS.parseState(asked, meta, app.model.rowOf));
    });
    BS.readyAt = performance.now();
    document.documentElement.classList.add('ready');
  }
  function area(shapes, f) { var b = shapes.featureBox; return (b[f * 4 + 2] - b[f * 4]) * (b[f * 4 + 3] - b[f * 4 + 1]); }
  function select() {
    var app = BS.app, row = app.model.rowOf.get(app.state.selected);
    app.selected = row === undefined ? -1 : row;
  }

  function openMap(app) {
    var map = app.map, container = map.getContainer();
    container.tabIndex = 0;
    container.setAttribute('role', 'application');
    map.invalidateSize({ animate: false, pan: false });
    var whole = L.latLngBounds([app.meta.bounds[1], app.meta.bounds[0]], [app.meta.bounds[3], app.meta.bounds[2]]);
    app.home = BS.boundsOf(BS.areaOf(-1).main);
    map.setMaxBounds(whole.pad(3));
    map.setMinZoom(Math.min(10, map.getBoundsZoom(whole) - 1.5));
    var wanted = app.state.view;
    if (wanted) map.setView([wanted.lat, wanted.lng], wanted.zoom, { animate: false }); else BS.fitAll();
    addLayers(app);
    BS.initPointer(); BS.initMoves(); BS.initPlace(); BS.initSwipe(); BS.initFar();
    BS.renderSwipe(); BS.renderFar();
    map.on('moveend', moved);
    moved();
    function resized() { map.invalidateSize({ animate: false, pan: false }); }
    new ResizeObserver(function () { requestAnimationFrame(resized); }).observe(container);
    if (app.selected >= 0 && !wanted) BS.flyTo(app.selected);
    function nothing() {}
    prepare([BS.prepareSearch, function () { BS.withSpots(nothing); }, function () { BS.withTexts(nothing); },
      function () { app.model.nameOrder(); }]);
  }
  /* Land and borders depend on the place alone: on their own canvases they stay when colours change. */
  function addLayers(app) {
    function layer(name, pane, order, paint) {
      var made = app.map.createPane(pane);
      made.style.zIndex = order; made.style.pointerEvents = 'none';
      app.layers[name] = new BS.CanvasLayer(paint, { pane: pane }).addTo(app.map);
    }
    function isPast() { return app.state.period === 'past'; }
    layer('base', 'base', 340, BS.paintBase);
    layer('ground', 'ground', 350, function (ctx, v) { BS.paintColours(ctx, v, isPast()); });
    layer('lines', 'lines', 355, function (ctx, v) {
      BS.paintBorders(ctx, v, app.shapes, app.names.province);
      if (app.state.grid) BS.paintGraticule(ctx, v);
    });
    if (BS.paintContext) layer('context', 'context', 360, BS.paintContext);
    layer('spots', 'marks', 370, function (ctx, v) {
      paintZones(ctx, v, isPast());
      BS.paintPeriodSpots(ctx, v, isPast(), function () { app.layers.spots.redraw(); });
    });
    layer('outline', 'outline', 380, paintOutline);
    layer('names', 'names', 390, function (ctx, v) { app.named = BS.paintLabels(ctx, v, app); }); /* over every line */
  }
  /* While nobody does anything yet: what the first key, click or zoom would have to wait for, one after the other. */
  function prepare(tasks) {
    if (tasks.length) setTimeout(function () { tasks[0](); prepare(tasks.slice(1)); }, 250);
  }

  /* Black spots of this period, or the points of those of the period before. again() is called when they have been read. */
  BS.spotsPainted = function () {
    var period = BS.app.state.period;
    return period !== 'past' && !(BS.app.meta.changes && period === 'change');
  };
  BS.paintPeriodSpots = function (ctx, v, past, again) {
    var app = BS.app, spots = past ? app.pastSpots : app.spots, far = BS.spotMode(v.zoom, app.national) === 'circles';
    if (!past && !BS.spotsPainted()) { if (app.state.spots) BS.paintEvents(ctx, v, again); return; }
    if (!app.state.spots || (past && !app.model.before)) return;
    if (!far && !spots) { (past ? BS.withPastSpots : BS.withSpots)(again); return; }
    function shows(i) { return passes(spots.commune[i]); }
    BS.paintSpots(ctx, v, spots, shows, function () { return BS.spotGroups(past); }, app.national);
  };
  function paintOutline(ctx, v) {
    var app = BS.app, items = [];
    if (app.hovered >= 0 && app.hovered !== app.selected) items.push({ row: app.hovered, strong: false });
    if (app.selected >= 0) items.push({ row: app.selected, strong: true });
    BS.paintOutlines(ctx, v, app.shapes, items);
    function isSelected(mark) { return mark.row === app.selected; }
    var marked = app.selected >= 0 && BS.markers(v, app.shapes, app.names).some(isSelected);
    if (marked) BS.paintRing(ctx, v, app.names.wx[app.selected], app.names.wy[app.selected], 12);
    if (app.pin) BS.paintRing(ctx, v, app.pin.x, app.pin.y, 9);
    if (app.state.spot && !app.spots) { BS.withSpots(function () { app.layers.outline.redraw(); }); return; }
    var spot = app.state.spot ? BS.spotIndex(app.state.spot) : -1;
    if (spot >= 0) BS.paintPicked(ctx, v, app.spots, spot, app.national);
    if (BS.paintPickedEvent) BS.paintPickedEvent(ctx, v);
  }

  /* Everything that lies still: neighbours, communes, coverage, borders, marks of small special zones. */
  BS.paintGround = function (ctx, v, past) {
    BS.paintBase(ctx, v);
    BS.paintColours(ctx, v, past);
    BS.paintBorders(ctx, v, BS.app.shapes, BS.app.names.province);
    if (BS.paintContext) BS.paintContext(ctx, v);
    paintZones(ctx, v, past);
  };
  BS.paintBase = function (ctx, v) {
    var app = BS.app;
    BS.paintLand(ctx, v, app.land, BS.colours.land, BS.colours.landEdge);
    BS.paintLand(ctx, v, app.strip, BS.colours.land, BS.colours.land);
    BS.paintLand(ctx, v, app.country, BS.colours.country, BS.colours.landEdge);
  };
  /* Class of every commune as it is shown, and the colours of the classes. */
  function shown(past) {
    var app = BS.app, state = app.state, change = state.period === 'change' && !past;
    var classes = change ? app.model.changeClasses(state) : app.model.classes(state, past);
    if (BS.byProvince()) {
      var ofProvince = BS.provinceClasses(), own = classes; /* the mark of a special zone keeps its own colour */
      classes = Int8Array.from(own, function (kind, i) { return app.names.type[i] === 2 ? kind : ofProvince[app.names.province[i]]; });
    }
    return { palette: BS.palette(change), change: change, classes: classes };
  }
  function passes(i) { return BS.app.model.passes(BS.app.state, i); }
  BS.shownCoverage = function () {
    var state = BS.app.state;
    if (!state.service) return [];
    return BS.app.meta.coverage.filter(function (layer) {
      return layer.service === state.service && state.operators.indexOf(layer.slug) >= 0;
    });
  };
  /* Whether black spots stand on the map as outlines: the colours under them are paler, so that they are seen. */
  function spotsOutlined() {
    var app = BS.app;
    return app.state.spots && app.meta.spots.count > 0 && BS.spotsPainted() && BS.spotMode(app.map.getZoom(), app.national) === 'outlines';
  }
  /* Colours of the classes; under coverage and under outlines they step back. */
  BS.palette = function (change) {
    var full = change ? BS.colours.change : BS.colours.steps;
    var kept = BS.shownCoverage().length ? BS.UNDER_COVERAGE : spotsOutlined() ? BS.UNDER_SPOTS : 1;
    return kept < 1 ? full.map(function (colour) { return BS.paler(colour, kept); }) : full;
  };
  BS.paintColours = function (ctx, v, past) {
    var app = BS.app, cover = BS.shownCoverage(), is = shown(past), silent = cover.length ? BS.silentRows(cover) : null;
    /* where none of the chosen operators speaks for the commune, no coverage does not mean none there */
    var classes = silent ? is.classes.map(function (kind, i) { return silent[i] ? BS.NO_DATA : kind; }) : is.classes;
    BS.paintCommunes(ctx, v, app.shapes, classes, is.palette, passes);
    if (v.print && is.change) BS.paintWorse(ctx, v, app.shapes, classes, passes);
    if (cover.length) BS.paintCoverage(ctx, v, ready(cover));
  };
  function paintZones(ctx, v, past) {
    var is = shown(past);
    BS.paintMarkers(ctx, v, BS.app.shapes, BS.app.names, is.classes, is.palette, passes);
  }
  /* Communes of which none of these layers says anything: 1, else 0; null where there is none. */
  BS.silentRows = function (layers) {
    var count = new Uint8Array(BS.app.model.rows), any = false;
    layers.forEach(function (layer) {
      for (var k = 0; k < layer.silent.length; k += 2) {
        for (var i = layer.silent[k]; i < layer.silent[k] + layer.silent[k + 1]; i++) count[i]++;
      }
    });
    var found = count.map(function (times) { any = any || times === layers.length; return times === layers.length ? 1 : 0; });
    return any ? found : null;
  };
  /* Coverage that is decoded; what is not yet is asked for and painted when it is there. */
  function ready(layers) {
    var app = BS.app;
    return layers.filter(function (layer) {
      if (!app.cover.has(layer.block)) {
        app.cover.set(layer.block, null);
        block(layer.block).then(function (bytes) {
          app.cover.set(layer.block, { rows: BS.decodeRows(bytes), zoom: layer.zoom });
          app.layers.ground.redraw(); BS.renderSwipe(); BS.renderFar();
        });
      }
      return app.cover.get(layer.block);
    }).map(function (layer) { return app.cover.get(layer.block); });
  }

  /* Blocks that are read when they are first needed. */
  BS.block = block;
  BS.lazily = lazily;
  function lazily(key, load) {
    var promise = null;
    return function (use) {
      if (BS.app[key]) { use(BS.app[key]); return; }
      promise = promise || load().then(function (value) { BS.app[key] = value; });
      promise.then(function () { use(BS.app[key]); });
    };
  }
  BS.withSpots = lazily('spots', function () {
    var places = BS.app.meta.spots.places ? block('bs-spot-places').then(BS.parse) : [];
    return Promise.all([block('bs-spots'), block('bs-spot-ids'), places]).then(function (bytes) {
      BS.app.spotIds = BS.parse(bytes[1]);
      BS.app.spotPlaces = bytes[2];
      return BS.placeSpots(BS.decodeSpots(bytes[0]), BS.app.meta.spots);
    });
  });
  BS.withPastSpots = lazily('pastSpots', function () {
    return block('bs-past-spots').then(function (bytes) { return BS.placeSpots(BS.decodeSpots(bytes), BS.app.meta.pastSpots); });
  });
  BS.withEvents = lazily('events', function () { return block('bs-events').then(BS.parse).then(BS.placeEvents); });
  BS.withFormer = lazily('former', function () {
    return block('bs-former').then(function (bytes) { return BS.decodeFormer(bytes, BS.app.model.rows); });
  });
  BS.withTexts = lazily('texts', function () {
    return Promise.all(['bs-texts', 'bs-told-forms', 'bs-told'].map(block)).then(function (bytes) {
      BS.app.told = BS.decodeTold(BS.parse(bytes[1]), bytes[2], BS.app.model.rows, BS.app.meta.spots.count);
      return BS.parse(bytes[0]);
    });
  });

  /* The one way to change anything. */
  BS.set = function (patch) {
    var app = BS.app, before = app.state, language = before.language;
    app.state = Object.assign({}, before, patch);
    if (!app.model.before) app.state.period = 'now';
    select();
    if (app.state.language !== language) {
      BS.language = app.state.language;
      translate(); renderAll();
      if (Object.keys(patch).length > 1) redraw(); else relabel();
      address();
      return;
    }
    var changed = function () {
      return Array.prototype.some.call(arguments, function (key) { return app.state[key] !== before[key]; });
    };
    var filters = changed('province', 'setting'), colours = filters || changed('indicator', 'unit', 'period');
    var byProvince = BS.byProvince();
    colours = colours || byProvince !== app.byProvince;
    app.byProvince = byProvince;
    if (filters) { BS.renderHeadline(); BS.takeSize(); }
    if (BS.renderChanges && changed('province', 'setting', 'indicator')) BS.renderChanges();
    if (colours || changed('sort', 'descending', 'page', 'tab', 'spotPage', 'eventPage', 'spotSort', 'spotDescending',
      'provincePage', 'provinceSort', 'provinceDescending')) BS.renderTable();
    else if (changed('selected', 'spot')) BS.markTable();
    if (changed('selected', 'spot')) { BS.renderCard(); BS.announce(); }
    if (colours || changed('service', 'operators', 'spots')) { app.layers.ground.redraw(); BS.renderFar(); }
    if (changed('grid')) app.layers.lines.redraw();
    if (changed('context')) app.layers.context.redraw();
    if (colours || changed('spots', 'service', 'operators', 'grid', 'context')) {
      BS.renderLegend(); BS.renderControls(); BS.renderSwipe();
      app.layers.spots.redraw();
    }
    if (changed('selected', 'spot', 'province')) app.layers.outline.redraw();
    if (filters || changed('selected', 'spot', 'spots', 'context')) app.layers.names.redraw();
    address();
  };
  function follow(state) {
    var app = BS.app, view = state.view;
    state.view = view || app.state.view;
    app.state = state;
    BS.language = state.language;
    app.step = stepOf(BS.formatState(state, app.meta)); /* it stands in the history already */
    select(); translate(); renderAll(); redraw();
    if (view) app.map.setView([view.lat, view.lng], view.zoom, { animate: false });
    address();
  }
  /* Another language changes what is written on the map, not its colours. */
  function relabel() {
    moved();
    ['names', 'lines', 'spots'].forEach(function (name) { BS.app.layers[name].redraw(); });
    BS.renderSwipe(); BS.renderFar();
  }
  function redraw() { Object.values(BS.app.layers).forEach(function (layer) { layer.redraw(); }); BS.renderSwipe(); BS.renderFar(); }
  function renderAll() {
    if (BS.renderChanges) BS.renderChanges();
    BS.renderHeadline(); BS.renderControls(); BS.renderTable(); BS.renderLegend(); BS.renderCard();
  }

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
    BS.renderScale(); BS.renderPlace();
    var mode = BS.spotMode(map.getZoom(), app.national);
    if (mode !== app.spotMode || app.byProvince !== BS.byProvince()) {
      app.spotMode = mode; app.byProvince = BS.byProvince();
      BS.renderLegend(); BS.renderFar();
      app.layers.names.redraw(); /* the legend may lie over other names now */
    }
    address();
  }
  function address() {
    var app = BS.app;
    clearTimeout(app.addressTimer);
    app.addressTimer = setTimeout(function () {
      var text = BS.formatState(app.state, app.meta), step = stepOf(text), isNext = app.step !== undefined && step !== app.step;
      app.written = '#' + text;
      app.step = step;
      history[isNext ? 'pushState' : 'replaceState'](null, '', app.written);
    }, 120);
  }
  /* What a step back undoes: all but where the map is. */
  function stepOf(text) { return text.replace(/^m=[^&]*&?/, ''); }
})();
