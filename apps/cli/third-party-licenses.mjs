import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The licences of all packages that bundles were made of, as one text. `inputs`: their modules, from `folder`. */
export function thirdPartyLicenses(inputs, folder) {
  const packages = new Set(inputs.map((input) => packageFolder(input)).filter(Boolean));
  return [...packages]
    .map((path) => licenseOf(join(folder, path)))
    .sort()
    .join(`\n\n${'-'.repeat(80)}\n\n`);
}

/** `../../node_modules/@scope/name/lib/x.js` is in `../../node_modules/@scope/name`. */
const packageFolder = (input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];

function licenseOf(path) {
  const { name, version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  const file = readdirSync(path).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(join(path, file), 'utf8').trim() : '';
  return [`${name} ${version} (${license ?? 'see below'})`, text].filter(Boolean).join('\n\n');
}
