import { describe, expect, it, vi } from 'vitest';
import { folderOfDrop, readFolder, zipFolder } from './package-folder.js';

type Tree = { [name: string]: string | Tree };
/** Chromium hands out so many entries at a time. */
const BATCH = 100;

function entryOf(name: string, content: string | Tree): FileSystemEntry {
  if (typeof content === 'string') {
    const file = new File([content], name);
    return { name, isFile: true, isDirectory: false, file: (done: (file: File) => void) => done(file) } as never;
  }
  const createReader = () => {
    const left = Object.entries(content).map(([child, inside]) => entryOf(child, inside));
    return {
      readEntries: (done: (entries: FileSystemEntry[]) => void) => queueMicrotask(() => done(left.splice(0, BATCH))),
    };
  };
  return { name, isFile: false, isDirectory: true, createReader } as never;
}
const folder = (name: string, content: Tree) => entryOf(name, content) as FileSystemDirectoryEntry;
const many = (count: number): Tree =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`${n}.svg`, `<svg id="${n}"/>`]));

describe('a folder that is dropped', () => {
  it('is read whole, however many parts the browser hands it out in', async () => {
    const { name, files } = await readFolder(
      folder('shop', { 'plugin.json': '{}', 'server.js': '', assets: { icons: many(250), 'a.css': '' } }),
    );
    expect(name).toBe('shop');
    expect(files).toHaveLength(253);
    expect(new Set(files.map(({ path }) => path))).toContain('assets/icons/249.svg');
    const zip = await zipFolder({ name, files });
    const { unzipSync, strFromU8 } = await import('fflate');
    const content = unzipSync(new Uint8Array(await zip.arrayBuffer()));
    expect(Object.keys(content)).toHaveLength(253);
    expect(strFromU8(content['assets/icons/249.svg']!)).toBe('<svg id="249"/>');
  });

  it('leaves out what belongs to no package, and does not even look into it', async () => {
    const modules = folder('node_modules', { lit: many(3) });
    const look = vi.spyOn(modules, 'createReader');
    const shop = folder('shop', { 'plugin.json': '{}', '.git': { HEAD: 'ref' }, '.env': 'KEY=1' });
    const reader = shop.createReader();
    const rest = await new Promise<FileSystemEntry[]>((resolve) => reader.readEntries(resolve));
    const parts = [[...rest, modules], []];
    vi.spyOn(shop, 'createReader').mockReturnValue({
      readEntries: (done: (part: FileSystemEntry[]) => void) => done(parts.shift()!),
    } as never);
    expect((await readFolder(shop)).files.map(({ path }) => path)).toEqual(['plugin.json']);
    expect(look).not.toHaveBeenCalled();
  });

  it('stops where no package is so large, and says so', async () => {
    const picked = await readFolder(folder('huge', { 'plugin.json': '{}', a: many(1500), b: many(1500) }));
    expect(picked.files.length).toBeLessThan(2100);
    await expect(zipFolder(picked)).rejects.toThrow('more than 2000 files');
  });

  it('fails as a whole when a part of it cannot be read', async () => {
    const shop = folder('shop', { 'plugin.json': '{}', secret: {} });
    const broken = { name: 'server.js', isFile: true, isDirectory: false };
    const refused = { ...broken, file: (_: unknown, no: (error: Error) => void) => no(new Error('not allowed')) };
    const parts = [[refused as never], []];
    vi.spyOn(shop, 'createReader').mockReturnValue({
      readEntries: (done: (part: FileSystemEntry[]) => void) => done(parts.shift()!),
    } as never);
    await expect(readFolder(shop)).rejects.toThrow('not allowed');
  });

  it('is found among what was dropped; files alone are none', () => {
    const items = (...entries: (FileSystemEntry | null)[]) =>
      entries.map((entry) => ({ webkitGetAsEntry: () => entry })) as never;
    expect(folderOfDrop(items(entryOf('a.zip', ''), folder('shop', {})))?.name).toBe('shop');
    expect(folderOfDrop(items(entryOf('a.zip', ''), null))).toBeNull();
  });
});
