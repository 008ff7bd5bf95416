/** Dresses the frame as the page around it is dressed. */
export function applyTheme(mode: 'light' | 'dark', tokens: Record<string, string>): void {
  const { dataset, classList, style } = document.documentElement;
  dataset.theme = mode;
  classList.toggle('wa-dark', mode === 'dark');
  classList.toggle('wa-light', mode === 'light');
  for (const name of [...style].filter((each) => each.startsWith('--sodium-') && !(each in tokens)))
    style.removeProperty(name);
  for (const [name, value] of Object.entries(tokens)) style.setProperty(name, value);
}

/** The tokens as they are on this page, for a frame that cannot load the theme that sets them. */
export function currentTokens(): Record<string, string> {
  const computed = getComputedStyle(document.documentElement);
  const entries = [...tokenNames()].map((name) => [name, computed.getPropertyValue(name).trim()] as const);
  // An address of a theme's picture is out of the frame's reach.
  return Object.fromEntries(entries.filter(([, value]) => value !== '' && !/url\(/i.test(value)));
}

function tokenNames(): Set<string> {
  const names = new Set<string>();
  for (const sheet of document.styleSheets) collect(rulesOf(sheet), names);
  return names;
}

function collect(rules: Iterable<CSSRule>, names: Set<string>): void {
  for (const rule of rules) {
    if (rule instanceof CSSStyleRule) for (const name of rule.style) if (name.startsWith('--sodium-')) names.add(name);
    if ('cssRules' in rule) collect(rule.cssRules as CSSRuleList, names);
  }
}

function rulesOf(sheet: CSSStyleSheet): Iterable<CSSRule> {
  try {
    return sheet.cssRules;
  } catch {
    return [];
  }
}
