/* controls.js: indicator, area, period and layers. The controls show the state; they hold none of their own. */
'use strict';
(function () {
  BS.initControls = function () {
    BS.by('controls').addEventListener('submit', function (event) { event.preventDefault(); });
    BS.by('indicator').addEventListener('change', function (event) {
      /* the list follows what is shown: the run's own order for the profile, else the number itself */
      var id = event.target.value, ranked = id === BS.app.meta.indicators[0].id;
      var sort = BS.app.meta.changes ? 'change' : ranked ? 'rank' : 'value';
      BS.set({ indicator: id, sort: sort, descending: sort !== 'rank', page: 0 });
    });
    BS.by('province').addEventListener('change', function (event) {
      var province = Number(event.target.value);
      BS.set({ province: province, page: 0, spotPage: 0 });
      BS.fitProvince(province);
    });
    BS.by('do-reset').addEventListener('click', function () {
      BS.set(Object.assign(BS.initialState(BS.app.meta), { language: BS.app.state.language, view: BS.app.state.view }));
      BS.fitAll();
    });
    BS.by('province-field').hidden = !BS.app.national;
    BS.by('period-field').hidden = !BS.app.meta.previousPeriod;
  };

  BS.translateControls = function () {
    indicators();
    var app = BS.app, collator = new Intl.Collator('vi');
    var order = app.meta.provinces.map(function (province, at) { return [at, province.name]; });
    order.sort(function (a, b) { return collator.compare(a[1], b[1]); });
    BS.replace(BS.by('province'), BS.h('option', { value: '-1' }, BS.t('country')), order.map(function (item) {
      return BS.h('option', { value: item[0] }, BS.legible(item[1]).slice(0, 80));
    }));
    var units = [['share', BS.t('unit.share')], ['people', BS.t('unit.people')]];
    BS.chips('unit', 'radio', units, function (value) { BS.set({ unit: value, page: 0 }); });
    BS.chips('setting', 'checkbox', [['1', BS.t('rural')], ['2', BS.t('border')], ['4', BS.t('island')]], function (value, on) {
      var bit = Number(value);
      BS.set({ setting: on ? app.state.setting | bit : app.state.setting & ~bit, page: 0, spotPage: 0 });
    });
    var periods = ['now', 'past', 'change', 'swipe'].map(function (period) { return [period, periodLabel(period)]; });
    BS.chips('period', 'radio', periods, function (value) { BS.set({ period: value, page: 0 }); });
    var layers = [['spots', BS.t('spots.show')], ['grid', BS.t('grid.show')]];
    if (app.meta.context) layers.push(['context', BS.t('context.show')]);
    BS.chips('spots', 'checkbox', layers, function (value, on) { BS.set({ [value]: on }); });
    services();
  };

  /* The two periods are called by their dates, where the run says them. */
  function periodLabel(period) {
    var meta = BS.app.meta;
    if (period === 'past') return BS.date(meta.previousPeriod);
    if (period === 'now' && meta.period) return BS.date(meta.period);
    return BS.t('period.' + period);
  }

  /* Indicators in groups: the profile's, then one group per service. */
  function indicators() {
    var groups = new Map(), app = BS.app;
    app.meta.indicators.forEach(function (item) {
      var list = groups.get(item.service);
      if (list) list.push(item); else groups.set(item.service, [item]);
    });
    var elements = [];
    groups.forEach(function (list, id) {
      var service = app.meta.services.find(function (one) { return one.id === id; });
      var label = service ? BS.inLanguage(service.label) : BS.t('indicator.profile');
      elements.push(BS.h('optgroup', { label: label }, list.map(function (item) {
        return BS.h('option', { value: item.id }, BS.inLanguage(item.label).slice(0, 120));
      })));
    });
    BS.replace(BS.by('indicator'), elements);
  }

  function services() {
    var app = BS.app, seen = [];
    app.meta.coverage.forEach(function (layer) { if (seen.indexOf(layer.service) < 0) seen.push(layer.service); });
    var choices = seen.map(function (id) { return [id, BS.serviceName(id)]; });
    choices.unshift(['', BS.t('coverage.none')]);
    BS.chips('service', 'radio', choices, function (value) {
      BS.set({ service: value, operators: layersOf(value).map(function (layer) { return layer.slug; }) });
    });
  }
  function layersOf(service) { return BS.app.meta.coverage.filter(function (layer) { return layer.service === service; }); }

  BS.serviceName = function (id) {
    var service = BS.app.meta.services.find(function (one) { return one.id === id; });
    return service ? BS.inLanguage(service.label) : id;
  };

  BS.renderControls = function () {
    var state = BS.app.state, layers = layersOf(state.service);
    BS.by('indicator').value = state.indicator;
    BS.by('province').value = String(state.province);
    BS.check('unit', [state.unit]);
    BS.check('setting', ['1', '2', '4'].filter(function (bit) { return state.setting & Number(bit); }));
    BS.check('period', [state.period]);
    BS.check('spots', ['spots', 'grid', 'context'].filter(function (name) { return state[name]; }));
    BS.check('service', [state.service]);
    var choices = layers.map(function (layer) {
      return [layer.slug, BS.name(layer.operator), state.operators.indexOf(layer.slug) >= 0];
    });
    BS.chips('operators', 'checkbox', choices, function (slug, on) {
      var operators = state.operators.filter(function (one) { return one !== slug; });
      if (on) operators.push(slug);
      BS.set({ operators: operators, service: operators.length ? state.service : '' });
      var again = Array.from(BS.by('operators').querySelectorAll('input')).find(function (input) { return input.value === slug; });
      (again || BS.by('service').querySelector('input')).focus();
    });
  };
})();
