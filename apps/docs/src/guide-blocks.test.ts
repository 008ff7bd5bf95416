import { fileURLToPath } from 'node:url';
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

  it('has plugins whose every call the SDK knows', () => {
    const sources = named(/\.(ts|js)$/);
    expect(sources.length).toBeGreaterThan(1);
    expect(problemsOf(sources)).toEqual([]);
  });
});

/** What the compiler finds in these files, as if each stood in a plugin of its own beside the SDK. */
function problemsOf(sources: readonly GuideBlock[]): string[] {
  const texts = new Map(sources.map((block, at) => [`${root}apps/docs/guide-${at}${extension(block)}`, typed(block)]));
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists } = host;
  host.readFile = (file) => texts.get(file) ?? readFile(file);
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  const program = ts.createProgram([...texts.keys()], options, host);
  return [...texts.keys()].flatMap((file, at) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(file))
      .filter(({ code }) => !(sources[at]!.file!.endsWith('.js') && UNTYPED.has(code)))
      .map(({ messageText }) => `${label(sources[at]!)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`),
  );
}

/** "Is of type unknown" and "is possibly null": JavaScript has no way to say that it knows better. */
const UNTYPED = new Set([2571, 18046, 18047]);

const extension = ({ file }: GuideBlock): string => (file!.endsWith('.tsx') ? '.tsx' : '.ts');

/** Hand-written plugins get the type that the panel gives their argument. */
function typed({ file, code }: GuideBlock): string {
  if (!file!.endsWith('.js')) return code;
  const wrapper = file!.endsWith('client.js') ? 'defineClient' : 'definePlugin';
  return `import { ${wrapper} } from '@sodium/sdk';\n${code.replace(/export default (\(?\w+\)? =>[\s\S]*);\s*$/, `export default ${wrapper}($1);`)}`;
}
