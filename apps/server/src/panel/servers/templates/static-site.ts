import type { TemplateSource } from './template-definition.js';

const SERVE = `import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';

const port = Number(process.env.PORT ?? 8080);
const host = process.env.BIND ?? '127.0.0.1';
const root = await realpath('public');
const types = {
  '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8', '.json': 'application/json', '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml', '.png': 'image/png', '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.gif': 'image/gif',
  '.webp': 'image/webp', '.ico': 'image/x-icon', '.woff2': 'font/woff2', '.wasm': 'application/wasm', '.pdf': 'application/pdf',
};

async function find(url) {
  const name = decodeURIComponent(new URL(url, 'http://site').pathname);
  if (name.includes('\\0')) return null;
  let file = await realpath(path.join(root, name));
  if ((await stat(file)).isDirectory()) file = await realpath(path.join(file, 'index.html'));
  // A link that leads out of the folder is not served.
  return file.startsWith(root + path.sep) && (await stat(file)).isFile() ? file : null;
}

const server = http.createServer(async (request, response) => {
  const allowed = request.method === 'GET' || request.method === 'HEAD';
  const file = allowed ? await find(request.url).catch(() => null) : null;
  const status = !allowed ? 405 : file ? 200 : 404;
  console.log(\`\${status} \${request.method} \${request.url}\`);
  if (!file) return response.writeHead(status, { 'content-type': 'text/plain' }).end(status === 404 ? 'Not found\\n' : 'Not allowed\\n');
  response.writeHead(200, { 'content-type': types[path.extname(file).toLowerCase()] ?? 'application/octet-stream', 'x-content-type-options': 'nosniff' });
  if (request.method === 'HEAD') return response.end();
  createReadStream(file).on('error', () => response.destroy()).pipe(response);
});

process.on('SIGTERM', () => {
  console.log('Stopping');
  server.close(() => process.exit(0));
  server.closeAllConnections();
});
server.listen(port, host, () => console.log(\`Serving public/ on http://\${host}:\${port}\`));
`;

const INDEX = `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <title>A new site</title>
  <style>body { font: 1.125rem/1.6 system-ui; max-width: 40rem; margin: 15vh auto; padding: 0 1rem }</style>
  <h1>It works</h1>
  <p>Put your pages into <code>public/</code>.</p>
</html>
`;

export const staticSite: TemplateSource = {
  id: 'static',
  name: 'Static site',
  description: 'Serves the files in public/ over HTTP.',
  icon: 'globe',
  variables: [
    {
      name: 'BIND',
      label: 'Listens on',
      help: '127.0.0.1 can be reached from this machine only, 0.0.0.0 from the network.',
      default: '127.0.0.1',
      required: true,
      options: ['127.0.0.1', '0.0.0.0'],
    },
  ],
  files: { 'serve.mjs': SERVE, 'public/index.html': INDEX },
  start: ['{{node}}', 'serve.mjs'],
  ready: { pattern: '^Serving public/', timeoutSeconds: 30 },
  stop: { type: 'signal', signal: 'SIGTERM', graceSeconds: 10 },
};
