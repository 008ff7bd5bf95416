import type { TemplateSource } from './template-definition.js';

const INSTALL = `import { writeFileSync } from 'node:fs';

writeFileSync('installed.json', JSON.stringify({ at: new Date().toISOString(), node: process.version }, null, 2) + '\\n');
console.log('Wrote installed.json');
`;

const APP = `import { readFileSync } from 'node:fs';
import readline from 'node:readline';

console.log('Installed at ' + JSON.parse(readFileSync('installed.json', 'utf8')).at);
console.log('Ready. Set the command of this server to run your own program.');
const timer = setInterval(() => console.log(new Date().toISOString()), 30_000);

function stop() {
  clearInterval(timer);
  console.log('Stopping');
  process.exit(0);
}
readline.createInterface({ input: process.stdin }).on('line', (line) => (line.trim() === 'stop' ? stop() : console.log('You said: ' + line)));
process.on('SIGTERM', stop);
`;

export const genericCommand: TemplateSource = {
  id: 'generic',
  name: 'Generic command',
  description: 'Runs any program, after a step that installs it.',
  icon: 'terminal',
  variables: [
    {
      name: 'COMMAND',
      label: 'Command',
      help: 'A program and its arguments. Quotes keep words together; there is no shell.',
      default: 'node app.mjs',
      required: true,
    },
    {
      name: 'INSTALL_COMMAND',
      label: 'Install command',
      help: 'Runs once, before the first start.',
      default: 'node install.mjs',
      required: true,
    },
  ],
  files: { 'install.mjs': INSTALL, 'app.mjs': APP },
  install: [['{{...INSTALL_COMMAND}}']],
  start: ['{{...COMMAND}}'],
  stop: { type: 'signal', signal: 'SIGTERM', graceSeconds: 10 },
  runsAnyProgram: true,
};
