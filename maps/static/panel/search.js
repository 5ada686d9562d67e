/* search.js: one box for names of today and before, codes, black spots and coordinates; an ARIA combobox. */
'use strict';
(function () {
  var MOST = 12, ROOM = 120 /* pixels: two results */, hits = [], active = -1, index = null, telling = 0, closing = 0;

  BS.initSearch = function () {
    var query = BS.by('query');
    query.addEventListener('input', update);
    query.addEventListener('keydown', keydown);
    query.addEventListener('blur', function () { closing = setTimeout(close, 150); });
    query.addEventListener('focus', function () { BS.prepareSearch(); if (query.value) update(); });
    BS.by('search').addEventListener('submit', function (event) { event.preventDefault(); });
  };
  BS.translateSearch = function () {
    BS.by('query').placeholder = BS.t('search.example', BS.searchExample());
    if (!BS.by('hits').hidden) update(); /* open results change their language too */
  };
  /* An example from the page's own names, without its accents. */
  BS.searchExample = function () {
    var names = BS.app.names;
    return { name: BS.fold(names.name[0]).slice(0, 20), code: names.code[0].slice(0, 12) };
  };

  /* The index is built once: when the box is entered, or before, while nobody does anything. */
  BS.prepareSearch = function () { withIndex(function () {}); };
  function withIndex(use) {
    BS.withFormer(function (former) {
      var app = BS.app, words = BS.meta.words.vi, national = app.national;
      if (!index) {
        var provinces = app.meta.provinces.map(function (one) { return { name: one.name, listed: national }; });
        var types = Object.keys(words).filter(function (key) { return /^type\.\d+$/.test(key); }).reduce(function (list, key) {
          list[Number(key.slice(5))] = BS.plain(words[key]);
          return list;
        }, []);
        index = BS.findIndex(app.names, provinces, former, types);
      }
      use();
    });
  }

  function update() {
    clearTimeout(closing); /* who left the box and is back already goes on */
    withIndex(show);
  }
  function show() {
    var query = BS.by('query').value, some = query.trim() !== '';
    var point = BS.coordinates(query, BS.app.meta.bounds), on = point && inside(point);
    var first = on ? [{ kind: 'point', lat: point.lat, lng: point.lng }] : [];
    hits = first.concat(spotHits(query), BS.find(index, query, MOST)).slice(0, MOST);
    active = hits.length ? 0 : -1;
    var nothing = BS.t(point && !on ? 'search.outside' : 'search.none');
    BS.replace(BS.by('hits'), some && !hits.length
      ? BS.h('li', { role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false' }, nothing)
      : hits.map(option));
    BS.by('hits').hidden = !some;
    BS.by('query').setAttribute('aria-expanded', String(some));
    if (some) makeRoom();
    mark(false);
    /* spoken when the typing rests, not at every key */
    clearTimeout(telling);
    var said = hits.length ? BS.t('search.found', { count: BS.number(hits.length) }) : nothing;
    if (some) telling = setTimeout(function () { BS.say(said); }, 300);
  }
  /* On a low screen, or above the keys of a phone, the box moves up so that the first results are seen below it. */
  function makeRoom() {
    var high = window.visualViewport ? visualViewport.height : innerHeight;
    if (BS.by('hits').getBoundingClientRect().top > high - ROOM) BS.by('search').scrollIntoView({ block: 'start' });
  }
  function inside(point) {
    var box = BS.app.meta.bounds;
    return point.lng >= box[0] && point.lat >= box[1] && point.lng <= box[2] && point.lat <= box[3];
  }
  /* Black spots have the code of their commune in their name; they are read when somebody asks for one. */
  function spotHits(query) {
    var app = BS.app, wanted = query.trim().toLowerCase(), found = [];
    if (wanted.indexOf('-') < 0) return found;
    var rows = app.names.code.map(function (code, row) { return wanted.indexOf(code.toLowerCase() + '-') === 0 ? row : -1; })
      .filter(function (row) { return row >= 0; });
    if (!rows.length) return found;
    if (!app.spots) { BS.withSpots(function () { if (BS.by('query').value === query) show(); }); return found; }
    for (var i = 0; i < app.spots.count && found.length < MOST; i++) {
      var row = app.spots.commune[i];
      if (rows.indexOf(row) >= 0 && BS.spotId(i).toLowerCase().indexOf(wanted) === 0) found.push({ kind: 'spot', row: row, at: i });
    }
    return found;
  }

  function option(hit, at) {
    var item = BS.h('li', { role: 'option', id: 'hit-' + at, 'aria-selected': 'false' }, written[hit.kind](hit));
    item.addEventListener('mousedown', function (event) { event.preventDefault(); choose(at); });
    return item;
  }
  var written = {
    commune: function (hit) { return [BS.name(BS.app.names.name[hit.row]), BS.h('small', null, where(hit.row))]; },
    former: function (hit) {
      var former = BS.app.former, place = former.place[hit.at];
      return written.commune(hit).concat(wasPartOf(former.name[hit.at] + (place && ', ') + place));
    },
    province: function (hit) {
      return [BS.name(BS.app.meta.provinces[hit.at].name), BS.h('small', null, BS.t('search.province'))];
    },
    merged: function (hit) {
      return written.province({ at: hit.row }).concat(wasPartOf(index.before[hit.at].name));
    },
    spot: function (hit) {
      var people = BS.t('card.people', { people: BS.number(BS.spotPeople(hit.at)) });
      return [BS.name(BS.spotId(hit.at)), BS.h('small', null, BS.t('spot'), ' · ', people, ' · ', BS.name(BS.app.names.name[hit.row]))];
    },
    point: function (hit) {
      var row = under(hit), place = row < 0 ? BS.t('search.nowhere') : [BS.name(BS.app.names.name[row]), ' · ', where(row)];
      var said = BS.t('search.point', { lat: BS.number(hit.lat, 5), lng: BS.number(hit.lng, 5) });
      return [BS.name(said), BS.h('small', null, place)];
    }
  };
  function wasPartOf(name) {
    var around = BS.t('search.former').split('{name}');
    return BS.h('small', { class: 'former' }, around[0], BS.name(name), around[1]);
  }
  /* Type, province and code of a commune. */
  function where(row) {
    var names = BS.app.names;
    var province = BS.name(BS.app.model.provinceNames[names.province[row]]);
    return [BS.t('type.' + names.type[row]), ' · ', province, ' · ', names.code[row].slice(0, 40)];
  }
  function under(point) { return BS.app.shapes.hit(BS.worldX(point.lng), BS.worldY(point.lat)); }

  function mark(scroll) {
    Array.from(BS.by('hits').children).forEach(function (li, at) {
      li.setAttribute('aria-selected', String(at === active));
      if (scroll && at === active && li.scrollIntoView) li.scrollIntoView({ block: 'nearest' });
    });
    if (active >= 0) BS.by('query').setAttribute('aria-activedescendant', 'hit-' + active);
    else BS.by('query').removeAttribute('aria-activedescendant');
  }
  function keydown(event) {
    var open = !BS.by('hits').hidden;
    if (event.key === 'Escape') { close(); if (!open) BS.by('query').value = ''; return; }
    if (event.key === 'Enter') { event.preventDefault(); if (active >= 0) choose(active); return; }
    if ((event.key !== 'ArrowDown' && event.key !== 'ArrowUp') || !hits.length) return;
    event.preventDefault();
    active = (active + (event.key === 'ArrowDown' ? 1 : hits.length - 1)) % hits.length;
    mark(true);
  }

  function choose(at) {
    var hit = hits[at];
    close();
    pin(null);
    BS.by('query').value = opened[hit.kind](hit);
    BS.reveal();
  }
  /* Each goes there, and gives what then stands in the box. */
  var opened = {
    commune: function (hit) { pick(hit.row); BS.flyTo(hit.row); return BS.app.names.name[hit.row]; },
    former: function (hit) { return opened.commune(hit); },
    province: function (hit) {
      BS.set({ province: hit.at, setting: 0, page: 0, spotPage: 0, selected: '', spot: '' });
      BS.fitProvince(hit.at);
      return BS.app.meta.provinces[hit.at].name;
    },
    merged: function (hit) { return opened.province({ at: hit.row }); },
    spot: function (hit) { pick(hit.row); BS.pickSpot(hit.at, true); return BS.spotId(hit.at); },
    point: function (hit) {
      var row = under(hit), map = BS.app.map;
      if (row >= 0) pick(row);
      pin({ x: BS.worldX(hit.lng), y: BS.worldY(hit.lat) });
      map.setView([hit.lat, hit.lng], Math.max(map.getZoom(), 12), { animate: false });
      return BS.by('query').value;
    }
  };
  /* Select a commune; filters that hide it are taken off. */
  function pick(row) {
    var app = BS.app, code = app.names.code[row], patch = { selected: code, spot: '' };
    if (!app.model.passes(app.state, row)) { patch.province = -1; patch.setting = 0; }
    BS.set(patch);
    BS.set(BS.pageOf(code));
  }
  /* A ring around the coordinates that were asked for, until something else is. */
  function pin(place) { BS.app.pin = place; BS.app.layers.outline.redraw(); }

  function close() {
    BS.by('hits').hidden = true;
    active = -1;
    BS.by('query').setAttribute('aria-expanded', 'false');
    BS.by('query').removeAttribute('aria-activedescendant');
  }
})();
