/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * console.js: small comforts. Every page is complete without it.
 */
(function () {
  'use strict';

  /* Copy buttons, where the browser lets a page write the clipboard. */
  if (navigator.clipboard) {
    document.querySelectorAll('[data-copy]').forEach(function (button) {
      button.hidden = false;
      button.addEventListener('click', function () {
        var text = document.getElementById(button.dataset.copy).textContent;
        navigator.clipboard.writeText(text).then(function () {
          var label = button.textContent;
          button.textContent = 'Copied';
          setTimeout(function () { button.textContent = label; }, 2000);
        });
      });
    });
  }

  /* What goes on by itself is looked at again. */
  document.querySelectorAll('[data-reload]').forEach(function (part) {
    setTimeout(function () { location.assign(part.dataset.reload); }, 1000);
  });

  /* A form with unsaved entries asks before it is left. */
  document.querySelectorAll('form[data-guard]').forEach(function (form) {
    var changed = false;
    form.addEventListener('input', function () { changed = true; });
    form.addEventListener('submit', function () { changed = false; });
    window.addEventListener('beforeunload', function (event) {
      if (changed)
        event.preventDefault();
    });
  });

  /* What is left after saving, while counts are typed; the server decides. */
  document.querySelectorAll('tr[data-available]').forEach(function (row) {
    var input = row.querySelector('input[name^="reserved."]');
    var output = row.querySelector('output');
    var available = Number(row.dataset.available.replace(/,/g, ''));
    if (!input || !output || /no license/.test(output.textContent))
      return;
    input.addEventListener('input', function () {
      var left = available - Number(input.value || 0);
      if (!/^\d*$/.test(input.value.trim()))
        return;
      output.textContent = Math.abs(left).toLocaleString('en-US') + (left < 0 ? ' too few' : ' left');
    });
  });
}());
