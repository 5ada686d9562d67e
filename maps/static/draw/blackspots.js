/* blackspots.js: draws the black spots: a circle per province far out, dots, then true outlines. */
'use strict';
(function () {
  var draw = BS.draw;

  /* A printed sheet says how it wants them. */
  BS.spotMode = function (zoom, national) {
    return BS.app.state.spotsAs || (zoom < 7 && national ? 'circles' : zoom < 10 ? 'dots' : 'outlines');
  };
  /* spots null: far out only the circles of `groups` are needed. */
  BS.paintSpots = function (ctx, v, spots, shows, groups, national) {
    draw.plain(ctx, v);
    var mode = BS.spotMode(v.zoom, national);
    if (mode === 'circles') circles(ctx, v, groups());
    else if (mode === 'dots') dots(ctx, v, spots, shows);
    else outlines(ctx, v, spots, shows);
  };

  function outlines(ctx, v, spots, shows) {
    ctx.beginPath();
    for (var i = 0; i < spots.count; i++) {
      if (draw.outside(v, spots.box, i) || !shows(i)) continue;
      if (spots.ringStart[i] === spots.ringStart[i + 1]) {
        ctx.moveTo(spots.cx[i] * v.scale - v.left + 5, spots.cy[i] * v.scale - v.top);
        ctx.arc(spots.cx[i] * v.scale - v.left, spots.cy[i] * v.scale - v.top, 5, 0, 7);
      }
      rings(ctx, v, spots, i);
    }
    ctx.strokeStyle = '#fff'; ctx.lineWidth = 4.6; ctx.lineJoin = 'round'; ctx.stroke(); /* the halo: seen on any colour */
    ctx.fillStyle = draw.hatch(ctx, 'spot', v.ratio, 1 / v.ratio); ctx.fill('evenodd');
    ctx.strokeStyle = BS.colours.spot; ctx.lineWidth = 1.6; ctx.stroke();
  }
  function rings(ctx, v, spots, i) {
    for (var r = spots.ringStart[i]; r < spots.ringStart[i + 1]; r++) {
      for (var k = spots.pointStart[r]; k < spots.pointStart[r + 1]; k++) {
        var x = spots.wx[k] * v.scale - v.left, y = spots.wy[k] * v.scale - v.top;
        if (k === spots.pointStart[r]) ctx.moveTo(x, y); else ctx.lineTo(x, y);
      }
      ctx.closePath();
    }
  }
  /* The spot that was picked: its outline where outlines are drawn, and a ring around its point. */
  BS.paintPicked = function (ctx, v, spots, i, national) {
    if (BS.spotMode(v.zoom, national) === 'outlines') {
      draw.plain(ctx, v);
      ctx.beginPath(); rings(ctx, v, spots, i);
      ctx.lineJoin = 'round';
      ctx.strokeStyle = '#fff'; ctx.lineWidth = 6; ctx.stroke();
      ctx.strokeStyle = '#0b4fa8'; ctx.lineWidth = 3; ctx.stroke();
    }
    BS.paintRing(ctx, v, spots.cx[i], spots.cy[i], 11);
  };

  function dots(ctx, v, spots, shows) {
    var base = Math.max(0.8, (v.zoom - 5) * 0.55);
    ctx.beginPath();
    for (var i = 0; i < spots.count; i++) {
      var x = spots.cx[i] * v.scale - v.left, y = spots.cy[i] * v.scale - v.top;
      if (x < -9 || y < -9 || x > v.width + 9 || y > v.height + 9 || !shows(i)) continue;
      var r = base * Math.min(3, 0.7 + Math.sqrt(spots.numbers[0][i]) / 220);
      ctx.moveTo(x + r, y); ctx.arc(x, y, r, 0, 7);
    }
    ctx.strokeStyle = '#fff'; ctx.lineWidth = Math.min(2.4, base * 1.6); ctx.stroke();
    ctx.fillStyle = BS.colours.spot; ctx.fill();
  }

  /* Radius of a province's circle; both periods use one scale. */
  BS.circleRadius = function (zoom, people, most) {
    return 2.5 + Math.max(5, Math.min(17, (zoom - 4) * 5)) * Math.sqrt(people / most);
  };
  function circles(ctx, v, groups) {
    ctx.textAlign = 'center'; ctx.textBaseline = 'middle'; ctx.font = '600 11px ' + BS.FONT;
    groups.slice().sort(function (a, b) { return b.people - a.people; }).forEach(function (g) {
      var r = BS.circleRadius(v.zoom, g.people, g.most), x = g.x * v.scale - v.left, y = g.y * v.scale - v.top;
      ctx.beginPath(); ctx.arc(x, y, r, 0, 7); ctx.fillStyle = 'rgba(20,24,52,.6)'; ctx.fill();
      ctx.lineWidth = 1.2; ctx.strokeStyle = 'rgba(255,255,255,.95)'; ctx.stroke();
      if (r >= 13) { ctx.fillStyle = '#fff'; ctx.fillText(g.text, x, y + 0.5); }
    });
  }
})();
