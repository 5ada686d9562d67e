/* spots.js: what is known of one black spot, and which are shown. */
'use strict';
(function () {
  BS.spotPeople = function (i) { return BS.app.spots.numbers[0][i] / BS.app.meta.spots.units.pop; };
  BS.spotArea = function (i) { return BS.app.spots.numbers[1][i] / BS.app.meta.spots.units.area; };
  BS.spotId = function (i) { return BS.app.names.code[BS.app.spots.commune[i]] + '-' + BS.app.spotIds[i]; };
  BS.spotLon = function (i) { return BS.app.spots.numbers[2][i] / 1e5 - 180; };
  BS.spotLat = function (i) { return BS.app.spots.numbers[3][i] / 1e5 - 90; };
  BS.spotMissing = function (i) { return BS.missingText(BS.app.spots.numbers[4][i]); };
  BS.missingText = function (bits) {
    return BS.app.meta.spots.missing.filter(function (_service, at) { return bits & (1 << at); }).map(BS.serviceName).join(', ');
  };
  function km(column, i) {
    var units = BS.app.spots.numbers[column][i];
    return units ? (units - 1) / BS.app.meta.spots.units.distance : NaN;
  }
  /* The services, each with the numbers of its columns of distances: one per operator, or one for any. */
  function columns() {
    var facts = BS.app.meta.spots;
    if (!facts.columns) {
      facts.columns = new Map();
      facts.distances.forEach(function (pair, at) { facts.columns.set(pair[0], (facts.columns.get(pair[0]) || []).concat(at)); });
    }
    return facts.columns;
  }
  /* NaN, of what is nowhere, comes last. */
  function nearest(at, i) {
    return at.reduce(function (least, one) { var far = km(9 + one, i); return far < least || least !== least ? far : least; }, NaN);
  }
  /* Kilometres to the nearest coverage of each service: [[service, km, [[operator, km], ...]], ...], the nearest first;
     NaN where there is none. */
  BS.spotDistances = function (i) {
    var pairs = BS.app.meta.spots.distances;
    return Array.from(columns(), function (entry) {
      var each = entry[1].filter(function (at) { return pairs[at][1]; }).map(function (at) { return [pairs[at][1], km(9 + at, i)]; });
      each.sort(function (a, b) { return (isFinite(b[1]) - isFinite(a[1])) || a[1] - b[1] || 0; });
      return [entry[0], nearest(entry[1], i), each];
    });
  };
  /* Everything known of it in numbers; page_numbers has the same. */
  BS.spotNumbers = function (i) {
    var far = BS.app.meta.spots.distances.map(function (_pair, at) { return km(9 + at, i); });
    var near = Array.from(columns().values(), function (at) { return nearest(at, i); });
    return [BS.spotPeople(i), BS.spotArea(i), BS.spotLon(i), BS.spotLat(i), km(8, i)].concat(far, near);
  };
  /* The named place it lies near: [name, km], or null. */
  BS.spotPlace = function (i) {
    var at = BS.app.spots.numbers[7][i];
    return at ? [BS.app.spotPlaces[at - 1].slice(0, 200), km(8, i)] : null;
  };
  /* The cluster it is part of: how many spots it has, and their people. */
  BS.spotCluster = function (i) {
    var spots = BS.app.spots, after = spots.numbers[6], first = i - after[i], cluster = { count: 0, people: 0 };
    for (var k = first; k < spots.count && spots.commune[k] === spots.commune[i]; k++) {
      if (k - after[k] === first) { cluster.count++; cluster.people += BS.spotPeople(k); }
    }
    return cluster;
  };
  /* The nearest coverage of any missing service. */
  BS.spotFar = function (i) {
    var far = NaN;
    columns().forEach(function (at) { var one = nearest(at, i); if (one > 0 && !(one >= far)) far = one; });
    return far;
  };
  BS.spotShown = function (i) { return BS.app.model.passes(BS.app.state, BS.app.spots.commune[i]); };

  /* Shown spots in the order of the list; what is not known comes last, equal ones by rank, then by people. */
  BS.spotOrder = function () {
    var app = BS.app, state = app.state, key = [state.spotSort, state.spotDescending, state.province, state.setting, BS.language].join('|');
    if (app.spotOrderKey === key) return app.spotOrder;
    var spots = app.spots, order = [], rank = spots.numbers[5], people = spots.numbers[0];
    var sign = state.spotDescending ? -1 : 1, values = spotKeys(state.spotSort);
    for (var i = 0; i < spots.count; i++) if (BS.spotShown(i)) order.push(i);
    order.sort(function (a, b) {
      var x = values[a], y = values[b], nx = x !== x, ny = y !== y; /* NaN is not itself */
      return (nx || ny ? nx - ny : sign * (x - y)) || (rank[a] || Infinity) - (rank[b] || Infinity) || people[b] - people[a] || a - b;
    });
    app.spotOrderKey = key;
    app.spotOrder = order;
    return order;
  };
  /* One number per spot to sort by; of texts, the place in their own order. */
  function spotKeys(sort) {
    var spots = BS.app.spots, keys = new Float64Array(spots.count), keyOf = spotKey(sort);
    for (var i = 0; i < spots.count; i++) keys[i] = keyOf(i);
    return keys;
  }
  function spotKey(sort) {
    var spots = BS.app.spots, order;
    if (sort === 'place') { order = BS.app.model.nameOrder(); return function (i) { return order[spots.commune[i]]; }; }
    if (sort === 'missing') { order = missingOrder(); return function (i) { return order.get(spots.numbers[4][i]); }; }
    if (sort === 'people') return function (i) { return spots.numbers[0][i]; };
    if (sort === 'far') return BS.spotFar;
    return function (i) { return spots.numbers[5][i] || NaN; };
  }
  function missingOrder() {
    var bits = Array.from(new Set(BS.app.spots.numbers[4])), collator = new Intl.Collator('vi');
    bits.sort(function (a, b) { return collator.compare(BS.missingText(a), BS.missingText(b)) || a - b; });
    return new Map(bits.map(function (one, at) { return [one, at]; }));
  }
  /* The first spot of a commune; spots lie together by commune. */
  BS.firstSpotOf = function (row) { return BS.app.spots.commune.indexOf(row); };
  BS.spotIndex = function (id) {
    for (var i = 0; i < BS.app.spots.count; i++) if (BS.spotId(i) === id) return i;
    return -1;
  };

  /* People in black spots per province, for the circles of the far view; both periods share one scale. */
  BS.spotGroups = function (past) {
    var app = BS.app, key = [app.state.province, app.state.setting, BS.language].join('|');
    if (app.groupsKey !== key) {
      app.groupsKey = key;
      app.groups = [app.model.now, app.model.before].map(function (table) { return table ? inProvinces(table) : []; });
      var most = app.groups[0].concat(app.groups[1]).reduce(function (m, g) { return Math.max(m, g.people); }, 1);
      app.groups.forEach(function (list) { list.forEach(function (g) { g.most = most; }); });
    }
    return app.groups[past ? 1 : 0];
  };
  function inProvinces(table) {
    var app = BS.app, people = table.get('pop_in_black_spots'), count = table.get('black_spot_count');
    var groups = app.meta.provinces.map(function (_p, at) {
      var point = app.provincePoints[at];
      return { province: at, x: point ? point.x : NaN, y: point ? point.y : NaN, people: 0, count: 0 };
    });
    for (var i = 0; people && count && i < app.model.rows; i++) {
      if (!app.model.passes(app.state, i) || !(count[i] > 0)) continue;
      groups[app.names.province[i]].people += people[i];
      groups[app.names.province[i]].count += count[i];
    }
    return groups.filter(function (g) { return g.count > 0; }).map(function (g) { g.text = short(g.people); return g; });
  }
  function short(people) {
    if (people >= 1e6) return BS.number(people / 1e6, 1) + BS.t('million');
    return people >= 1000 ? BS.number(people / 1000) + BS.t('thousand') : BS.number(people);
  }

  /* The spot at a place in world units, or -1: inside its outline, else near its point. */
  BS.spotAt = function (x, y, reach) {
    var app = BS.app, spots = app.spots, best = -1, near = reach;
    for (var i = 0; i < spots.count; i++) {
      if (!inBox(spots.box, i * 4, x, y, reach) || !BS.spotShown(i)) continue;
      if (inside(spots, i, x, y)) return i;
      var far = Math.hypot(spots.cx[i] - x, spots.cy[i] - y);
      if (far < near) { near = far; best = i; }
    }
    return best;
  };
  /* Whether a point lies in the bounding box that begins at a place of the array, or at most reach outside. */
  function inBox(box, at, x, y, reach) {
    if (x < box[at] - reach || x > box[at + 2] + reach) return false;
    return !(y < box[at + 1] - reach || y > box[at + 3] + reach);
  }
  function inside(s, i, x, y) {
    var odd = false;
    for (var r = s.ringStart[i]; r < s.ringStart[i + 1]; r++) {
      for (var k = s.pointStart[r], j = s.pointStart[r + 1] - 1; k < s.pointStart[r + 1]; j = k++) {
        if ((s.wy[k] > y) !== (s.wy[j] > y) && x < (s.wx[j] - s.wx[k]) * (y - s.wy[k]) / (s.wy[j] - s.wy[k]) + s.wx[k]) odd = !odd;
      }
    }
    return odd;
  }
})();
