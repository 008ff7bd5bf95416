import path from 'node:path';
import type { ThemeOption } from '@sodium/contract';
import { themeOf } from '@sodium/sdk/manifest';
import type { PluginManager } from '../manager.js';
import type { InspectedPackage, SoundPackage } from '../package/inspect.js';
import { swatchOf, type ActiveThemes } from '../theme/active-themes.js';
import { PreviewContent } from './preview-content.js';

/**
 * The themes that a plugin in preview can be looked at in: the active ones, and those that are installed and would be
 * activated without a fault. A theme is style sheets alone, so none of them needs to be agreed to for that.
 */
export class PreviewThemes {
  /** For as long as discovery knows this content. */
  readonly #known = new WeakMap<SoundPackage, { option: ThemeOption; content: PreviewContent }>();

  constructor(
    private readonly active: ActiveThemes,
    private readonly manager: PluginManager,
  ) {}

  list(): ThemeOption[] {
    const active = this.active.list();
    const taken = new Set(active.map(({ id }) => id));
    return [...active, ...this.#others().flatMap(({ option }) => (taken.has(option.id) ? [] : [option]))];
  }

  /** A file of a theme that is not active, or null. */
  async readFile(id: string, hash: string, file: string): Promise<Uint8Array | null> {
    const theme = this.#others().find(({ content }) => content.manifest.id === id && content.hash === hash);
    return theme ? theme.content.readForBrowser(file) : null;
  }

  #others(): { option: ThemeOption; content: PreviewContent }[] {
    return [...this.manager.deps.discovery.packages.values()].filter(isTheme).map((pkg) => this.#of(pkg));
  }

  #of(pkg: SoundPackage): { option: ThemeOption; content: PreviewContent } {
    const known = this.#known.get(pkg) ?? { option: optionOf(pkg), content: PreviewContent.onDisk(pkg) };
    this.#known.set(pkg, known);
    return known;
  }
}

/** What holds code besides its style sheet is no theme here: of other plugins a frame is given nothing. */
const isTheme = (pkg: InspectedPackage): pkg is SoundPackage => pkg.kind === 'sound' && pkg.manifest.type === 'theme';

function optionOf({ manifest, hash, folder }: SoundPackage): ThemeOption {
  const { id, name, description } = manifest;
  const { stylesheet, modes } = themeOf(manifest)!;
  const swatch = swatchOf(path.join(folder, stylesheet), modes[0] ?? 'light');
  return { id, name, description, stylesheet: `/plugins/${id}/${hash}/${stylesheet}`, modes, swatch };
}
