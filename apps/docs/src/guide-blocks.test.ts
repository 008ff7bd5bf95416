import { fileURLToPath } from 'node:url';
import { isPermission } from '@sodium/sdk';
import { parseManifest } from '@sodium/sdk/manifest';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { guideBlocks, type GuideBlock } from './guide-blocks.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const blocks = await guideBlocks(`${root}apps/docs/guide`);
const named = (pattern: RegExp): GuideBlock[] => blocks.filter(({ file }) => file !== null && pattern.test(file));
const label = ({ slug, file }: GuideBlock): string => `${slug}: ${file}`;

describe('code of the guide', () => {
  it('has JSON that can be read', () => {
    for (const { slug, code } of blocks.filter(({ language }) => language === 'json'))
      expect(() => JSON.parse(code), slug).not.toThrow();
  });

  it('has manifests that the panel accepts without a warning', () => {
    const manifests = named(/(^|\/)plugin\.json$/);
    expect(manifests.length).toBeGreaterThan(1);
    for (const block of manifests) {
      const result = parseManifest(block.code);
      expect(result, label(block)).toMatchObject({ ok: true, warnings: [] });
    }
  });

  it('asks for permissions that exist, in tests that write a plugin out too', () => {
    const asked = blocks.flatMap(({ slug, code }) =>
      [...code.matchAll(/\bpermissions"?: (\[[^\]]*\])/g)].flatMap(([, list]) =>
        (JSON.parse(list!.replaceAll("'", '"')) as string[]).map((name) => ({ slug, name })),
      ),
    );
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter(({ name }) => !isPermission(name))).toEqual([]);
  });

  it('has plugins whose every call the SDK knows', () => {
    const sources = named(/\.(ts|js)$/);
    expect(sources.length).toBeGreaterThan(1);
    expect(problemsOf(sources)).toEqual([]);
  });
});

/** What the compiler finds in these files: those of a page stand together, the last version of each, beside the SDK. */
function problemsOf(sources: readonly GuideBlock[]): string[] {
  const texts = new Map(sources.map((block) => [placeOf(block), { block, text: typed(block) }]));
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.esnext.disposable.d.ts'],
    strict: true,
    noUncheckedIndexedAccess: true,
    noImplicitOverride: true,
    experimentalDecorators: true,
    useDefineForClassFields: false,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, directoryExists } = host;
  host.readFile = (file) => texts.get(file)?.text ?? readFile(file);
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.directoryExists = (folder) =>
    [...texts.keys()].some((file) => file.startsWith(`${folder}/`)) || directoryExists!(folder);
  const program = ts.createProgram([...texts.keys()], options, host);
  return [...texts].flatMap(([file, { block }]) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(file))
      .filter(({ code }) => !(block.file!.endsWith('.js') && UNTYPED.has(code)))
      .map(({ messageText }) => `${label(block)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`),
  );
}

const placeOf = ({ slug, file }: GuideBlock): string =>
  `${root}apps/docs/guide-${slug.replace('/', '-')}/${file!.replace(/\.js$/, '.ts')}`;

/** "Is of type unknown" and "is possibly null": JavaScript has no way to say that it knows better. */
const UNTYPED = new Set([2571, 18046, 18047]);

/** Hand-written plugins get the type that the panel gives their argument. */
function typed({ file, code }: GuideBlock): string {
  if (!file!.endsWith('.js')) return code;
  const wrapper = file!.endsWith('client.js') ? 'defineClient' : 'definePlugin';
  return `import { ${wrapper} } from '@sodium/sdk';\n${code.replace(/export default (\(?\w+\)? =>[\s\S]*);\s*$/, `export default ${wrapper}($1);`)}`;
}
