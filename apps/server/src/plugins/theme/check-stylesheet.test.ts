import { describe, expect, it } from 'vitest';
import { checkStylesheet } from './check-stylesheet.js';

const FILES = new Set(['assets/theme.css', 'assets/fonts/a.woff2', 'assets/img/grid.png', 'server.js', 'other/x.png']);
const faultsOf = (css: string): string[] =>
  checkStylesheet(css, 'assets/theme.css', FILES).report.faults.map(({ message }) => message);

describe('a theme may', () => {
  it.each<[string, string]>([
    ['set tokens for all modes', ':root { --sodium-color-accent: #f0f; --sodium-density: 0.9; --sodium-radius-md: 0 }'],
    [
      'set tokens of one mode',
      `[data-theme='dark'] { --sodium-color-text: oklch(96% 0.01 250) } :root[data-theme="light"], [data-theme=light] { --sodium-color-text: rgb(1 2 3 / 90%) }`,
    ],
    [
      'derive one token from another',
      ':root { --sodium-color-hover: color-mix(in srgb, var(--sodium-color-accent) 8%, transparent); --sodium-font-heading: var(--sodium-font-mono) }',
    ],
    [
      'bring a font',
      '@font-face { font-family: "A"; src: url(fonts/a.woff2) format("woff2"), url("./fonts/a.woff2"); font-weight: 100 900; font-display: swap; unicode-range: U+0-FF }',
    ],
    [
      'draw gradients and own images',
      ':root { --sodium-background-image: radial-gradient(60rem 30rem at 50% -10%, rgb(1 2 3 / 20%), transparent 70%), linear-gradient(red, blue); --sodium-background-picture: url(img/grid.png) }',
    ],
    [
      'style public parts and their states',
      'wa-button::part(base) { box-shadow: 0 0 12px var(--sodium-color-accent); border-width: 0 } wa-button::part(base):hover:focus-visible { text-transform: uppercase } [data-theme=dark] wa-dialog::part(dialog) { background: url(img/grid.png) }'.replace(
        'border-width: 0',
        'border: 2px solid red',
      ),
    ],
    [
      'answer to what a person prefers',
      '@media (prefers-contrast: more) and (prefers-reduced-motion: reduce) { :root { --sodium-border-width: 2px } } @media (forced-colors: active) { :root { --sodium-shadow-sm: none } }',
    ],
    [
      'use newer CSS where it is known',
      '@supports (color: oklch(1 0 0)) { :root { --sodium-color-accent: oklch(70% 0.2 20) } }',
    ],
    ['hold comments and nothing else', '/* empty */'],
    ['set the movement', ':root { --sodium-motion-fast: 0ms; --sodium-easing: cubic-bezier(0.1, 0.2, 0.3, 1) }'],
  ])('%s', (_name, css) => expect(faultsOf(css)).toEqual([]));
});

describe('a theme is refused when it', () => {
  it.each<[string, string, RegExp]>([
    ['imports', '\n\n  @import "other.css";', /^assets\/theme\.css:3:3: "@import" is not allowed/],
    ['imports from elsewhere', '@import url(https://evil.example/x.css);', /"@import"/],
    ['imports in capitals', '@IMPORT url(//evil.example/x.css);', /"@IMPORT"/],
    ['escapes the import', String.raw`@\69mport "x.css";`, /:1:2: it holds a backslash/],
    ['escapes a selector', String.raw`.\73o-card { color: red }`, /backslash/],
    ['escapes an address', String.raw`:root { --sodium-background-image: u\72l(https://evil.example) }`, /backslash/],
    ['hides rules behind HTML comments', '<!-- :root { --sodium-density: 1 } -->', /"<!--"/],
    ['reaches a class', '.so-aside { display: none }', /:1:1: the selector "\.so-aside" is not allowed/],
    ['reaches everything', '* { color: red }', /selector "\*"/],
    ['reaches the body', 'body { position: fixed }', /selector "body"/],
    ['reaches more than one', ':root, body { --sodium-density: 1 }', /selector "body"/],
    ['sits inside :is()', ':is(:root, .so-card) { --sodium-density: 1 }', /selector ":is/],
    ['looks inside with :has()', ':root:has(input[value^="a"]) { --sodium-density: 1 }', /selector ":root:has/],
    ['reads attributes', 'input[value^="a"] { background: url(img/grid.png) }', /selector "input/],
    [
      'adds content',
      ':root::before { content: "Log in again"; position: fixed; inset: 0 }',
      /selector ":root::?before"/,
    ],
    [
      'reaches a part that is not public',
      'wa-input::part(password-toggle-button) { color: red }',
      /"password-toggle-button" is not a public part of "wa-input"/,
    ],
    ['reaches a part of an unknown element', 'x-evil::part(base) { color: red }', /not a public part of "x-evil"/],
    ['reaches a part of a prototype’s name', 'constructor-x::part(length) { color: red }', /not a public part/],
    [
      'reaches two parts at once',
      'wa-input::part(label base) { color: red }',
      /selector "wa-input::part\(label base\)"/,
    ],
    ['reaches a part below something', '.so-aside wa-button::part(base) { color: red }', /selector "\.so-aside/],
    ['reaches a part by its content', 'wa-input[value="a"]::part(base) { color: red }', /selector "wa-input\[value/],
    ['reaches a part in an odd state', 'wa-button::part(base):nth-child(2) { color: red }', /selector/],
    ['puts a part elsewhere', 'wa-button::part(base) { position: fixed; }', /"position" is not allowed on a part/],
    ['hides a part', 'wa-dialog::part(dialog) { opacity: 0 }', /"opacity" is not allowed/],
    ['gives a part content', 'wa-button::part(label) { content: url(img/grid.png) }', /"content" is not allowed/],
    ['moves a part', 'wa-button::part(base) { transform: scale(90) }', /"transform" is not allowed/],
    ['lays a curtain of shadow', 'wa-button::part(base) { box-shadow: 0 0 0 4000px black }', /"4000px" is too much/],
    [
      'lays a curtain in another unit',
      'wa-button::part(base) { box-shadow: 0 0 0 100vmax black }',
      /unit of "100vmax"/,
    ],
    ['lays a curtain of a border', 'wa-button::part(base) { border: 500px solid red }', /"500px" is too much/],
    ['lays a curtain of a token', ':root { --sodium-shadow-sm: 0 0 0 9999px black }', /out of range/],
    ['shouts', 'wa-button::part(base) { color: red !important }', /"!important"/],
    ['sets a property on the root', ':root { position: fixed }', /"position" is not a token/],
    ['invents a token', ':root { --sodium-color-acent: red }', /"--sodium-color-acent" is not a token/],
    ['sets the kit’s own properties', ':root { --wa-color-text-normal: red }', /not a token/],
    ['sets a token of a prototype’s name', ':root { --sodium-constructor: red }', /not a token/],
    ['gives a colour that is none', ':root { --sodium-color-text: 12px }', /is not a colour/],
    [
      'gives a length that is none',
      ':root { --sodium-space-4: url(img/grid.png) }',
      /not allowed in "--sodium-space-4"/,
    ],
    ['gives several lengths', ':root { --sodium-space-4: 1px 2px }', /is not one length/],
    ['gives a length without end', ':root { --sodium-space-4: 900rem }', /out of range/],
    ['makes text disappear', ':root { --sodium-text-md: 0 }', /out of range/],
    ['computes a length', ':root { --sodium-space-4: calc(100vw * 3) }', /"calc\(\)" is not allowed/],
    ['falls back', ':root { --sodium-color-text: var(--sodium-color-border, red) }', /is not allowed in a theme/],
    ['names a foreign variable', ':root { --sodium-color-text: var(--secret) }', /"var\(--secret\)"/],
    ['names itself', ':root { --sodium-color-text: var(--sodium-color-text) }', /is not allowed/],
    ['uses a keyword for all', ':root { --sodium-color-text: inherit }', /"inherit"/],
    [
      'loads from elsewhere',
      ':root { --sodium-background-picture: url(https://evil.example/x.png) }',
      /does not name a file of the theme/,
    ],
    [
      'loads from elsewhere without a scheme',
      ':root { --sodium-background-picture: url(//evil.example/x.png) }',
      /does not name a file/,
    ],
    ['loads from the panel', ':root { --sodium-background-picture: url(/api/auth/logout) }', /does not name a file/],
    ['loads with a query', ':root { --sodium-background-picture: url("img/grid.png?x") }', /does not name a file/],
    ['loads data', ':root { --sodium-background-picture: url("data:image/svg+xml,<svg/>") }', /does not name a file/],
    [
      'puts a picture among gradients',
      ':root { --sodium-background-image: url(img/grid.png) }',
      /not allowed in "--sodium-background-image"/,
    ],
    ['climbs out', ':root { --sodium-background-picture: url(../other/x.png) }', /leads out of assets/],
    [
      'climbs out of the package',
      ':root { --sodium-background-picture: url(../../billing/assets/x.png) }',
      /leads out of assets/,
    ],
    [
      'names a file that is not there',
      ':root { --sodium-background-picture: url(img/Grid.png) }',
      /there is no assets\/img\/Grid\.png/,
    ],
    ['takes a font for an image', ':root { --sodium-background-picture: url(fonts/a.woff2) }', /it is no image/],
    ['takes an image for a font', '@font-face { font-family: A; src: url(img/grid.png) }', /it is no font/],
    [
      'brings a font from elsewhere',
      '@font-face { font-family: A; src: url(https://evil.example/a.woff2) }',
      /does not name a file/,
    ],
    ['names fonts of the machine', '@font-face { font-family: A; src: local("Arial") }', /local/],
    [
      'hides an address in a descriptor',
      '@font-face { font-family: url(https://evil.example) }',
      /not allowed in "font-family"/,
    ],
    [
      'uses image-set',
      ':root { --sodium-background-image: image-set("https://evil.example/x.png" 1x) }',
      /"image-set\(\)" is not allowed/,
    ],
    ['uses -webkit-image-set', 'wa-button::part(base) { background: -webkit-image-set("x.png" 1x) }', /is not allowed/],
    [
      'uses src()',
      ':root { --sodium-background-image: src("https://evil.example/x.png") }',
      /"src\(\)" is not allowed/,
    ],
    [
      'uses image()',
      'wa-button::part(base) { background-image: image("https://evil.example/x.png") }',
      /"image\(\)" is not allowed/,
    ],
    ['uses element()', 'wa-button::part(base) { background-image: element(#main) }', /is not allowed/],
    [
      'uses cross-fade()',
      ':root { --sodium-background-image: cross-fade(url(img/grid.png), url(https://evil.example/x), 50%) }',
      /is not allowed/,
    ],
    ['uses attr()', ':root { --sodium-background-image: attr(href) }', /"attr\(\)"/],
    ['uses env()', ':root { --sodium-space-1: env(safe-area-inset-top) }', /"env\(\)"/],
    ['uses expression()', 'wa-button::part(base) { color: expression(alert(1)) }', /expression/],
    ['nests', ':root { --sodium-density: 1; & body { display: none } }', /nothing nested|not allowed/],
    ['nests an at-rule', ':root { @media (prefers-contrast: more) { --sodium-density: 1 } }', /not allowed/],
    ['defines animations', '@keyframes x { to { opacity: 0 } }', /"@keyframes"/],
    [
      'defines properties',
      '@property --sodium-color-text { syntax: "<url>"; inherits: true; initial-value: url(x) }',
      /"@property"/,
    ],
    ['defines layers', '@layer x { :root { --sodium-density: 1 } }', /"@layer"/],
    ['defines a charset', '@charset "utf-7";', /"@charset"/],
    ['defines a namespace', '@namespace url(http://evil.example);', /"@namespace"/],
    ['defines scopes', '@scope (body) { :root { --sodium-density: 1 } }', /"@scope"/],
    [
      'asks for the screen’s size',
      '@media (min-width: 1px) { :root { --sodium-density: 1 } }',
      /"@media \(min-width:1px\)"/,
    ],
    ['asks for a selector', '@supports selector(:has(a)) { :root { --sodium-density: 1 } }', /"@supports/],
    ['hides a class in @supports', '@supports (color: red) { .so-card { display: none } }', /selector "\.so-card"/],
    ['is not CSS', ':root { color red }', /:1:\d+: /],
    ['is a page', '<!doctype html><script>alert(1)</script>', /not|selector/],
    ['breaks a string over lines', ':root { --sodium-font-sans: "x\n; }', /not valid|not allowed/],
    ['breaks an address', ':root { --sodium-background-picture: url(a b) }', /./],
    ['holds a byte that is no text', ':root { --sodium-density: 1 \u0000 }', /invisible or broken/],
    ['is nested without end', `@supports(a:b){`.repeat(15_000), /nested too deeply|not valid|not allowed/],
    [
      'has brackets without end',
      `:root { --sodium-color-text: ${'('.repeat(50_000)} }`,
      /nested too deeply|not valid|not allowed|is not/,
    ],
    ['is huge', ' '.repeat(300_000), /at most/],
  ])('%s', (_name, css, message) => {
    const faults = faultsOf(css);
    expect(faults.join('\n')).toMatch(message);
    expect(faults.every((fault) => /^assets\/theme\.css:\d+:\d+: /.test(fault))).toBe(true);
  });

  it('says what to do, and stops counting at some point', () => {
    const { faults } = checkStylesheet('.x { color: red }\n'.repeat(500), 'assets/theme.css', FILES).report;
    expect(faults).toHaveLength(20);
    expect(faults.every(({ fix }) => fix.length > 10)).toBe(true);
  });
});
