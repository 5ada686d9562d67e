/* Touches every control of a map page in both languages; answers with the language it ends in. */
async () => {
  const pause = () => new Promise((done) => setTimeout(done, 60));
  const click = async (element) => { element.click(); await pause(); };
  for (let round = 0; round < 2; round++) {
    for (const select of document.querySelectorAll('#controls select')) {
      for (const option of [...select.querySelectorAll('option')]) {
        select.value = option.value; select.dispatchEvent(new Event('change', { bubbles: true })); await pause();
      }
      select.value = select.querySelector('option').value; select.dispatchEvent(new Event('change', { bubbles: true }));
    }
    for (const name of ['unit', 'setting', 'period', 'spots', 'service', 'operators', 'operators', 'service']) {
      for (let at = 0; at < document.querySelectorAll(`#${name} input`).length; at++) await click(document.querySelectorAll(`#${name} input`)[at]);
    }
    for (let at = 0; at < document.querySelectorAll('#table thead button').length; at++) {
      await click(document.querySelectorAll('#table thead button')[at]); await click(document.querySelectorAll('#table thead button')[at]);
    }
    await click(BS.by('page-on')); await click(BS.by('page-back'));
    await click(document.querySelector('#table tbody button'));
    for (const details of document.querySelectorAll('#card details, #more, #legend details')) { details.open = true; await pause(); }
    await click(BS.by('tab-spots')); await click(document.querySelector('#table tbody button'));
    await click(document.querySelector('#card .link')); await click(document.querySelector('#card .close'));
    await click(BS.by('tab-communes'));
    for (const id of ['zoom-in', 'zoom-in', 'zoom-out', 'zoom-home', 'do-link', 'do-code', 'do-csv', 'do-reset']) await click(BS.by(id));
    await click(BS.by('do-method')); await click(document.querySelector('#dialog .close'));
    await click(BS.by('do-print'));
    for (const [id, value] of [['paper', 'A3'], ['turn', 'wide'], ['paper', 'A4'], ['turn', 'tall']]) {
      BS.by(id).value = value; BS.by(id).dispatchEvent(new Event('change')); await pause();
    }
    await click(document.querySelector('#dialog .close'));
    BS.by('query').value = 'hoa'; BS.by('query').dispatchEvent(new Event('input')); await pause();
    BS.by('query').value = 'zzz'; BS.by('query').dispatchEvent(new Event('input')); await pause();
    await click(BS.by('do-language'));
  }
  return document.documentElement.lang;
}
