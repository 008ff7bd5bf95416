import { randomUUID } from 'node:crypto';
import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { syncDirectory } from '../../storage/durable-file.js';

/** What a step of an operation on a plugin's folder is called. Tests stop the panel at each. */
export type FolderStep = 'staged' | 'old-aside' | 'new-in-place' | 'done';
export type OnFolderStep = (step: FolderStep) => void;

const UUID_LENGTH = 36;
const OLD = '.old-';
const OWN = /^\.(?:staging|upload|trash)-/;

export const stagingName = (): string => `.staging-${randomUUID()}`;
export const uploadName = (): string => `.upload-${randomUUID()}`;

/**
 * Puts a complete folder, lying beside it, in the place of `target`. After a crash at any point the old one or the new
 * one is there, once `sweepFolders` has run: the old one bears its name, so that it can be put back.
 */
export async function swapFolder(
  staging: string,
  target: string,
  onStep: OnFolderStep = () => undefined,
): Promise<void> {
  const parent = path.dirname(target);
  const old = path.join(parent, `${OLD}${path.basename(target)}-${randomUUID()}`);
  await syncDirectory(staging);
  await syncDirectory(parent);
  onStep('staged');
  await rename(target, old).catch(ignoreMissing);
  onStep('old-aside');
  try {
    await rename(staging, target);
  } catch (error) {
    await rename(old, target).catch(ignoreMissing);
    throw error;
  }
  await syncDirectory(parent);
  onStep('new-in-place');
  await rm(old, { recursive: true, force: true });
  onStep('done');
}

/** A folder in the place of another, which lies out of sight until it is known which of them stays. */
export interface Exchange {
  /** Deletes the old one. */
  keep(): Promise<void>;
  /** Puts the old one back. It needs no room on the disk. */
  undo(): Promise<void>;
}

/** Puts a complete folder, or none, in the place of `target`. A crash before it is undone leaves the new one there. */
export async function exchangeFolder(staging: string | null, target: string): Promise<Exchange> {
  const parent = path.dirname(target);
  const old = path.join(parent, `${OLD}${path.basename(target)}-${randomUUID()}`);
  const hadOne = await exists(target);
  const putBack = async (): Promise<void> => {
    if (hadOne) await rename(old, target);
  };
  if (hadOne) await rename(target, old);
  try {
    if (staging) await rename(staging, target);
    await syncDirectory(parent);
  } catch (error) {
    await putBack();
    throw error;
  }
  return {
    keep: () => rm(old, { recursive: true, force: true }),
    undo: async () => {
      await removeFolder(target);
      await putBack();
      await syncDirectory(parent);
    },
  };
}

/** Takes a folder out of sight at once, then deletes it. */
export async function removeFolder(target: string): Promise<void> {
  const parent = path.dirname(target);
  const trash = path.join(parent, `.trash-${randomUUID()}`);
  try {
    await rename(target, trash);
  } catch (error) {
    return ignoreMissing(error as NodeJS.ErrnoException);
  }
  await syncDirectory(parent);
  await rm(trash, { recursive: true, force: true });
}

/** Cleans up after a crash: half-made folders go, one that was set aside with nothing in its place comes back. */
export async function sweepFolders(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  for (const name of await readdir(directory)) {
    const entry = path.join(directory, name);
    if (name.startsWith(OLD))
      await bringBack(entry, path.join(directory, name.slice(OLD.length, -UUID_LENGTH - 1)), name);
    else if (OWN.test(name)) await rm(entry, { recursive: true, force: true });
  }
}

async function bringBack(old: string, target: string, name: string): Promise<void> {
  const isNamed = name.length > OLD.length + UUID_LENGTH + 1;
  if (isNamed && !(await exists(target))) await rename(old, target);
  else await rm(old, { recursive: true, force: true });
}

async function exists(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
