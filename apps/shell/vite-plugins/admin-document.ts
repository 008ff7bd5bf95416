import { readFile } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const TOKEN = /<meta\s+name="sodium-admin-token"[^>]*>/;

/**
 * The development server's `/admin…` documents. The panel alone decides who gets one: its answer is passed on when it is
 * a refusal, and its token is put into the document with hot reloading when it is not.
 */
export function adminDocument(panel: string): Plugin {
  return {
    name: 'sodium:admin-document',
    configureServer(server) {
      server.middlewares.use((incoming, response, next) => {
        const path = incoming.url ?? '';
        if (!/^\/admin(?:$|[/?])/.test(path) || !incoming.headers.accept?.includes('text/html')) return next();
        fromPanel(panel, path, incoming)
          .then(async (answer) => {
            const meta = TOKEN.exec(answer.body)?.[0];
            if (!meta) {
              response.writeHead(answer.status, answer.headers).end(answer.body);
              return;
            }
            const source = await readFile(join(server.config.root, 'admin.html'), 'utf8');
            const html = await server.transformIndexHtml(path, source.replace(TOKEN, meta), '/admin.html');
            response
              .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
              .end(html);
          })
          .catch(next);
      });
    },
  };
}

interface PanelAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

function fromPanel(panel: string, path: string, incoming: IncomingMessage): Promise<PanelAnswer> {
  return new Promise((resolve, reject) => {
    const headers = { ...incoming.headers, host: new URL(panel).host, 'accept-encoding': 'identity' };
    const outgoing = request(new URL(path, panel), { headers }, (answer) => {
      let body = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => (body += chunk));
      answer.on('end', () => {
        const kept = ['content-type', 'location'].flatMap((name) => {
          const value = answer.headers[name];
          return typeof value === 'string' ? [[name, value] as const] : [];
        });
        resolve({ status: answer.statusCode ?? 502, headers: Object.fromEntries(kept), body });
      });
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}
