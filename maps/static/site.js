/* site.js: what differs on a published site: the national page is index.html, and what was kept back is not offered. */
'use strict';
(function () {
  function withheld(meta) { return (meta.withheld || []).indexOf('black_spots') >= 0; }

  var links = BS.pageLinks;
  BS.pageLinks = function () {
    return links().map(function (one) {
      var address = one instanceof HTMLAnchorElement && one.getAttribute('href');
      if (address) one.setAttribute('href', address.replace(/^\.\.\/map\.html/, '../index.html'));
      return one;
    });
  };

  var tabs = BS.tabs;
  BS.tabs = function (meta) { return tabs(meta).filter(function (tab) { return tab !== 'spots' || !withheld(meta); }); };
  var initTable = BS.initTable;
  BS.initTable = function () {
    initTable();
    ['tab-spots', 'spots'].forEach(function (id) { BS.by(id).hidden = withheld(BS.app.meta); });
  };
})();
