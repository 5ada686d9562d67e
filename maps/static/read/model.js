/* model.js: which communes are shown, their values, classes, order and sums. No DOM; runs in node too. */
'use strict';
(function () {
  var UNKNOWN = -1, NO_DATA = -2, NOBODY = -3, OTHER = -4; /* classes outside the scale; OTHER: no change of coverage */
  BS.UNKNOWN = UNKNOWN; BS.NO_DATA = NO_DATA; BS.NOBODY = NOBODY; BS.OTHER = OTHER;

  BS.RURAL = 1; BS.BORDER = 2; BS.ISLAND = 4; BS.DISPUTED = 8; BS.SURE = ['certain', 'likely', 'verify_first']; /* 16, 32, 64 */

  function Model(meta, names, numbers, previous, changes) {
    this.meta = meta; this.names = names; this.now = numbers; this.before = previous || null; this.changes = changes || null;
    this.rows = names.code.length;
    this.provinceNames = meta.provinces.map(function (province) { return BS.legible(province.name); });
    this.rowOf = new Map();
    for (var i = 0; i < this.rows; i++) this.rowOf.set(names.code[i], i);
    this.byId = new Map(meta.indicators.map(function (indicator) { return [indicator.id, indicator]; }));
    this.cache = new Map();
  }

  Model.prototype.indicator = function (id) { return this.byId.get(id); };

  /* Bounds of the people who lack it: {low, high}, NaN where the population is unknown. */
  Model.prototype.bounds = function (indicator, past) {
    var key = indicator.id + (past ? '|past' : '');
    if (this.cache.has(key)) return this.cache.get(key);
    var table = past ? this.before : this.now, n = this.rows, low = new Float64Array(n), high = new Float64Array(n);
    var get = function (name) { return table && table.get(name); };
    var total = get('pop_total'), lack = get(indicator.lack), have = get(indicator.have);
    var unsure = indicator.unsure.map(get).filter(Boolean), silent = new Set(past ? [] : indicator.silent);
    var caps = indicator.caps.map(function (pair) { return pair.map(get); }).filter(function (pair) { return pair[0] && pair[1]; });
    for (var i = 0; i < n; i++) {
      if (!total || !(lack || have) || !isFinite(total[i])) { low[i] = high[i] = NaN; continue; }
      var sum = 0, top = total[i];
      for (var u = 0; u < unsure.length; u++) sum += unsure[u][i];
      if (lack) {
        low[i] = lack[i]; high[i] = lack[i] + sum;
        for (var c = 0; c < caps.length; c++) top = Math.min(top, caps[c][0][i] + caps[c][1][i]);
        if (silent.has(i)) high[i] = total[i];
      } else {
        high[i] = total[i] - have[i];
        low[i] = silent.has(i) ? 0 : high[i] - sum;
      }
      high[i] = Math.max(low[i], Math.min(high[i], top));
      low[i] = Math.max(0, low[i]); high[i] = Math.max(0, high[i]);
    }
    var bounds = { low: low, high: high };
    this.cache.set(key, bounds);
    return bounds;
  };

  /* The same bounds for sums, such as those of a province; NaN where they are not known. */
  Model.prototype.figureBounds = function (indicator, figures) {
    var get = function (name) { return figures.get(name) || 0; };
    var low = figures.get(indicator.lack), high = low, top = figures.get('pop_total'), unsure = 0;
    indicator.unsure.forEach(function (name) { unsure += get(name); });
    if (indicator.lack) high += unsure; else { high = top - figures.get(indicator.have); low = Math.max(0, high - unsure); }
    indicator.caps.forEach(function (pair) { top = Math.min(top, get(pair[0]) + get(pair[1])); });
    return { low: low, high: Math.max(low, Math.min(high, top)) };
  };
  /* Of some communes: by their sums, or one by one where an operator said nothing of some of them. */
  Model.prototype.areaBounds = function (indicator, figures, rows, past) {
    if (!indicator.silent.length || past) return this.figureBounds(indicator, figures);
    var bounds = this.bounds(indicator, past), sum = { low: 0, high: 0 };
    rows.forEach(function (i) { if (isFinite(bounds.low[i])) { sum.low += bounds.low[i]; sum.high += bounds.high[i]; } });
    return sum;
  };

  /* The bounds of the people who fail the profile. */
  Model.prototype.failing = function () {
    var item = this.meta.indicators.find(function (one) { return one.kind === 'fails'; });
    return item ? this.bounds(item, false) : null;
  };
  /* Of how many people it is not known whether they fail: of a commune, or of sums. */
  Model.prototype.openPeople = function (row) {
    var bounds = this.failing();
    return bounds && BS.isOpen(bounds.low[row], bounds.high[row]) ? bounds.high[row] - bounds.low[row] : 0;
  };
  /* Between which places of the list a commune stands. Where nothing is known of some of its people, it may be as far up as
     the first of the best group of priority that its setting allows; where the run drew, as far as nine draws of ten. */
  Model.prototype.rankBounds = function (row) {
    var get = function (table, name) { var values = table.get(name); return values ? values[row] : NaN; };
    var rank = get(this.now, 'rank'), low = get(this.now, 'rank_low'), high = get(this.now, 'rank_high');
    low = low < rank ? low : rank; high = high > rank ? high : rank;
    return { low: this.openPeople(row) ? Math.min(low, this.bestRank(row)) : low, high: high };
  };
  Model.prototype.bestRank = function (row) {
    var flags = this.names.flags[row], basic = this.byId.get('basic');
    var kind = flags & BS.RURAL ? (flags & (BS.BORDER | BS.ISLAND) ? 0 : 1) : 2;
    var severe = basic && this.bounds(basic, false).high[row] >= 0.5;
    return this.meta.tiers.slice(0, (severe ? 0 : 3) + kind).reduce(function (sum, count) { return sum + count; }, 1);
  };

  function step(value, edges) {
    var at = 0;
    while (at < edges.length && value >= edges[at]) at++;
    return at;
  }

  /* The class in which all values between two ends lie; per cent of a whole, or people where it is 0. */
  BS.classBetween = function (low, high, whole, edges) {
    var by = whole ? 100 / whole : 1, first = step(low * by, edges);
    /* a share of exactly 100 % less rounding must not fall below an edge by the last digit */
    return first === step(high * by - 1e-9, edges) || high - low < 0.5 ? first : NO_DATA;
  };

  /* Class of every commune: 0.. from the best, or UNKNOWN, NO_DATA, NOBODY. */
  Model.prototype.classes = function (state, past) {
    var key = ['class', state.indicator, state.unit, past ? 1 : 0].join('|');
    if (this.cache.has(key)) return this.cache.get(key);
    var bounds = this.bounds(this.indicator(state.indicator), past), total = (past ? this.before : this.now).get('pop_total');
    var share = state.unit === 'share', edges = this.meta.classes[share ? 'share' : 'people'], found = new Int8Array(this.rows);
    for (var i = 0; i < this.rows; i++) {
      if (!isFinite(bounds.low[i])) found[i] = UNKNOWN;
      else if (!(total[i] > 0)) found[i] = NOBODY;
      else found[i] = BS.classBetween(bounds.low[i], bounds.high[i], share ? total[i] : 0, edges);
    }
    this.cache.set(key, found);
    return found;
  };

  Model.prototype.changeClasses = function (state) {
    var key = ['change', state.indicator, state.unit].join('|');
    if (this.cache.has(key)) return this.cache.get(key);
    var found = new Int8Array(this.rows), edges = this.meta.classes[state.unit === 'share' ? 'changeShare' : 'changePeople'];
    var moved = this.moved(state), middle = edges.length / 2;
    for (var i = 0; i < this.rows; i++) {
      found[i] = isFinite(moved.coverage[i]) ? step(moved.coverage[i], edges) : isFinite(moved.other[i]) ? middle : NO_DATA;
      if (found[i] === middle && step(moved.other[i], edges) !== middle) found[i] = OTHER;
    }
    this.cache.set(key, found);
    return found;
  };

  /* By how much every commune's value changed: by coverage, and otherwise. Between two periods of one series
     everything is coverage; a comparison knows both apart, of the services and of the profile. */
  Model.prototype.moved = function (state) {
    var key = ['moved', state.indicator, state.unit].join('|');
    if (this.cache.has(key)) return this.cache.get(key);
    var facts = this.meta.changes, group = facts && facts.groups[state.indicator];
    var found = group ? this.movedOf(group, state.unit === 'share') : this.difference(state);
    if (facts && !group && !facts.progress) found = { coverage: new Float64Array(this.rows), other: found.coverage };
    this.cache.set(key, found);
    return found;
  };
  Model.prototype.difference = function (state) {
    var now = this.values(state, false), past = this.values(state, true);
    return { coverage: now.map(function (value, i) { return value - past[i]; }), other: new Float64Array(this.rows) };
  };
  Model.prototype.movedOf = function (group, share) {
    var table = this.changes, total = this.now.get('pop_total'), n = this.rows;
    var found = { coverage: new Float64Array(n), other: new Float64Array(n) };
    function add(to, name, sign) {
      var values = table.get('pop_' + name + '|' + group);
      for (var i = 0; i < n; i++) to[i] += sign * values[i] * (share ? 100 / total[i] : 1);
    }
    add(found.coverage, 'lost', 1); add(found.coverage, 'gained', -1);
    add(found.other, 'more_otherwise', 1); add(found.other, 'fewer_otherwise', -1);
    add(found.other, 'newly_without', 1); add(found.other, 'no_longer_without', -1);
    return found;
  };

  /* The value shown for a commune: per cent or people; NaN where it cannot be told. */
  Model.prototype.value = function (state, i, past) { return this.values(state, past)[i]; };
  Model.prototype.values = function (state, past) {
    var key = ['value', state.indicator, state.unit, past ? 1 : 0].join('|');
    if (this.cache.has(key)) return this.cache.get(key);
    var kinds = this.classes(state, past), low = this.bounds(this.indicator(state.indicator), past).low;
    var total = (past ? this.before : this.now).get('pop_total');
    var found = new Float64Array(this.rows), share = state.unit === 'share';
    for (var i = 0; i < this.rows; i++) found[i] = kinds[i] < 0 ? NaN : share ? 100 * low[i] / total[i] : low[i];
    this.cache.set(key, found);
    return found;
  };
  Model.prototype.change = function (state, i) { return this.before ? this.moved(state).coverage[i] : NaN; };
  Model.prototype.otherChange = function (state, i) { return this.before ? this.moved(state).other[i] : NaN; };

  /* Whether a commune passes the filters. */
  Model.prototype.passes = function (state, i) {
    if (state.province >= 0 && this.names.province[i] !== state.province) return false;
    return !state.setting || (this.names.flags[i] & state.setting) !== 0;
  };
  Model.prototype.shown = function (state) {
    var rows = [];
    for (var i = 0; i < this.rows; i++) if (this.passes(state, i)) rows.push(i);
    return rows;
  };

  /* Figures by column: the run's own where the filters are a whole country or province, else sums. */
  Model.prototype.figures = function (state) {
    if (!state.setting) {
      var area = state.province >= 0 && this.meta.kind === 'national' ? this.meta.provinces[state.province].figures : this.meta.figures;
      if (area) return new Map(Object.entries(area));
    }
    return this.sums(this.now, this.shown(state));
  };
  Model.prototype.pastFigures = function (state) {
    return this.before ? this.sums(this.before, this.shown(state)) : new Map();
  };
  Model.prototype.sums = function (table, rows) {
    var sums = new Map();
    table.forEach(function (values, name) {
      var sum = 0, any = false;
      for (var k = 0; k < rows.length; k++) if (isFinite(values[rows[k]])) { sum += values[rows[k]]; any = true; }
      sums.set(name, any ? sum : NaN);
    });
    return sums;
  };

  Model.prototype.counts = function (state, classes, steps) {
    var self = this;
    return this.countsOf(Array.from(classes).filter(function (_kind, i) { return self.passes(state, i); }), steps);
  };
  Model.prototype.countsOf = function (kinds, steps) {
    var counts = { unknown: 0, noData: 0, nobody: 0, other: 0, steps: new Array(steps).fill(0) };
    kinds.forEach(function (kind) {
      if (kind >= 0) counts.steps[kind]++;
      else counts[kind === UNKNOWN ? 'unknown' : kind === NOBODY ? 'nobody' : kind === OTHER ? 'other' : 'noData']++;
    });
    return counts;
  };

  /* Shown communes in the order of the table; unknown values always last. */
  Model.prototype.sorted = function (state) {
    var key = [state.sort, state.descending, state.indicator, state.unit, state.period, state.province, state.setting].join('|');
    if (this.orderKey !== key) { this.order = this.ordered(state); this.orderKey = key; }
    return this.order;
  };
  /* The place of every commune in the order of the names; comparing Vietnamese words is slow, so once. */
  Model.prototype.nameOrder = function () {
    if (this.placeOfName) return this.placeOfName;
    var names = this.names.name, collator = new Intl.Collator('vi'), places = this.placeOfName = new Int32Array(this.rows);
    var rows = names.map(function (_name, i) { return i; }).sort(function (a, b) { return collator.compare(names[a], names[b]) || a - b; });
    for (var at = 0; at < rows.length; at++) {
      places[rows[at]] = at && !collator.compare(names[rows[at]], names[rows[at - 1]]) ? places[rows[at - 1]] : at;
    }
    return places;
  };
  /* Coverage first; among those it left as they were, what changed otherwise. */
  Model.prototype.changeKey = function (state, i) {
    var coverage = this.change(state, i), other = this.otherChange(state, i);
    return Math.abs(coverage) >= 0.0005 || !isFinite(other) ? coverage : other / 1e12;
  };
  Model.prototype.ordered = function (state) {
    var self = this, rows = this.shown(state), key, sign = state.descending ? -1 : 1;
    if (state.sort === 'name') {
      var places = this.nameOrder();
      return rows.sort(function (a, b) { return sign * (places[a] - places[b]) || a - b; });
    }
    var column = { rank: 'rank', people: 'pop_total', spots: 'black_spot_count' }[state.sort];
    if (column) { var values = this.now.get(column); key = function (i) { return values ? values[i] : NaN; }; }
    else if (state.sort === 'change') key = function (i) { return self.changeKey(state, i); };
    else key = function (i) { return self.value(state, i, state.period === 'past'); };
    var keys = new Float64Array(this.rows);
    rows.forEach(function (i) { keys[i] = key(i); });
    return rows.sort(function (a, b) {
      var x = keys[a], y = keys[b], fx = isFinite(x), fy = isFinite(y);
      if (!fx || !fy) return fx ? -1 : fy ? 1 : a - b;
      return sign * (x - y) || a - b;
    });
  };

  BS.Model = Model;
})();
