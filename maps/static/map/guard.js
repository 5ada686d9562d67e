/* Runs first. The page's policy forbids turning text into elements; Leaflet's start-up test for SVG is the one
   harmless exception, so exactly that text is let through. */
'use strict';
(function () {
  if (!window.trustedTypes || !window.trustedTypes.createPolicy) return;
  window.trustedTypes.createPolicy('default', {
    createHTML: function (text) { return text === '<svg/>' ? text : null; }
  });
})();
