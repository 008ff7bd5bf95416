import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { RequestHandler, Response } from 'express';
import { z } from 'zod';
import { param } from './body.js';

const iconsSchema = z.record(z.string(), z.string());

/**
 * Answers `/icons/<name>.svg` from the one file that holds all of them: thousands of small files would be most of the
 * time that an installation takes. It is read when the first icon is asked for. What it does not hold is left to others.
 */
export function iconFiles(directory: string, send: (res: Response, svg: string) => unknown): RequestHandler {
  let icons: Promise<ReadonlyMap<string, string>> | null = null;
  const read = async (): Promise<ReadonlyMap<string, string>> => {
    const text = await readFile(path.join(directory, 'icons/all.json'), 'utf8');
    return new Map(Object.entries(iconsSchema.parse(JSON.parse(text))));
  };
  return async (req, res, next) => {
    icons ??= read();
    const svg = (await icons.catch(() => (icons = null)))?.get(param(req, 'name'));
    if (svg === undefined) return next();
    send(res.type('svg'), svg);
  };
}
