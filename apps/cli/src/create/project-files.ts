/** What a plugin is made of. */
export interface NewPlugin {
  readonly id: string;
  readonly name: string;
  readonly type: PluginType;
  /** False: `client.js` and `server.js` are written by hand and used as they are. */
  readonly build: boolean;
}

export const PLUGIN_TYPES = ['widget', 'feature', 'hook', 'theme'] as const;
export type PluginType = (typeof PLUGIN_TYPES)[number];

/** The folder of its template. A theme has no code, so there is nothing to build in it. */
export function templateOf({ type, build }: NewPlugin): string {
  return type === 'theme' || build ? type : `${type}-plain`;
}

/** `package.json` of the plugin. The packages lie in its own folder. */
export function packageJson(plugin: NewPlugin, packages: { sdk: string; cli: string }): object {
  const typed = plugin.build && plugin.type !== 'theme';
  const tests = plugin.type === 'theme' ? 'sodium validate' : typed ? 'tsc && vitest run' : 'vitest run';
  const tools = plugin.type === 'theme' ? {} : { vitest: '~4.1.0', ...(typed ? { typescript: '~6.0.3' } : {}) };
  return {
    name: plugin.id,
    version: '0.1.0',
    private: true,
    type: 'module',
    scripts: {
      dev: 'sodium dev',
      build: 'sodium build',
      test: tests,
      validate: 'sodium validate',
      pack: 'sodium pack',
    },
    devDependencies: {
      '@sodium/cli': `file:vendor/${packages.cli}`,
      '@sodium/sdk': `file:vendor/${packages.sdk}`,
      ...(plugin.type === 'theme' ? {} : { lit: '^3.3.3' }),
      ...tools,
    },
  };
}

/** Settings of the compiler; for a plugin without a build, of the editor. */
export function compilerSettings({ build, type }: NewPlugin): { file: string; content: object } | null {
  if (type === 'theme') return null;
  const common = {
    target: 'ES2023',
    lib: ['ES2023', 'DOM', 'DOM.Iterable'],
    module: 'ESNext',
    moduleResolution: 'bundler',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  };
  if (!build)
    return {
      file: 'jsconfig.json',
      content: { compilerOptions: { ...common, checkJs: true }, include: ['*.js', 'test'] },
    };
  const decorators = { experimentalDecorators: true, useDefineForClassFields: false };
  const compilerOptions = { ...common, ...decorators, noUncheckedIndexedAccess: true, noImplicitOverride: true };
  return { file: 'tsconfig.json', content: { compilerOptions, include: ['src', 'test'] } };
}

export const GITIGNORE = 'node_modules/\ndist/\n.sodium/\n*.zip\n';
