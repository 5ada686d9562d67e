/* dom.js: elements are made here and nowhere else; text is always text. */
'use strict';
(function () {
  BS.by = function (id) { return document.getElementById(id); };

  /* h('p', {class: 'x', on: {click: f}}, 'text', element, [more]) */
  BS.h = function (tag, attributes) {
    var element = document.createElement(tag);
    Object.entries(attributes || {}).forEach(function (entry) {
      var name = entry[0], value = entry[1];
      if (name === 'on') Object.entries(value).forEach(function (pair) { element.addEventListener(pair[0], pair[1]); });
      else if (value === true) element.setAttribute(name, '');
      else if (value !== false && value != null) element.setAttribute(name, String(value));
    });
    for (var i = 2; i < arguments.length; i++) append(element, arguments[i]);
    return element;
  };
  function append(element, child) {
    if (Array.isArray(child)) child.forEach(function (one) { append(element, one); });
    else if (child != null && child !== '' && child !== false) element.append(child);
  }

  BS.replace = function (element) {
    element.replaceChildren();
    for (var i = 1; i < arguments.length; i++) append(element, arguments[i]);
    return element;
  };

  /* A name from the data: its own direction, its first few hundred letters. */
  BS.name = function (text) { return BS.h('bdi', null, text.length > 300 ? text.slice(0, 299) + '…' : text); };

  /* A small square in the colour or hatch of a class. CSSOM, so the policy needs no inline style. */
  BS.swatch = function (fill) {
    var mark = BS.h('span', { class: 'swatch', 'aria-hidden': 'true' });
    if (fill === 'unknown' || fill === 'nodata') mark.classList.add(fill); else mark.style.backgroundColor = fill;
    return mark;
  };
  BS.bar = function (share, fill) {
    var bar = BS.h('span', { class: 'bar', 'aria-hidden': 'true' }, BS.h('span'));
    bar.firstChild.style.width = Math.max(0, Math.min(100, share)) + '%';
    bar.firstChild.style.backgroundColor = fill;
    return bar;
  };

  BS.toast = function (text) {
    var toast = BS.by('toast');
    toast.textContent = text;
    toast.classList.add('on');
    clearTimeout(BS.toastTimer);
    BS.toastTimer = setTimeout(function () { toast.classList.remove('on'); }, 3500);
  };
  BS.say = function (text) { BS.by('live').textContent = text; };

  /* Chips: radio buttons or check boxes; each [value, label, checked]. */
  BS.chips = function (id, kind, items, change) {
    BS.replace(BS.by(id), items.map(function (item) {
      var input = BS.h('input', { type: kind, name: id, value: item[0], checked: item[2] });
      input.addEventListener('change', function () { change(item[0], input.checked); });
      return BS.h('label', { class: 'chip' }, input, BS.h('span', null, item[1]));
    }));
  };
  BS.check = function (id, values) {
    BS.by(id).querySelectorAll('input').forEach(function (input) { input.checked = values.indexOf(input.value) >= 0; });
  };

  BS.translate = function () {
    document.documentElement.lang = BS.language;
    document.querySelectorAll('[data-t]').forEach(function (element) { element.textContent = BS.t(element.dataset.t); });
    document.querySelectorAll('[data-label]').forEach(function (element) {
      element.setAttribute('aria-label', BS.t(element.dataset.label));
    });
  };
})();
