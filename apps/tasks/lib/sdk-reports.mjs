import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { build } from 'esbuild';
import { format, resolveConfig } from 'prettier';
import { inRoot } from './paths.mjs';
import { run } from './run.mjs';

const SDK = inRoot('shared/sdk');
const SCHEMA = path.join(SDK, 'schema/plugin.schema.json');
const DECLARATIONS = path.join(SDK, 'dist/api-types');
/** The entry points of the SDK, and the report of each. */
const ENTRIES = {
  index: 'sdk',
  'element/index': 'sdk-element',
  'manifest/index': 'sdk-manifest',
  'testing/index': 'sdk-testing',
  'theme/index': 'sdk-theme',
};

/** How a report marks an export, or a member of one, without a description. The line below the mark names it. */
const UNDOCUMENTED = /^ *\/\/ (?:@public )?\(undocumented\)\n *(.+)/gm;

/** Writes the JSON Schema of `plugin.json` and the reports of what the SDK exports. */
export async function writeSdkReports() {
  mkdirSync(path.dirname(SCHEMA), { recursive: true });
  writeFileSync(SCHEMA, await schemaText());
  const faults = await report(true);
  if (faults.length > 0) throw Object.assign(new Error(faults.join('\n')), { exitCode: 1 });
}

/** Throws when one of them is not what the sources say, or when an export or a member of one has no description. */
export async function checkSdkReports() {
  const current = existsSync(SCHEMA) ? readFileSync(SCHEMA, 'utf8') : '';
  const faults = (await schemaText()) === current ? [] : ['shared/sdk/schema/plugin.schema.json is not current.'];
  faults.push(...(await report(false)));
  if (faults.length > 0)
    throw Object.assign(new Error(`${faults.join('\n')}\nLook whether the change is meant, then run: npm run sdk`), {
      exitCode: 1,
    });
}

async function schemaText() {
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'sodium-schema-'));
  try {
    const outfile = path.join(scratch, 'json-schema.mjs');
    const entryPoints = [path.join(SDK, 'src/manifest/json-schema.ts')];
    await build({ entryPoints, outfile, bundle: true, format: 'esm', platform: 'node', logLevel: 'warning' });
    const { manifestJsonSchema } = await import(pathToFileURL(outfile).href);
    return await format(JSON.stringify(manifestJsonSchema()), { ...(await resolveConfig(SCHEMA)), parser: 'json' });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/**
 * Returns what is wrong. The declarations are made anew each time: those of an incremental build list the members of a
 * union in an order that depends on what was changed last.
 */
async function report(write) {
  rmSync(DECLARATIONS, { recursive: true, force: true });
  await run('npx', ['tsc', '-p', SDK, '--composite', 'false', '--incremental', 'false', '--outDir', DECLARATIONS]);
  return Object.entries(ENTRIES).flatMap(([entry, name]) => extract(entry, name, write));
}

function extract(entry, name, write) {
  const faults = [];
  const config = ExtractorConfig.prepare({
    configObjectFullPath: path.join(SDK, 'api-extractor.json'),
    packageJsonFullPath: path.join(SDK, 'package.json'),
    configObject: {
      projectFolder: SDK,
      mainEntryPointFilePath: path.join(DECLARATIONS, `${entry}.d.ts`),
      compiler: { tsconfigFilePath: path.join(SDK, 'tsconfig.json') },
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder: SDK,
        reportTempFolder: path.join(SDK, 'dist/api'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      newlineKind: 'lf',
    },
  });
  const { apiReportChanged } = Extractor.invoke(config, {
    localBuild: write,
    messageCallback: (message) => {
      message.handled = true;
      if (message.logLevel === ExtractorLogLevel.Error) faults.push(`${name}: ${message.text}`);
    },
  });
  const file = write ? path.join(SDK, `${name}.api.md`) : path.join(SDK, `dist/api/${name}.api.md`);
  for (const [, what] of readFileSync(file, 'utf8').matchAll(UNDOCUMENTED))
    faults.push(`${name}: "${what}" has no description.`);
  if (apiReportChanged && !write) faults.push(`shared/sdk/${name}.api.md is not current.`);
  return faults;
}
