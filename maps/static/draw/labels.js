/* labels.js: names of special zones, provinces, communes and other places, where they do not collide. */
'use strict';
(function () {
  var MOST = 44, SMALLEST = 4.25, WHOLE_COUNTRY = 7; /* letters of a name; zooms at which all provinces are in sight, and apart */

  BS.shortName = short;
  function short(text) { return text.length > MOST ? text.slice(0, MOST - 1) + '…' : text; }

  /* The word for the type of the unit is not repeated on the map. */
  BS.bareName = bare;
  function bare(name) { return name.replace(/^(đặc khu|special zone)\s+(?=\S)/i, ''); }

  /* One label point per province: the commune nearest to the middle of its people's land, special zones apart. */
  BS.provincePoints = function (names, shapes, count) {
    var sums = Array.from({ length: count }, function () { return { x: 0, y: 0, n: 0, best: -1, far: Infinity }; });
    var i, box = shapes.featureBox;
    function weight(i) { return (box[i * 4 + 2] - box[i * 4]) * (box[i * 4 + 3] - box[i * 4 + 1]) * (names.type[i] === 2 ? 1e-6 : 1); }
    for (i = 0; i < names.wx.length; i++) {
      var s = sums[names.province[i]], w = weight(i) || 1e-12;
      s.x += w * names.wx[i]; s.y += w * names.wy[i]; s.n += w;
    }
    for (i = 0; i < names.wx.length; i++) {
      s = sums[names.province[i]];
      var d = Math.pow(names.wx[i] - s.x / s.n, 2) + Math.pow(names.wy[i] - s.y / s.n, 2);
      if (d < s.far) { s.far = d; s.best = i; }
    }
    return sums.map(function (s) { return s.best < 0 ? null : { x: names.wx[s.best], y: names.wy[s.best] }; });
  };

  /* Candidates in the order they get room. */
  function candidates(v, app) {
    var names = app.names, list = [], seen = app.state.province, i;
    if (app.selected >= 0) list.push(label(names.name[app.selected], names.wx[app.selected], names.wy[app.selected], 'picked', 13));
    for (i = 0; i < names.name.length; i++) {
      if (names.type[i] !== 2 || i === app.selected) continue;
      list.push(label(bare(names.name[i]), names.wx[i], names.wy[i], 'zone', 13));
    }
    (app.meta.places || []).forEach(function (place) {
      list.push(label(BS.inLanguage(place), BS.worldX(place.lon), BS.worldY(place.lat), 'sea', 0));
    });
    if (app.national && v.zoom < 9.75) {
      var away = circles(v, app);
      app.provincePoints.forEach(function (point, p) {
        if (point && (seen < 0 || seen === p)) list.push(label(app.model.provinceNames[p], point.x, point.y, 'province', away[p] || 0));
      });
    }
    if (v.zoom >= (app.national ? 9 : 8)) {
      var box = app.shapes.featureBox;
      var rows = app.bySize;
      for (i = 0; i < rows.length; i++) {
        var f = rows[i];
        if (names.type[f] === 2 || f === app.selected || BS.draw.outside(v, box, f)) continue;
        if ((box[f * 4 + 2] - box[f * 4]) * v.scale > 36) list.push(label(names.name[f], names.wx[f], names.wy[f], 'commune', 0));
      }
    }
    if (BS.settlementLabels) list = list.concat(BS.settlementLabels(v));
    return BS.contextLabels ? list.concat(BS.contextLabels(v)) : list;
  }
  /* How far a province's name stands from its point: outside the circle of its black spots. */
  function circles(v, app) {
    var away = [];
    if (!app.state.spots || BS.spotMode(v.zoom, app.national) !== 'circles') return away;
    BS.spotGroups(app.state.period === 'past').forEach(function (g) { away[g.province] = BS.circleRadius(v.zoom, g.people, g.most) + 8; });
    return away;
  }
  function label(text, x, y, kind, shift) { return { text: short(text), x: x, y: y, kind: kind, shift: shift }; }

  var STYLE = BS.labelStyles = {
    picked: ['700 13px ', '#0b3d83', 15], zone: ['600 12px ', '#14213d', 14], sea: ['italic 400 14px ', '#3d6483', 16],
    province: ['600 12px ', '#1f2430', 14], commune: ['400 11.5px ', '#2a2f3a', 13]
  };

  /* Boxes of legend, card and the like on the canvas; none on paper. */
  function covered(v) {
    if (!v.seen) return [];
    return BS.covers().map(function (box) {
      return [box.left + v.seen.x, box.top + v.seen.y, box.right + v.seen.x, box.bottom + v.seen.y];
    });
  }
  BS.meets = meets;
  function meets(boxes, box) {
    return boxes.some(function (b) { return b[0] < box[2] && b[2] > box[0] && b[1] < box[3] && b[3] > box[1]; });
  }
  /* In halves of a name: where those of the sea stand on a small screen, on which the islands' own names fill what is near. */
  var FURTHER = [1, 3, 5, 6, 8].reduce(function (all, down) {
    return all.concat([0, -1, 1].reduce(function (row, across) { return row.concat([[across, -down], [across, down]]); }, []));
  }, []);
  /* Where a name may stand around its point. Names of sea and islands have the most places, so that none is left out. */
  function offsets(one, w, h) {
    var shift = one.shift, ring = w + Math.max(shift, 8);
    if (one.kind === 'zone' || one.kind === 'picked') {
      return [[0, shift], [0, -shift], [-ring, 0], [ring, 0], [-w, shift + h], [-w, -shift - h], [w, shift + h], [w, -shift - h]];
    }
    if (one.kind === 'sea') {
      return [[0, 0], [0, 2 * h], [0, -2 * h], [-w, 0], [w, 0], [0, 4 * h], [0, -4 * h],
        [-w, 2 * h], [-w, -2 * h], [-w, 4 * h], [-w, -4 * h]].concat(FURTHER.map(function (at) { return [at[0] * w, at[1] * h]; }));
    }
    return shift ? [[0, shift], [0, -shift]] : [[0, 0]];
  }
  function placed(v, x, y, at, w, h) { return [x + at[0] - w, y + at[1] - h, x + at[0] + w, y + at[1] + h]; }

  /* Draw what fits, strongest first; nothing overlaps. Far out no province is left out: its name finds room beside the land. */
  BS.paintLabels = function (ctx, v, app) {
    ctx.setTransform(v.ratio, 0, 0, v.ratio, 0, 0);
    ctx.textAlign = 'center'; ctx.textBaseline = 'middle'; ctx.lineJoin = 'round';
    var taken = [], over = covered(v), named = [], late = [], wholeCountry = app.national && v.zoom >= SMALLEST && v.zoom < WHOLE_COUNTRY;
    function clear(box) { return !meets(over, box) && inSight(v, box); }
    candidates(v, app).forEach(function (one) {
      var x = one.x * v.scale - v.left, y = one.y * v.scale - v.top, style = STYLE[one.kind];
      if (x < -60 || y < -20 || x > v.width + 60 || y > v.height + 20) return;
      ctx.font = style[0] + BS.FONT;
      var w = ctx.measureText(one.text).width / 2 + 3, h = style[2] / 2 + 1, leads = wholeCountry && one.kind === 'province';
      var places = offsets(one, w, h).map(function (at) { return placed(v, x, y, at, w, h); });
      if (one.kind === 'sea' && within(v, x, y)) places = places.concat(places.map(function (box) { return movedIn(v, box); }));
      var free = places
        .filter(function (box) { return !meets(taken, box); });
      var box = free.find(clear) || (leads ? null : free[0]);
      if (box) { taken.push(box); named.push({ text: one.text, kind: one.kind, box: box }); }
      else if (leads) late.push({ text: one.text, x: x, y: y, w: w, h: h });
    });
    late.sort(function (a, b) { return a.y - b.y; }); /* from north to south, so that fewer lines cross */
    BS.besideTheLand(v, app, late, taken, clear).forEach(function (found, at) {
      if (found) named.push({ text: late[at].text, kind: 'province', box: found.box, line: found.line });
    });
    named.forEach(function (one) { if (one.line) BS.paintLeader(ctx, one.line); });
    named.forEach(function (one) { write(ctx, one); });
    return named;
  };
  function write(ctx, one) {
    var style = STYLE[one.kind], x = (one.box[0] + one.box[2]) / 2, y = (one.box[1] + one.box[3]) / 2;
    ctx.font = style[0] + BS.FONT;
    ctx.strokeStyle = one.kind === 'sea' ? 'rgba(219,232,241,.9)' : 'rgba(255,255,255,.92)'; ctx.lineWidth = 3.4;
    ctx.strokeText(one.text, x, y);
    ctx.fillStyle = style[1]; ctx.fillText(one.text, x, y);
  }
  /* What is seen of the canvas: left, top, right, bottom. On paper that is all of it. */
  function sight(v) {
    return v.seen ? [v.seen.x, v.seen.y, v.width - v.seen.x, v.height - v.seen.y] : [0, 0, v.width, v.height];
  }
  function within(v, x, y) { var s = sight(v); return x >= s[0] && x <= s[2] && y >= s[1] && y <= s[3]; }
  /* The box, moved by as little as brings it into sight. */
  function movedIn(v, box) {
    var s = sight(v), dx = Math.max(0, s[0] - box[0]) + Math.min(0, s[2] - box[2]);
    var dy = Math.max(0, s[1] - box[1]) + Math.min(0, s[3] - box[3]);
    return [box[0] + dx, box[1] + dy, box[2] + dx, box[3] + dy];
  }
  /* Whether the edge of the map cuts nothing off. */
  function inSight(v, box) {
    if (!v.seen) return box[0] >= 0 && box[2] <= v.width;
    return box[0] >= v.seen.x && box[1] >= v.seen.y && box[2] <= v.width - v.seen.x && box[3] <= v.height - v.seen.y;
  }
})();
