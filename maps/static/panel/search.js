/* search.js: one box for names (with or without accents) and codes; an ARIA combobox. */
'use strict';
(function () {
  var MOST = 12, hits = [], active = -1, index = null, telling = 0, closing = 0;

  BS.initSearch = function () {
    var query = BS.by('query');
    query.addEventListener('input', update);
    query.addEventListener('keydown', keydown);
    query.addEventListener('blur', function () { closing = setTimeout(close, 150); });
    query.addEventListener('focus', function () { if (query.value) update(); });
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

  BS.prepareSearch = function () { index = index || BS.searchIndex(BS.app.names, BS.app.model.provinceNames); };

  function update() {
    clearTimeout(closing); /* who left the box and is back already goes on */
    BS.prepareSearch();
    hits = BS.search(index, BS.by('query').value, MOST);
    active = hits.length ? 0 : -1;
    var some = BS.by('query').value.trim() !== '';
    BS.replace(BS.by('hits'), some && !hits.length
      ? BS.h('li', { role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false' }, BS.t('search.none'))
      : hits.map(option));
    BS.by('hits').hidden = !some;
    BS.by('query').setAttribute('aria-expanded', String(some));
    mark(false);
    /* spoken when the typing rests, not at every key */
    clearTimeout(telling);
    if (some) telling = setTimeout(sayCount, 300);
  }
  function sayCount() {
    BS.say(hits.length ? BS.t('search.found', { count: BS.number(hits.length) }) : BS.t('search.none'));
  }
  function option(row, at) {
    var names = BS.app.names, province = BS.app.model.provinceNames[names.province[row]];
    var item = BS.h('li', { role: 'option', id: 'hit-' + at, 'aria-selected': 'false' },
      BS.name(names.name[row]), BS.h('small', null, BS.name(province), ' · ' + names.code[row].slice(0, 40)));
    item.addEventListener('mousedown', function (event) { event.preventDefault(); choose(at); });
    return item;
  }
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
    var row = hits[at], app = BS.app, names = app.names;
    BS.by('query').value = names.name[row];
    close();
    var patch = { selected: names.code[row], spot: '' };
    if (!app.model.passes(app.state, row)) { patch.province = -1; patch.setting = 0; }
    BS.set(patch);
    BS.set(BS.pageOf(names.code[row]));
    BS.reveal();
    BS.flyTo(row);
  }
  function close() {
    BS.by('hits').hidden = true;
    active = -1;
    BS.by('query').setAttribute('aria-expanded', 'false');
    BS.by('query').removeAttribute('aria-activedescendant');
  }
})();
