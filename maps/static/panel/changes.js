/* changes.js: the page of a comparison: what changed in a sentence, why the numbers moved, figures of gained and lost. */
'use strict';
(function () {
  var SENTENCES = 3; /* of provinces, before the rest is folded away */

  BS.initChanges = function () {
    var panel = BS.by('panel');
    panel.prepend(BS.h('section', { id: 'changes', 'data-label': 'changes.panel' }));
    BS.by('headline').prepend(BS.h('p', { id: 'said' }));
    BS.by('tab-spots').before(
      BS.h('button', { type: 'button', role: 'tab', id: 'tab-events', 'aria-controls': 'list', 'data-t': 'changes.tab' }));
    BS.by('main').classList.add('of-changes');
  };
  function meta() { return BS.app.meta.changes; }
  function groupOf(id) { return meta().groups[id]; }

  /* People of a commune and a service by column, such as pop_lost. */
  function figure(name, group, row) {
    var values = BS.app.model.changes.get(name + '|' + group), value = values ? values[row] : NaN;
    return value > 0 ? value : 0;
  }
  function sumOf(name, group, rows) {
    return rows.reduce(function (sum, row) { return sum + figure(name, group, row); }, 0);
  }

  /* The numbers above the map: lost before gained, and what is no change of coverage in grey. */
  BS.changeTiles = function (figures) {
    var app = BS.app, rows = app.model.shown(app.state);
    BS.replace(BS.by('said'), said());
    return app.meta.indicators.filter(function (item) { return groupOf(item.id); }).map(function (item) {
      var group = groupOf(item.id);
      function sum(name) { return sumOf(name, group, rows); }
      var lost = sum('pop_lost'), gained = sum('pop_gained'), more = sum('pop_more_otherwise') + sum('pop_newly_without');
      var fewer = sum('pop_fewer_otherwise') + sum('pop_no_longer_without'), known = meta().known[group];
      var left = BS.t('changes.left', { people: BS.number(figures.get(item.lack)) });
      var words = group === meta().order[0] ? 'fails' : 'lacks';
      return BS.h('div', { class: 'tile' }, BS.h('dt', null, BS.inLanguage(item.label)),
        BS.h('dd', null,
          known && amount('▲ ', lost, 'worse', BS.t('changes.lost.' + words)),
          known && amount('▼ ', gained, 'better', BS.t('changes.gained.' + words)),
          !known && BS.h('b', { class: 'aside' }, BS.t('changes.notKnown')),
          (more >= 0.5 || fewer >= 0.5) && BS.h('span', { class: 'aside' },
            BS.t('changes.others', { more: BS.number(more), fewer: BS.number(fewer) })),
          BS.h('span', null, left)));
    });
  };
  function amount(arrow, people, turn, words) {
    return BS.h('span', { class: 'amount' }, BS.h('b', { class: people >= 0.5 ? turn : '' }, arrow + BS.number(people)), ' ' + words);
  }
  /* One sentence: of the province that is shown, else of the country, for what the map shows. */
  function said() {
    var state = BS.app.state, place = state.province >= 0 ? meta().provinces[state.province] : meta().country;
    var group = groupOf(state.indicator) || meta().order[0], text = BS.inLanguage(place[group] || '');
    return text || BS.t('changes.nothing', { place: BS.areaName() });
  }

  BS.renderChanges = function () {
    var facts = meta();
    BS.replace(BS.by('said'), said());
    BS.replace(BS.by('changes'), BS.h('h2', null, BS.t('changes.why')),
      facts.why.map(function (text) { return BS.h('p', { class: 'why' }, BS.inLanguage(text)); }),
      facts.parts.length ? parts() : null,
      provinces());
  };
  /* Each cause beside each number, never added up; only coverage has a colour. */
  function parts() {
    var most = meta().parts.reduce(function (least, part) { return Math.max(least, Math.abs(part.people)); }, 1);
    return BS.h('div', { class: 'parts' }, meta().order.map(function (group) {
      var list = meta().parts.filter(function (part) { return part.service === group; });
      if (!list.length) return null;
      return BS.h('div', null, BS.h('h3', null, BS.inLanguage(list[0].label)),
        BS.h('ul', null, list.map(function (part) { return partLine(part, most); })));
    }));
  }
  function partLine(part, most) {
    var turn = !part.progress ? 'aside' : part.people >= 0.5 ? 'worse' : part.people <= -0.5 ? 'better' : '';
    var bar = BS.bar(100 * Math.abs(part.people) / most, { worse: '#9c2a00', better: '#00655a' }[turn] || '#9aa3af');
    return BS.h('li', { class: turn }, BS.h('span', { class: 'cause' }, BS.inLanguage(part.cause)), bar,
      BS.h('span', { class: 'n' }, BS.signed(part.people)));
  }

  /* Sentences of the provinces for what the map shows, in the order of the table: regressions first. */
  function provinces() {
    var facts = meta(), group = groupOf(BS.app.state.indicator) || facts.order[0];
    var lines = (facts.regressions[group] || []).map(function (at) { return facts.provinces[at][group]; })
      .map(function (text) { return BS.h('li', null, BS.inLanguage(text)); });
    if (!lines.length) return null;
    var rest = lines.slice(SENTENCES);
    function remember(event) { BS.app.allProvinces = event.target.open; }
    var more = rest.length > 0 && BS.h('details', { open: !!BS.app.allProvinces, on: { toggle: remember } },
      BS.h('summary', null, BS.t('changes.more', { count: BS.number(rest.length) })), BS.h('ul', null, rest));
    return [BS.h('h3', null, BS.t('changes.provinces')), BS.h('ul', { class: 'sentences' }, lines.slice(0, SENTENCES)), more];
  }

  /* A commune's change of coverage, and beside it in grey what other causes did. */
  function aside(row) {
    var other = BS.app.model.otherChange(BS.app.state, row);
    return Math.abs(other) >= (BS.app.state.unit === 'share' ? 0.05 : 0.5) ? other : 0;
  }
  BS.changeCell = function (row) {
    var app = BS.app, change = app.model.change(app.state, row), other = aside(row), share = app.state.unit === 'share';
    var least = share ? 0.05 : 0.5, turn = change >= least ? 'worse' : change <= -least ? 'better' : '';
    return [turn || !other ? BS.h('span', { class: turn }, BS.changeText(change)) : null,
      other ? BS.h('small', { class: 'aside' }, BS.signed(other, share ? 1 : 0)) : null];
  };
  BS.changeWords = function (row) {
    var app = BS.app, other = aside(row), text = BS.changeText(app.model.change(app.state, row));
    return other ? text + ' (' + BS.t('changes.other', { people: BS.signed(other, app.state.unit === 'share' ? 1 : 0) }) + ')' : text;
  };

  /* On the card of a commune: each service, then the events in it. */
  BS.changesOf = function (row) {
    var columns = [['pop_lost', 'changes.lost.short', 'worse'], ['pop_gained', 'changes.gained.short', 'better']];
    var heads = [BS.t('changes.tab.card')].concat(columns.map(function (one) { return BS.t(one[1]); }), BS.t('changes.other.short'));
    var lines = BS.app.meta.indicators.filter(function (item) { return groupOf(item.id); }).map(function (item) {
      var group = groupOf(item.id), more = figure('pop_more_otherwise', group, row) + figure('pop_newly_without', group, row);
      var other = more - figure('pop_fewer_otherwise', group, row) - figure('pop_no_longer_without', group, row);
      return BS.h('tr', null, BS.h('th', { scope: 'row' }, BS.inLanguage(item.label)), columns.map(function (one) {
        var people = figure(one[0], group, row);
        return BS.h('td', { class: people >= 0.5 ? one[2] : '' }, BS.number(people));
      }), BS.h('td', { class: 'aside' }, BS.signed(other)));
    });
    return BS.h('table', { class: 'facts', 'aria-label': heads[0] },
      BS.h('thead', null, BS.h('tr', null, heads.map(function (text) { return BS.h('th', { scope: 'col' }, text); }))),
      BS.h('tbody', null, lines));
  };
  /* Rows of the legend: the signs of the events. */
  BS.eventLegend = function (row) {
    return BS.EVENTS.filter(function (kind) { return meta().events[kind]; }).map(function (kind) {
      return row(BS.eventSign(kind), BS.t('legend.event.' + kind), BS.number(meta().events[kind]));
    });
  };
})();
