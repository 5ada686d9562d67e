/* sheet.js: the printed sheet: title block, one composed map, legend, numbers, sources. */
'use strict';
(function () {
  var MM = 96 / 25.4, PAPER = { A4: [210, 297], A3: [297, 420] }, MARGIN = 12, DOTS = 2.5;
  var paper = 'A4', wide = false;

  BS.initSheet = function () {
    BS.by('do-print').addEventListener('click', openPreview);
    /* a print from the browser's own menu gets the same sheet */
    window.addEventListener('beforeprint', function () { document.body.append(document.querySelector('.sheet') || sheet('once')); });
    window.addEventListener('afterprint', function () {
      document.querySelectorAll('body > .sheet').forEach(function (one) {
        if (BS.by('preview')) BS.by('preview').append(one); else one.remove();
      });
    });
  };

  function openPreview() {
    var holder = BS.h('div', { id: 'preview', tabindex: '0', role: 'region', 'aria-label': BS.t('print.preview') });
    function choice(id, label, items, chosen, use) {
      var select = BS.h('select', { id: id }, items.map(function (item) {
        return BS.h('option', { value: item[0], selected: item[0] === chosen }, item[1]);
      }));
      select.addEventListener('change', function () { use(select.value); BS.replace(holder, sheet('preview')); });
      return BS.h('label', null, label + ' ', select);
    }
    var turns = [['tall', BS.t('print.tall')], ['wide', BS.t('print.wide')]];
    BS.openDialog(BS.t('print'), [
      BS.h('div', { class: 'choices' },
        choice('paper', BS.t('print.paper'), [['A4', 'A4'], ['A3', 'A3']], paper, function (value) { paper = value; }),
        choice('turn', BS.t('print.turn'), turns, wide ? 'wide' : 'tall', function (value) { wide = value === 'wide'; }),
        BS.h('button', { type: 'button', id: 'print-now', class: 'main', on: { click: function () { window.print(); } } },
          BS.t('print.now'))),
      holder]);
    BS.replace(holder, sheet('preview'));
  }

  function sheet(kind) {
    var app = BS.app, notice = BS.inLanguage(app.meta.notice);
    var size = PAPER[paper], across = size[wide ? 1 : 0] - 2 * MARGIN, down = size[wide ? 0 : 1] - 2 * MARGIN;
    /* room for the title, the figures (a line more with two periods), the legend and the sources */
    var mapWide = wide ? across - 80 : across, mapHigh = down - (wide ? 62 : 146) - (app.model.before ? 14 : 0);
    var canvas = BS.h('canvas', { role: 'img', 'aria-label': BS.t('print.map', { area: BS.areaName(), indicator: BS.legendTitle() }) });
    compose(canvas, Math.round(mapWide * MM), Math.round(mapHigh * MM));
    canvas.style.width = mapWide + 'mm'; canvas.style.height = mapHigh + 'mm';
    var root = BS.h('div', { class: 'sheet ' + kind + ' ' + paper.toLowerCase() + (wide ? ' wide' : ' tall') },
      notice && BS.h('p', { class: 'notice' }, BS.h('strong', null, notice)),
      BS.h('p', { class: 'sheet-title' }, BS.inLanguage(app.meta.title)),
      BS.h('p', { class: 'sheet-area' }, BS.legendTitle() + ' · ' + BS.areaName()),
      BS.h('dl', { class: 'tiles' }, Array.from(BS.by('tiles').children).map(function (tile) { return tile.cloneNode(true); })),
      BS.h('div', { class: 'sheet-body' }, canvas, BS.h('div', { class: 'sheet-legend' }, legend(), top())),
      BS.h('p', { class: 'note' }, BS.by('rule').textContent),
      BS.h('p', { class: 'note' }, BS.sources()));
    root.style.width = across + 'mm';
    return root;
  }
  function legend() {
    var parts = BS.legendContent();
    parts[0] = BS.h('p', { class: 'legend-title' }, parts[0].textContent);
    return parts;
  }
  /* The first communes of the list, so that the sheet says who comes first. */
  function top() {
    var app = BS.app, change = app.state.period === 'change', share = app.state.unit === 'share';
    var rows = app.model.sorted(app.state).slice(0, wide ? 12 : 10);
    var heading = BS.t(change ? 'change.short' : share ? 'print.share' : 'value.people');
    if (change && share) heading += ' (' + BS.t('points') + ')';
    var heads = [BS.t('commune'), heading].map(function (text) { return BS.h('th', { scope: 'col' }, text); });
    return BS.h('table', { class: 'facts', 'aria-label': BS.t('commune') }, BS.h('thead', null, BS.h('tr', null, heads)),
      BS.h('tbody', null, rows.map(function (row) {
        return BS.h('tr', null, BS.h('th', { scope: 'row' }, BS.name(app.names.name[row])), BS.h('td', null, shownText(row)));
      })));
  }
  /* What the map shows of a commune, as text: its change, or its share or people in the period. */
  function shownText(row) {
    var app = BS.app, state = app.state;
    if (state.period === 'change') return BS.changeWords(row);
    var past = state.period === 'past', kind = app.model.classes(state, past)[row];
    if (kind === BS.UNKNOWN || kind === BS.NOBODY) return BS.t(BS.kindWord(kind));
    var bounds = app.model.bounds(app.model.indicator(state.indicator), past), low = bounds.low[row], high = bounds.high[row];
    var total = (past ? app.model.before : app.model.now).get('pop_total')[row];
    return state.unit === 'share' ? BS.percentRange(low, high, total) : BS.range(low, high);
  }

  /* One opaque canvas with everything in it: what the screen shows, or all of the area where the screen shows that. */
  function compose(canvas, width, height) {
    var map = BS.app.map, seen = map.getBounds(), home = BS.app.home, box = seen.contains(home) ? home : seen;
    var a = map.project(box.getNorthWest(), 0), b = map.project(box.getSouthEast(), 0);
    var zoom = Math.log2(Math.min((width - 24) / (b.x - a.x), (height - 64) / (b.y - a.y)));
    var middle = a.add(b).multiplyBy(Math.pow(2, zoom) / 2), ratio = Math.min(DOTS, Math.sqrt(14e6 / (width * height)));
    canvas.width = Math.round(width * ratio); canvas.height = Math.round(height * ratio);
    var ctx = canvas.getContext('2d'), v = BS.view(zoom, middle.x - width / 2, middle.y - height / 2, width, height, ratio);
    v.print = true;
    /* Chromium prints a canvas by drawing it again; a fill of just its size comes out too small there */
    ctx.fillStyle = BS.colours.sea; ctx.fillRect(-99, -99, canvas.width + 198, canvas.height + 198);
    BS.paintGround(ctx, v, BS.app.state.period === 'past');
    if (BS.app.state.grid) BS.paintGraticule(ctx, v);
    BS.paintPeriodSpots(ctx, v, BS.app.state.period === 'past', function () { compose(canvas, width, height); });
    if (BS.app.selected >= 0) BS.paintOutlines(ctx, v, BS.app.shapes, [{ row: BS.app.selected, strong: true }]);
    BS.paintLabels(ctx, v, BS.app);
    scale(ctx, v);
    BS.printFar(ctx, v);
    BS.lastSheet = v;
  }
  function scale(ctx, v) {
    var bar = BS.scaleBar(v.zoom, BS.degreesY((v.y0 + v.y1) / 2), 120);
    ctx.setTransform(v.ratio, 0, 0, v.ratio, 0, 0);
    ctx.fillStyle = 'rgba(255,255,255,.85)'; ctx.fillRect(10, v.height - 34, bar.width + 12, 26);
    ctx.strokeStyle = ctx.fillStyle = '#14213d'; ctx.lineWidth = 1.5; ctx.beginPath();
    var left = 16, right = left + bar.width, base = v.height - 13, tick = v.height - 18;
    ctx.moveTo(left, tick); ctx.lineTo(left, base); ctx.lineTo(right, base); ctx.lineTo(right, tick); ctx.stroke();
    ctx.font = '11px ' + BS.FONT; ctx.textAlign = 'left'; ctx.textBaseline = 'alphabetic'; ctx.fillText(bar.text, 18, v.height - 20);
  }

  /* The longest round distance that fits: {width in pixels, text}. */
  BS.scaleBar = function (zoom, latitude, most) {
    var metres = 40075016.686 * Math.cos(latitude * Math.PI / 180) / (256 * Math.pow(2, zoom)); /* of one pixel */
    var limit = most * metres, power = Math.pow(10, Math.floor(Math.log10(limit)));
    var length = power * (limit / power >= 5 ? 5 : limit / power >= 2 ? 2 : 1);
    return { width: Math.round(length / metres), text: length >= 1000 ? BS.number(length / 1000) + ' km' : BS.number(length) + ' m' };
  };
})();
