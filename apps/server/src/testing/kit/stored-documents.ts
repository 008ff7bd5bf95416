import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Document } from '@sodium/sdk';
import { compileQuery, matchesQuery } from '../../plugins/sandbox/child/db/query.js';
import { HeapEstimate } from '../../plugins/sandbox/child/db/heap-estimate.js';
import { StoreLoader } from '../../plugins/sandbox/child/db/store-loader.js';
import { closeAll, openLiveStoreFiles } from '../../storage/plugin-store/load-stream.js';
import { listStoreFiles } from '../../storage/plugin-store/store-files.js';

export type Collections = Map<string, Map<string, Document>>;

/** A plugin's documents as they are on disk at this moment, read as its own process reads them. */
export async function readStored(directory: string): Promise<Collections> {
  return documentsOf(await loadStored(directory));
}

/** The same, to be carried on with what is written from now on. */
export async function loadStored(directory: string): Promise<StoreLoader> {
  await mkdir(directory, { recursive: true });
  const opened = await openLiveStoreFiles(directory);
  try {
    const loader = new StoreLoader(new HeapEstimate());
    for (const { description, handle } of opened) {
      loader.start(description);
      loader.chunk(await handle.readFile());
    }
    loader.end();
    return loader;
  } finally {
    await closeAll(opened);
  }
}

function documentsOf({ collections }: StoreLoader): Collections {
  const documents = [...collections].map(
    ([name, rows]) => [name, new Map([...rows].map(([id, { document }]) => [id, document as Document]))] as const,
  );
  return new Map(documents);
}

/** The documents of a collection that a query matches. */
export function matching(documents: Iterable<object>, query: Record<string, unknown>): object[] {
  const compiled = compileQuery(query);
  return [...documents].filter((document) => matchesQuery(document, compiled));
}

/** Adds documents to a store that nobody has open. */
export async function addStored(
  directory: string,
  collection: string,
  documents: readonly Record<string, unknown>[],
): Promise<void> {
  const all = await readStored(directory);
  const rows = all.get(collection) ?? new Map<string, Document>();
  all.set(collection, rows);
  for (const document of documents) {
    const id = typeof document.id === 'string' ? document.id : randomUUID();
    rows.set(id, { ...document, id });
  }
  // The journals are in the snapshots now; left behind they would undo what was added.
  const { journals } = await listStoreFiles(directory);
  for (const [name, kept] of all) await writeFile(path.join(directory, `${name}.json`), snapshotOf(kept));
  for (const { file } of journals) await rm(file, { force: true });
}

function snapshotOf(rows: Map<string, Document>): string {
  const lines = [...rows.values()].map((document) => JSON.stringify(document));
  return lines.length === 0 ? '[]\n' : `[\n${lines.join(',\n')}\n]\n`;
}
