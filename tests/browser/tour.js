/* Uses every control of a map page in both languages; answers with the language it ends in.
   window.tourLog says which controls were ever to be seen and which of them were used, by language. */
async () => {
  const CONTROLS = 'button, select, input, summary', log = window.tourLog = { seen: new Set(), used: new Set() };
  const key = (element) => {
    const cell = element.closest('th, td'), place = element.closest('thead, tbody, [id]');
    const own = element.id || element.className || element.name;
    const which = element.name ? element.value : element.closest('thead') ? cell.cellIndex : '';
    const within = element.id ? '' : place.id || place.tagName;
    return [document.documentElement.lang, within, element.tagName, own, which].join(' ').toLowerCase();
  };
  const usable = (element) => element.getClientRects().length && !element.disabled;
  const look = () => document.querySelectorAll(CONTROLS).forEach((one) => { if (usable(one)) log.seen.add(key(one)); });
  const use = (event) => { const one = event.target.closest && event.target.closest(CONTROLS); if (one) log.used.add(key(one)); };
  for (const type of ['click', 'change', 'input']) document.addEventListener(type, use, true);
  const print = window.print;
  window.print = () => {};
  const pause = async () => { await new Promise((done) => setTimeout(done, 40)); look(); };
  const click = async (element) => { element.click(); await pause(); };
  const sheet = async () => { await click(BS.by('do-sheet')); await click(document.querySelector('#dialog .close')); };
  const put = async (element, value, type) => {
    element.value = value;
    element.dispatchEvent(new Event(type, { bubbles: true }));
    await pause();
  };
  const inputs = (id) => document.querySelectorAll(`#${id} input`);
  const each = async (query, run) => {
    const all = () => document.querySelectorAll(query); /* asked again each time: a click may draw the list anew */
    for (let at = 0; at < all().length; at++) await run(all()[at], at);
  };

  for (let round = 0; round < 2; round++) {
    look();
    for (const select of document.querySelectorAll('#controls select')) {
      for (const option of [...select.querySelectorAll('option')]) {
        await put(select, option.value, 'change');
        if (!BS.by('far').hidden) await click(BS.by('far')); /* islands far off this province */
      }
      await put(select, select.querySelector('option').value, 'change');
    }
    for (const id of ['do-actions', 'do-headline', 'do-filters']) { await click(BS.by(id)); await click(BS.by(id)); }
    await click(BS.by('do-pan'));
    await each('#pan button', click);
    await click(BS.by('do-pan'));
    await click(BS.by('place'));
    for (const close of document.querySelectorAll('#dialog[open] .close')) await click(close);
    await each('#more summary', click);
    BS.by('more').open = true;
    for (const name of ['unit', 'setting', 'spots']) { await each(`#${name} input`, click); await each(`#${name} input`, click); }
    await each('#period input', async (input) => {
      await click(input);
      if (BS.by('swipe').hidden) return;
      for (const at of [0, 30, 100]) await put(BS.by('swipe-at'), at, 'input');
      await click(BS.by('swipe-back')); await click(BS.by('swipe-on'));
    });
    for (let at = 0; at < inputs('service').length; at++) {
      await click(inputs('service')[at]);
      for (let operator = 0; operator < inputs('operators').length; operator++) {
        await click(inputs('operators')[operator]); /* off; the last one takes the service with it */
        if (inputs('operators')[operator]) await click(inputs('operators')[operator]);
      }
    }
    await click(inputs('service')[0]);
    if (BS.by('tab-provinces')) {
      await click(BS.by('tab-provinces'));
      await each('#table thead button', async (_one, at) => {
        for (let twice = 0; twice < 2; twice++) await click(document.querySelectorAll('#table thead button')[at]);
      });
      await click(document.querySelector('#table tbody button'));
      await click(document.querySelector('#table tr.picked .to-sheet'));
      await click(document.querySelector('#dialog .close'));
      await sheet();
      await click(document.querySelector('#table tr.picked .link'));
      await put(BS.by('province'), '-1', 'change');
    }
    for (const tab of ['tab-communes', 'tab-spots']) {
      await click(BS.by(tab)); await pause();
      await each('#table thead button', async (_one, at) => {
        for (let twice = 0; twice < 2; twice++) await click(document.querySelectorAll('#table thead button')[at]);
      });
      await click(BS.by('page-on')); await click(BS.by('page-back'));
      await click(document.querySelector('#table tbody button')); await pause();
      await each('#card summary', async (one) => { await click(one); one.parentElement.open = true; await pause(); });
      await click(BS.by('copy-place'));
      if (tab === 'tab-communes') {
        await click(document.querySelector('#card .to-sheet'));
        await click(document.querySelector('#dialog .close'));
      }
      for (const close of document.querySelectorAll('#dialog[open] .close')) await click(close);
      if (tab === 'tab-spots') await click(document.querySelector('#card .where .link'));
      await click(document.querySelector('#card .close'));
    }
    await click(BS.by('tab-communes'));
    await each('#legend summary', click); await each('#legend summary', click);
    for (const id of ['zoom-in', 'zoom-in', 'zoom-out', 'zoom-home', 'do-link', 'do-code', 'do-csv', 'do-reset']) await click(BS.by(id));
    /* where nothing may be copied, the text is shown */
    for (const close of document.querySelectorAll('#dialog[open] .close')) await click(close);
    await click(BS.by('do-method')); await click(document.querySelector('#dialog .close'));
    if (!BS.by('do-sheet').hidden) await sheet();
    await click(BS.by('do-print'));
    for (const [id, value] of [['paper', 'A3'], ['turn', 'wide'], ['paper', 'A4'], ['turn', 'tall']]) await put(BS.by(id), value, 'change');
    await click(BS.by('print-now')); await click(document.querySelector('#dialog .close'));
    for (const text of ['hoa', 'zzz', 'hoa']) await put(BS.by('query'), text, 'input');
    BS.by('query').dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true })); await pause();
    await put(BS.by('query'), 'zzz', 'input');
    await click(BS.by('do-language'));
  }
  await put(BS.by('query'), '', 'input');
  for (const type of ['click', 'change', 'input']) document.removeEventListener(type, use, true);
  window.print = print;
  return document.documentElement.lang;
}
