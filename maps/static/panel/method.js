/* method.js: what the numbers mean, in plain words, inside the file. */
'use strict';
(function () {
  var opener = null;

  BS.initMethod = function () {
    BS.by('do-method').addEventListener('click', function () { BS.openDialog(BS.t('method'), content()); });
    BS.by('dialog').addEventListener('close', function () {
      if (BS.by('dialog').open) return; /* the event comes late: another content may be open by now */
      BS.replace(BS.by('dialog-body'));
      if (opener) opener.focus();
    });
  };
  BS.openDialog = function (title, children) {
    var dialog = BS.by('dialog');
    opener = document.activeElement;
    var close = BS.h('button', { type: 'button', class: 'close', 'aria-label': BS.t('close') }, '×');
    close.addEventListener('click', function () { dialog.close(); });
    BS.replace(BS.by('dialog-body'),
      BS.h('div', { class: 'dialog-head' }, BS.h('h2', { id: 'dialog-title' }, title), close),
      children);
    if (!dialog.open) dialog.showModal();
  };

  function section(title) {
    var children = Array.prototype.slice.call(arguments, 1);
    return BS.h('section', null, BS.h('h3', null, title), children);
  }
  function paragraphs(key) { return BS.t(key).split('\n').map(function (text) { return BS.h('p', null, text); }); }
  function list(pairs) {
    return BS.h('dl', { class: 'pairs' }, pairs.filter(function (pair) { return pair[1] !== '' && pair[1] != null; }).map(function (pair) {
      return BS.h('div', null, BS.h('dt', null, pair[0]), BS.h('dd', null, BS.name(String(pair[1]))));
    }));
  }

  var TERMS = ['covered', 'uncovered', 'noData', 'unknown', 'spot', 'partial', 'max', 'setting', 'rank'];
  function terms() {
    return BS.h('dl', { class: 'terms' }, TERMS.map(function (term) {
      return BS.h('div', null, BS.h('dt', null, BS.t('term.' + term)), BS.h('dd', null, BS.t('term.' + term + '.is')));
    }));
  }
  /* The largest spot, in people and in square kilometres; empty where nothing limits it. */
  function largestSpot(profile) {
    var people = profile.spot_people > 0 && BS.t('card.people', { people: BS.number(profile.spot_people) });
    var area = profile.spot_area_km2 > 0 && BS.number(profile.spot_area_km2, 1) + ' km²';
    return [people, area].filter(Boolean).join(', ');
  }

  function content() {
    var meta = BS.app.meta, profile = meta.profile || {}, population = meta.population || {};
    return [
      BS.inLanguage(meta.notice) && BS.h('p', { class: 'notice' }, BS.h('strong', null, BS.inLanguage(meta.notice))),
      section(BS.t('method.what'), paragraphs('method.whatText')),
      section(BS.t('method.words'), terms()),
      section(BS.t('method.colours'), paragraphs('method.coloursText')),
      section(BS.t('method.profile'), list([
        [BS.t('profile'), [profile.id, profile.version].filter(Boolean).join(' ')], ['SHA-256', profile.digest],
        [BS.t('profile.services'), (profile.services || []).map(BS.serviceName).join(', ')],
        [BS.t('profile.gap'), profile.gap && BS.t('gap.' + profile.gap)],
        [BS.t('profile.operators'), profile.operator_rule && BS.t('rule.' + profile.operator_rule, { k: profile.k })],
        [BS.t('profile.least'), profile.min_people != null ? BS.number(profile.min_people) : ''],
        [BS.t('profile.most'), largestSpot(profile)]])),
      section(BS.t('people'), list([
        [BS.t('method.source'), population.source], [BS.t('method.vintage'), population.vintage && BS.date(population.vintage)],
        [BS.t('method.edge'), population.edge_cells && BS.t('edge.' + population.edge_cells)],
        [BS.t('method.calibrate'), population.calibrate && BS.t('calibrate.' + population.calibrate)],
        [BS.t('method.outside'), meta.figures.people_outside != null ? BS.number(meta.figures.people_outside) : '']])),
      BS.contextMethod && section(BS.t('context.method'), BS.contextMethod(list)),
      inputs(meta.inputs || []),
      findings(meta.findings || []),
      section(BS.t('method.limits'), BS.h('ul', null, limits(meta.limits).map(function (text) { return BS.h('li', null, text); }))),
      section(BS.t('method.versions'), list(versions(meta.versions || {})), BS.h('p', { class: 'note' }, BS.t('credits.long')))];
  }
  /* What the run says of its limits, else what holds for every run. */
  function limits(given) {
    var own = [].concat(given || []).map(BS.inLanguage).filter(Boolean);
    return own.length ? own : BS.t('method.limitsText').split('\n');
  }

  function inputs(items) {
    if (!items.length) return null;
    var heads = ['input.role', 'input.file', 'input.vintage', 'input.basis', 'input.read', 'input.hash'];
    var table = BS.h('table', { class: 'facts wide' },
      BS.h('thead', null, BS.h('tr', null, heads.map(function (key) { return BS.h('th', { scope: 'col' }, BS.t(key)); }))),
      BS.h('tbody', null, items.map(inputRow)));
    var frame = { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': BS.t('method.inputs') };
    return section(BS.t('method.inputs'), BS.h('div', frame, table));
  }
  function inputRow(item) {
    var role = BS.wordOf('role.', item.role.replace(/ /g, '_'), 'role.other'), service = item.service && BS.serviceName(item.service);
    var what = [role, item.operator, service].filter(Boolean).join(' · ');
    var basis = item.basis ? BS.wordOf('coverage.', item.basis, 'input.other') : '';
    return BS.h('tr', null,
      BS.h('th', { scope: 'row' }, BS.name(what)),
      BS.h('td', null, BS.name(String(item.file || ''))),
      BS.h('td', null, BS.name(BS.date(item.vintage || '-'))),
      BS.h('td', null, basis || '-'),
      BS.h('td', null, BS.name(BS.readAs(item) || '-')),
      BS.h('td', null, BS.h('code', null, String(item.sha256 || '').slice(0, 16))));
  }
  /* How a coverage file is read: with which buffer, in which environment and class, and for which part of the country it speaks. */
  BS.readAs = function (item) {
    var environment = item.environment && BS.wordOf('environment.', item.environment, '');
    return [item.buffer_m && BS.t('read.buffer', { metres: BS.number(item.buffer_m) }),
      environment || item.environment, item.service_class,
      item.role === 'coverage' && BS.t('extent.' + (item.extent || 'country'))].filter(Boolean).join(', ');
  };
  /* The word for one of the program's own values; what it has no word for is never shown as it is. */
  BS.wordOf = function (prefix, value, otherwise) {
    var key = prefix + value, word = BS.t(key);
    return word !== key ? word : otherwise && BS.t(otherwise);
  };
  /* The versions of the libraries, by the names people know them by. */
  function versions(given) {
    return Object.entries(given).map(function (pair) {
      var value = pair[0] === 'isolation' ? BS.wordOf('isolation.', pair[1], 'isolation.none') : pair[1];
      return [BS.wordOf('version.', pair[0], '') || pair[0].replace(/_(.*)$/, ' ($1)'), value];
    });
  }
  function findings(items) {
    if (!items.length) return null;
    return section(BS.t('method.findings'), BS.h('ul', null, items.slice(0, 200).map(function (item) {
      var times = item.count > 1 ? ' (' + BS.number(item.count) + '×): ' : ': ';
      var message = String(item['message_' + BS.language] || item.message_en || '');
      return BS.h('li', null, BS.h('b', null, BS.t('severity.' + item.severity)), times, BS.name(message));
    })));
  }
})();
