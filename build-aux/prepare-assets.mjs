// SPDX-License-Identifier: BSD-2-Clause
//
// prepare-assets NODE_MODULES OUT
//
// Makes npm's front-end packages fit for the console. Its content security
// policy knows no data: URLs, so pictures inside the style sheet become files;
// and the dark theme has to work without a script, so the rules for it are
// repeated under the browser's own preference.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const [modules, out] = process.argv.slice(2);
if (!out) {
  console.error('usage: prepare-assets NODE_MODULES OUT');
  process.exit(2);
}

const shortHash = (bytes) =>
  createHash('sha256').update(bytes).digest('hex').slice(0, 12);

function pictureFiles(css) {
  return css.replace(/url\("data:image\/svg\+xml,([^"]*)"\)/g, (_, text) => {
    const picture = decodeURIComponent(text) + '\n';
    const name = `picture-${shortHash(picture)}.svg`;

    fs.writeFileSync(path.join(out, name), picture);
    return `url("${name}")`;
  });
}

function darkRules(css) {
  const dark = '[data-bs-theme=dark]';
  const rules = css.match(/^\[data-bs-theme=dark\][^{}]*\{[^{}]*\}/gm) ?? [];
  const wanted = ':root:not([data-bs-theme=light])';

  if (rules.length < 7)
    throw new Error(`only ${rules.length} dark rules found`);
  return '@media (prefers-color-scheme: dark) {\n' +
    rules.map((rule) => rule.replaceAll(dark, wanted)).join('\n') + '\n}\n';
}

function bootstrapSheet() {
  const home = path.join(modules, 'bootstrap');
  let css = fs.readFileSync(path.join(home, 'dist/css/bootstrap.css'), 'utf8');

  css = css.replace(/\/\*# sourceMappingURL=.*?\*\/\s*$/, '');
  css = pictureFiles(css);
  css += darkRules(css);
  if (/data:/.test(css))
    throw new Error('a data: URL is left in the style sheet');
  fs.writeFileSync(path.join(out, 'bootstrap.css'), css);
  fs.copyFileSync(path.join(home, 'LICENSE'),
    path.join(out, 'bootstrap.LICENSE'));
}

fs.rmSync(out, { recursive: true, force: true });
fs.mkdirSync(out, { recursive: true });
bootstrapSheet();
