import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { notFound } from '../../http-error.js';
import { closeAll, openLiveStoreFiles, type OpenedFile } from '../../storage/plugin-store/load-stream.js';
import type { PluginManager } from '../manager.js';
import { isFolderName } from '../package/discovery.js';
import { chunksOf, readCollections } from './read-store.js';

const DOCUMENTS_AT_A_TIME = 200;

/** A zip with one JSON file for each collection, as they are at this moment, also while the plugin writes. */
export async function exportData(manager: PluginManager, id: string): Promise<Readable> {
  const folder = isFolderName(id) ? manager.deps.versions.dataFolder(id) : null;
  const hasData =
    folder !== null &&
    (await stat(folder).then(
      (stats) => stats.isDirectory(),
      () => false,
    ));
  if (!hasData && !manager.exists(id)) throw notFound('plugin', id);
  const opened = hasData ? await openLiveStoreFiles(folder) : [];
  try {
    const parts = await read(opened).catch(async (error: Error) => ({
      problem: error.message,
      files: await rawFiles(opened),
    }));
    return archive(manager, id, parts);
  } finally {
    await closeAll(opened);
  }
}

interface Parts {
  files: { name: string; content: () => Readable }[];
  /** Why the files are given as they lie on disk. */
  problem?: string;
}

async function read(opened: readonly OpenedFile[]): Promise<Parts> {
  const collections = await readCollections(opened);
  const files = [...collections].map(([name, rows]) => ({
    name: `collections/${name}.json`,
    content: () => Readable.from(jsonOf([...rows.values()].map(({ document }) => document))),
  }));
  return { files };
}

function* jsonOf(documents: readonly object[]): Generator<string> {
  yield '[';
  for (let at = 0; at < documents.length; at += DOCUMENTS_AT_A_TIME) {
    const some = documents.slice(at, at + DOCUMENTS_AT_A_TIME).map((document) => `\n${JSON.stringify(document)}`);
    yield (at === 0 ? '' : ',') + some.join(',');
  }
  yield documents.length === 0 ? ']\n' : '\n]\n';
}

/** Damaged documents are given too: whoever asks for them may be able to mend them. */
async function rawFiles(opened: readonly OpenedFile[]): Promise<Parts['files']> {
  const files: Parts['files'] = [];
  for (const { description, handle } of opened) {
    const chunks: Buffer[] = [];
    for await (const chunk of chunksOf(handle)) chunks.push(chunk);
    const [, name = description.label] = description.label.split('/');
    files.push({ name: `files/${name}`, content: () => Readable.from(chunks) });
  }
  return files;
}

function archive(manager: PluginManager, id: string, { files, problem }: Parts): Readable {
  const zip = new ZipFile();
  zip.addBuffer(
    Buffer.from(
      readme(
        manager,
        id,
        files.map(({ name }) => name),
        problem,
      ),
    ),
    'README.md',
  );
  for (const { name, content } of files) zip.addReadStreamLazy(name, (give) => give(null, content()));
  zip.end();
  return zip.outputStream as Readable;
}

function readme(manager: PluginManager, id: string, names: readonly string[], problem: string | undefined): string {
  const manifest = manager.deps.consents.get(id)?.manifest;
  const title = manifest ? `${manifest.name} ${manifest.version} (\`${id}\`)` : `\`${id}\``;
  const kind = problem
    ? `The documents could not be read: ${problem}\n\nThese are the files as they lie on disk.`
    : 'Each file is one collection: a JSON list of its documents, in the order in which they were added.';
  const list = names.map((name) => `- \`${name}\``).join('\n') || 'The plugin has stored nothing.';
  return `# Data of the plugin ${title}\n\nExported from Sodium ${manager.deps.sodiumVersion} on ${new Date().toISOString()}. The plugin's settings are not part of this file.\n\n${kind}\n\n${list}\n`;
}
