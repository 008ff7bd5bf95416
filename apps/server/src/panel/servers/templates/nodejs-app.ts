import type { TemplateSource } from './template-definition.js';

const INDEX = `import http from 'node:http';
import readline from 'node:readline';

const port = Number(process.env.PORT ?? 8080);
const host = process.env.BIND ?? '127.0.0.1';
let requests = 0;

const server = http.createServer((request, response) => {
  requests++;
  console.log(\`\${request.method} \${request.url}\`);
  response.setHeader('content-type', 'text/plain; charset=utf-8');
  response.end('Hello from your Node.js app. Change index.js to make it yours.\\n');
});

const commands = {
  help: () => console.log('Commands: ' + Object.keys(commands).join(', ')),
  status: () => {
    const memory = Math.round(process.memoryUsage.rss() / 1048576);
    console.log(\`Up \${Math.round(process.uptime())} s, \${requests} requests, \${memory} MiB of memory\`);
  },
  stop: () => {
    console.log('Stopping');
    server.close(() => process.exit(0));
    server.closeAllConnections();
  },
};

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const command = commands[line.trim()];
  if (command) command();
  else console.log(\`Unknown command "\${line.trim()}". Try help.\`);
});
process.on('SIGTERM', commands.stop);

server.listen(port, host, () => console.log(\`Listening on http://\${host}:\${port}\`));
`;

export const nodejsApp: TemplateSource = {
  id: 'nodejs',
  name: 'Node.js app',
  description: 'Runs a JavaScript file with Node.js. Comes with a small web server to start from.',
  icon: 'hexagon',
  variables: [
    {
      name: 'ENTRY',
      label: 'Start file',
      help: 'The JavaScript file to run, relative to the server’s folder.',
      default: 'index.js',
      required: true,
      pattern: '^(?![/-])(?!.*\\.\\.)[A-Za-z0-9_./-]+\\.[cm]?js$',
    },
    {
      name: 'BIND',
      label: 'Listens on',
      help: '127.0.0.1 can be reached from this machine only, 0.0.0.0 from the network.',
      default: '127.0.0.1',
      required: true,
      options: ['127.0.0.1', '0.0.0.0'],
    },
  ],
  files: {
    'index.js': INDEX,
    'package.json': `${JSON.stringify({ name: 'app', private: true, type: 'module', main: 'index.js' }, null, 2)}\n`,
  },
  start: ['{{node}}', '{{ENTRY}}'],
  ready: { pattern: '[Ll]istening|[Rr]eady|[Ss]tarted', timeoutSeconds: 30 },
  stop: { type: 'signal', signal: 'SIGTERM', graceSeconds: 10 },
};
