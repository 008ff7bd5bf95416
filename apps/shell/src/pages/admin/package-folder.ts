import { msg, str } from '@lit/localize';

const MOST_FILES = 2000;
const MOST_BYTES = 100 * 1024 * 1024;

/** A folder that was chosen or dropped, with the files that belong to a package. */
export interface PickedFolder {
  name: string;
  files: { path: string; file: File }[];
}

/** A folder out of `<input type="file" webkitdirectory>`. */
export function folderOfInput(list: FileList): PickedFolder | null {
  const files = [...list].map((file) => ({ path: file.webkitRelativePath, file }));
  const [name] = files[0]?.path.split('/') ?? [];
  if (!name) return null;
  const inside = files.map(({ path, file }) => ({ path: path.slice(name.length + 1), file }));
  return { name, files: inside.filter(({ path }) => belongs(path)) };
}

/** The folder among what was dropped, or null. Has to be called while the event is handled. */
export function folderOfDrop(items: DataTransferItemList): FileSystemDirectoryEntry | null {
  const entries = [...items].map((item) => item.webkitGetAsEntry());
  return (entries.find((entry) => entry?.isDirectory) as FileSystemDirectoryEntry | undefined) ?? null;
}

export async function readFolder(folder: FileSystemDirectoryEntry): Promise<PickedFolder> {
  const files: PickedFolder['files'] = [];
  await collect(folder, '', files);
  return { name: folder.name, files };
}

async function collect(folder: FileSystemDirectoryEntry, prefix: string, into: PickedFolder['files']): Promise<void> {
  for (const entry of await entriesOf(folder)) {
    const path = prefix + entry.name;
    if (!belongs(path) || into.length > MOST_FILES) continue;
    if (entry.isDirectory) await collect(entry as FileSystemDirectoryEntry, `${path}/`, into);
    else into.push({ path, file: await fileOf(entry as FileSystemFileEntry) });
  }
}

/** A browser hands the content of a folder out in parts, an empty one last. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) return all;
    all.push(...part);
  }
}

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject));

/** What the panel leaves out of a folder on its own machine is left out here, too. */
const belongs = (path: string): boolean =>
  path.split('/').every((part) => part !== '' && !part.startsWith('.') && part !== 'node_modules');

/** The folder as a package. Throws with what is wrong with it before anything is read. */
export async function zipFolder({ name, files }: PickedFolder): Promise<File> {
  if (!files.some(({ path }) => path === 'plugin.json'))
    throw new Error(msg(str`The folder “${name}” holds no plugin.json. Choose the folder that plugin.json lies in.`));
  if (files.length > MOST_FILES) throw new Error(msg(str`The folder holds more than ${MOST_FILES} files.`));
  if (files.reduce((sum, { file }) => sum + file.size, 0) > MOST_BYTES)
    throw new Error(msg('The folder holds more than 100 MiB.'));
  const { zipSync } = await import('fflate');
  const content: Record<string, Uint8Array> = {};
  for (const { path, file } of files) content[path] = new Uint8Array(await file.arrayBuffer());
  return new File([zipSync(content) as Uint8Array<ArrayBuffer>], `${name}.zip`, { type: 'application/zip' });
}
