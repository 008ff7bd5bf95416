/**
 * The fonts that a plugin's style sheets bring. Views stand in shadow roots, where browsers pass over `@font-face`: the
 * rules are repeated in the document while the plugin is active.
 */
export class PluginFonts {
  readonly #seen = new Set<string>();
  readonly #sheets: CSSStyleSheet[] = [];

  /** Takes the fonts out of a style sheet that has loaded. Several places of a plugin load the same one. */
  add(sheet: CSSStyleSheet): void {
    if (sheet.href === null || this.#seen.has(sheet.href)) return;
    this.#seen.add(sheet.href);
    const rules = fontRules(sheet);
    if (rules.length === 0) return;
    const own = new CSSStyleSheet();
    own.replaceSync(rules.join('\n'));
    this.#sheets.push(own);
    document.adoptedStyleSheets.push(own);
  }

  dispose(): void {
    const mine = new Set(this.#sheets.splice(0));
    if (mine.size === 0) return;
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => !mine.has(sheet));
  }
}

function fontRules(sheet: CSSStyleSheet): string[] {
  const base = sheet.href ?? location.href;
  const within = (rules: CSSRuleList): string[] =>
    [...rules].flatMap((rule) => {
      if (rule instanceof CSSFontFaceRule) return [absolute(rule.cssText, base)];
      if (rule instanceof CSSImportRule) return rule.styleSheet ? fontRules(rule.styleSheet) : [];
      return rule instanceof CSSGroupingRule ? within(rule.cssRules) : [];
    });
  return within(sheet.cssRules);
}

/** In the document, addresses would be looked up from its own. */
function absolute(rule: string, base: string): string {
  return rule.replace(/url\((?:"([^"]*)"|'([^']*)'|([^)]*))\)/g, (_all, double, single, bare) => {
    const address = String(double ?? single ?? bare).trim();
    return `url(${JSON.stringify(new URL(address, base).href)})`;
  });
}
