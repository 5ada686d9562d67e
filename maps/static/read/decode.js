/* core.js: bytes of the page's blocks become numbers. No DOM, no network; runs in node too. */
'use strict';
var BS = globalThis.BS || (globalThis.BS = {});

(function () {
  BS.bytes = function (base64) {
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
    var text = atob(base64), bytes = new Uint8Array(text.length);
    for (var i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return bytes;
  };

  /* Raw deflate: the browser's own stream, else the vendored one. */
  BS.inflate = function (bytes) {
    if (typeof DecompressionStream === 'function') {
      try {
        var stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
        return new Response(stream).arrayBuffer().then(function (buffer) { return new Uint8Array(buffer); });
      } catch (error) {
        if (!(error instanceof TypeError)) throw error; /* an engine that does not know deflate-raw */
      }
    }
    return Promise.resolve(BS.inflateAll(bytes));
  };

  /* tiny-inflate wants to know the size beforehand: double the room until the result fits. */
  BS.inflateAll = function (bytes) {
    for (var room = Math.max(1024, bytes.length * 6); room < 1e9; room *= 2) {
      var target = new Uint8Array(room), result = target;
      try { result = BS.tinyInflate(bytes, target); } catch (error) { continue; }
      if (result.length < room) return result.slice();
    }
    throw new Error('damaged block');
  };

  function Reader(bytes) { this.bytes = bytes; this.at = 0; }
  Reader.prototype.next = function () {
    var bytes = this.bytes, byte = bytes[this.at++], value = byte & 127, place = 128;
    while (byte > 127) {
      byte = bytes[this.at++];
      value += (byte & 127) * place;
      place *= 128;
    }
    return value;
  };
  Reader.prototype.signed = function () {
    var folded = this.next();
    return folded % 2 ? -(folded + 1) / 2 : folded / 2;
  };
  Reader.prototype.offsets = function (count) {
    var start = new Uint32Array(count + 1);
    for (var i = 0; i < count; i++) start[i + 1] = start[i] + this.next();
    return start;
  };
  BS.Reader = Reader;

  /* Arcs and rings, coordinates in quanta; the layout is that of encode_topology. */
  BS.decodeTopology = function (bytes) {
    var r = new Reader(bytes), arcs = r.next(), features = r.next(), rings = r.next(), uses = r.next();
    var xBytes = r.next(), yBytes = r.next(), arcStart = r.offsets(arcs), total = arcStart[arcs];
    var rx = new Reader(bytes), ry = new Reader(bytes), x = new Int32Array(total), y = new Int32Array(total);
    rx.at = r.at; ry.at = r.at + xBytes; r.at += xBytes + yBytes;
    var firstX = 0, firstY = 0;
    for (var a = 0; a < arcs; a++) {
      firstX += rx.signed(); firstY += ry.signed();
      var px = firstX, py = firstY;
      x[arcStart[a]] = px; y[arcStart[a]] = py;
      for (var k = arcStart[a] + 1; k < arcStart[a + 1]; k++) {
        px += rx.signed(); py += ry.signed();
        x[k] = px; y[k] = py;
      }
    }
    var featureStart = r.offsets(features), ringStart = r.offsets(rings), arcOf = new Int32Array(uses), use = 0;
    for (var u = 0; u < uses; u++) { use += r.signed(); arcOf[u] = use; }
    return { arcs: arcs, features: features, rings: rings, arcStart: arcStart, x: x, y: y,
      featureStart: featureStart, ringStart: ringStart, arcOf: arcOf };
  };

  /* Columns of numbers; NaN where unknown. columns: [{name, per_unit}]. */
  BS.decodeNumbers = function (bytes, columns, rows) {
    var r = new Reader(bytes), table = new Map();
    columns.forEach(function (column) { table.set(column.name, new Float64Array(rows)); });
    var arrays = columns.map(function (column) { return table.get(column.name); });
    for (var row = 0; row < rows; row++) {
      for (var c = 0; c < arrays.length; c++) {
        var number = r.next();
        arrays[c][row] = number ? (number - 1) / columns[c].per_unit : NaN;
      }
    }
    return table;
  };

  BS.decodeSpots = function (bytes) {
    var r = new Reader(bytes), n = r.next(), columns = r.next(), rings = r.next(), i, c;
    var commune = new Uint32Array(n), at = 0, numbers = [];
    for (i = 0; i < n; i++) { at += r.signed(); commune[i] = at; }
    for (c = 0; c < columns; c++) {
      var column = new Float64Array(n);
      for (i = 0; i < n; i++) column[i] = r.next();
      numbers.push(column);
    }
    var ringStart = r.offsets(n), pointStart = r.offsets(rings), total = pointStart[rings];
    var x = new Int32Array(total), y = new Int32Array(total), px = 0, py = 0;
    for (i = 0; i < total; i++) { px += r.signed(); py += r.signed(); x[i] = px; y[i] = py; }
    return { count: n, commune: commune, numbers: numbers, ringStart: ringStart, pointStart: pointStart, x: x, y: y };
  };

  /* Coverage: row k of the result is row first + k of the pixel grid; its runs are offset[k] to offset[k + 1]. */
  BS.decodeRows = function (bytes) {
    var r = new Reader(bytes), first = r.next(), rows = r.next(), left = r.next(), runs = r.next();
    var offset = r.offsets(rows), start = new Int32Array(runs), end = new Int32Array(runs), lengths = new Reader(bytes), i;
    var gaps = new Int32Array(runs);
    for (i = 0; i < runs; i++) gaps[i] = r.next();
    lengths.at = r.at;
    for (var row = 0; row < rows; row++) {
      var x = left;
      for (i = offset[row]; i < offset[row + 1]; i++) {
        x += gaps[i]; start[i] = x;
        x += lengths.next(); end[i] = x;
      }
    }
    return { first: first, rows: rows, offset: offset, start: start, end: end };
  };

  /* Names before a reform: the commune's row, the name, and where that was; the layout is that of encode_former. */
  BS.decodeFormer = function (bytes, rows) {
    var found = { row: [], name: [], place: [] };
    if (!bytes) return found;
    var r = new Reader(bytes), size = r.next(), places = r.next(), place = 0;
    var words = new TextDecoder('utf-8').decode(bytes.subarray(bytes.length - size)).split('\n');
    function text() {
      var said = [];
      for (var left = r.next(); left > 0; left--) said.push(words[r.next()]);
      return said.join(' ');
    }
    var listed = [], counts = new Uint32Array(rows);
    for (var p = 0; p < places; p++) listed.push(text());
    for (var i = 0; i < rows; i++) counts[i] = r.next();
    for (var row = 0; row < rows; row++) {
      for (var k = 0; k < counts[row]; k++) {
        place += r.signed();
        found.row.push(row); found.place.push(listed[place]); found.name.push(text());
      }
    }
    return found;
  };

  BS.parse = function (bytes) { return JSON.parse(new TextDecoder('utf-8').decode(bytes)); };
})();
