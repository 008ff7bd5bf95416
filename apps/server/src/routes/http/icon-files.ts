import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { RequestHandler, Response } from 'express';
import { z } from 'zod';
import { param } from './body.js';

const iconsSchema = z.record(z.string(), z.string());

/** Of an icon's name its file. */
export type Icons = (name: string) => Promise<string | undefined>;

/**
 * The icons out of the one file that holds all of them: thousands of small files would be most of the time that an
 * installation takes. It is read when the first icon is asked for.
 */
export function iconsOf(directory: string): Icons {
  let icons: Promise<ReadonlyMap<string, string>> | null = null;
  const read = async (): Promise<ReadonlyMap<string, string>> => {
    const text = await readFile(path.join(directory, 'icons/all.json'), 'utf8');
    return new Map(Object.entries(iconsSchema.parse(JSON.parse(text))));
  };
  return async (name) => {
    icons ??= read();
    return (await icons.catch(() => (icons = null)))?.get(name);
  };
}

/** Answers `/icons/<name>.svg`. What is no icon is left to others. */
export function iconFiles(icons: Icons, send: (res: Response, svg: string) => unknown): RequestHandler {
  return async (req, res, next) => {
    const svg = await icons(param(req, 'name'));
    if (svg === undefined) return next();
    send(res.type('svg'), svg);
  };
}
