import { readFileSync } from 'node:fs';
import path from 'node:path';
import { formatHex } from 'culori';
import { parse, type StyleSheet } from 'css-tree';
import type { ThemeOption } from '@sodium/contract';
import { themeOf } from '@sodium/sdk/manifest';
import type { PluginManager } from '../manager.js';
import type { RunningPlugin } from '../running-plugin.js';
import { Palette } from './palette.js';

/** The themes that users may choose now: those of the active plugins. */
export class ActiveThemes {
  private readonly swatches = new Map<string, string[]>();

  constructor(private readonly manager: PluginManager) {}

  list(): ThemeOption[] {
    return this.manager.allShown().flatMap((running) => this.option(running) ?? []);
  }

  get(id: string): ThemeOption | null {
    const running = this.manager.shown(id);
    return running && this.option(running);
  }

  private option(running: RunningPlugin): ThemeOption | null {
    const { manifest, hash } = running;
    const theme = themeOf(manifest);
    if (!theme) return null;
    return {
      id: manifest.id,
      name: manifest.name,
      description: manifest.description,
      stylesheet: `/plugins/${manifest.id}/${hash}/${theme.stylesheet}`,
      modes: theme.modes,
      swatch: this.swatch(running, theme.stylesheet, theme.modes[0] ?? 'light'),
    };
  }

  /** Read once for each content. */
  private swatch({ manifest, hash }: RunningPlugin, stylesheet: string, mode: 'light' | 'dark'): string[] {
    const known = this.swatches.get(hash);
    if (known) return known;
    const swatch = swatchOf(path.join(this.manager.deps.packages.folder(manifest.id, hash), stylesheet), mode);
    this.swatches.set(hash, swatch);
    return swatch;
  }
}

/** The colours that stand for a theme, as far as they can be read. */
export function swatchOf(file: string, mode: 'light' | 'dark'): string[] {
  try {
    const tree = parse(readFileSync(file, 'utf8'), { parseCustomProperty: true }) as StyleSheet;
    const palette = Palette.of(tree, mode);
    return (['color-background', 'color-surface', 'color-accent', 'color-text'] as const).flatMap((name) => {
      const color = palette.color(name);
      return color ? [formatHex(color)] : [];
    });
  } catch {
    // Without its file the theme will not show either; its name is enough to list it.
    return [];
  }
}
