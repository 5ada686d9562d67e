/* layout.js: what folds where there is little room, and how much of the screen stands above the map. */
'use strict';
(function () {
  var PEEK = 90; /* pixels of the card that make it seen */
  var measured = -1;

  /* desk: all on one screen; short: the page scrolls beside the map; phone: one thing below the other. layout.css decides. */
  BS.layout = function () { return getComputedStyle(document.documentElement).getPropertyValue('--layout').trim(); };

  BS.initLayout = function () {
    fold('do-actions', BS.by('top'));
    fold('do-headline', BS.by('headline'));
    fold('do-filters', BS.by('controls'));
    var watch = new ResizeObserver(function () { requestAnimationFrame(measure); }); /* not while sizes are told, or they are told again */
    ['top', 'notice', 'headline'].forEach(function (id) { watch.observe(BS.by(id)); });
    window.addEventListener('scroll', measure, { passive: true });
    measure();
  };
  function fold(id, part) {
    var button = BS.by(id);
    button.addEventListener('click', function () { button.setAttribute('aria-expanded', String(part.classList.toggle('open'))); });
  }
  /* Height of everything above the map; the map fills what is left of the screen, and all of it once that has scrolled away. */
  function measure() {
    var above = ['top', 'notice', 'headline'].reduce(function (sum, id) { return sum + BS.by(id).offsetHeight; }, 0);
    var shown = window.scrollY >= above ? 0 : above;
    if (shown === measured) return;
    measured = shown;
    document.documentElement.style.setProperty('--above', shown + 'px');
  }

  /* Where the page scrolls, a card that has just been opened comes into sight, and on a phone the map above it. */
  BS.showCard = function () {
    var layout = BS.layout(), card = BS.by('card'), box = card.getBoundingClientRect(), map = BS.by('slot').getBoundingClientRect();
    if (layout === 'desk' || !box.height) return;
    if (getComputedStyle(card).position === 'fixed') {
      if (map.top < 0 || map.bottom > box.top) window.scrollBy(0, map.top);
    } else if (box.top < 0 || box.top > window.innerHeight - PEEK) card.scrollIntoView({ block: 'nearest' });
  };
})();
