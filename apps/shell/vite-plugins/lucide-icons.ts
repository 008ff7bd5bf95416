import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';
import { CORE_ICONS } from '../src/ui/core-icons.js';

const folder = join(dirname(createRequire(import.meta.url).resolve('lucide-static/package.json')), 'icons');

/**
 * Serves Lucide as sprites: `/icons/core.svg` holds what the shell itself draws, and `/icons/<name>.svg#icon` any other
 * icon a plugin names. Sprites, because the content policy forbids the kit to fetch inline data addresses. The panel
 * takes the others out of `all.json`: one file, because the packages for authors bring them along.
 */
export function lucideIcons(): Plugin {
  let output = '';
  return {
    name: 'sodium:lucide-icons',
    configResolved: (config) => {
      output = join(config.build.outDir, 'icons');
    },
    configureServer(server) {
      server.middlewares.use('/icons/', (request, response, next) => {
        const name = /^\/([a-z0-9-]+)\.svg/.exec(request.url ?? '')?.[1];
        if (!name) return next();
        sprite(name).then(
          (svg) => response.setHeader('content-type', 'image/svg+xml').end(svg),
          () => next(),
        );
      });
    },
    async writeBundle() {
      await mkdir(output, { recursive: true });
      const names = (await readdir(folder)).filter((file) => file.endsWith('.svg')).map((file) => file.slice(0, -4));
      const icons = await Promise.all(names.map(async (name) => [name, await sprite(name)]));
      await writeFile(join(output, 'core.svg'), await sprite('core'));
      await writeFile(join(output, 'all.json'), JSON.stringify(Object.fromEntries(icons)));
    },
  };
}

async function sprite(name: string): Promise<string> {
  const symbols =
    name === 'core' ? await Promise.all(CORE_ICONS.map((icon) => symbol(icon, icon))) : [await symbol(name, 'icon')];
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`;
}

async function symbol(name: string, id: string): Promise<string> {
  const svg = await readFile(join(folder, `${name}.svg`), 'utf8');
  const shapes = svg.slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>'));
  const stroke = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${id}" viewBox="0 0 24 24" ${stroke}>${shapes.replace(/\s+/g, ' ').trim()}</symbol>`;
}
