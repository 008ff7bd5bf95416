import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import express from 'express';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { iconFiles, iconsOf } from './icon-files.js';

const directory = mkdtempSync(path.join(tmpdir(), 'sodium-icons-'));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('icons come out of one file, which may be there later; what it does not hold is left to others', async () => {
  const app = express();
  app.get(
    '/icons/:name.svg',
    iconFiles(iconsOf(directory), (res, svg) => res.send(svg)),
  );
  app.use((_req, res) => void res.status(404).send('left'));
  const server = app.listen(0, '127.0.0.1');
  const { port } = await new Promise<AddressInfo>((resolve) =>
    server.once('listening', () => resolve(server.address() as AddressInfo)),
  );
  const get = async (name: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}/icons/${name}.svg`);
    return [answer.status, answer.headers.get('content-type'), await answer.text()];
  };
  try {
    expect((await get('puzzle'))[0]).toBe(404);
    mkdirSync(path.join(directory, 'icons'));
    writeFileSync(path.join(directory, 'icons/all.json'), JSON.stringify({ puzzle: '<svg/>' }));
    expect(await get('puzzle')).toEqual([200, 'image/svg+xml; charset=utf-8', '<svg/>']);
    for (const name of ['none', '__proto__', 'constructor', '..%2Fall']) expect((await get(name))[2]).toBe('left');
  } finally {
    server.close();
  }
});
