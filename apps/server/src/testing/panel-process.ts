import { createInterface } from 'node:readline';
import { createPanel } from '../create-panel.js';

/**
 * A panel in a process of its own, so that a test can kill it. Arguments: data folder, sandbox folder. A line on its
 * standard input names the step of an installation at which it ends.
 */
const [dataDirectory = '', sandboxDirectory = ''] = process.argv.slice(2);
let lastStep = '';
createInterface({ input: process.stdin }).on('line', (step) => {
  lastStep = step;
  process.stdout.write(`ends at ${step}\n`);
});
await createPanel({
  port: 0,
  host: '127.0.0.1',
  dataDirectory,
  safeMode: false,
  trustProxy: false,
  logLevel: 'silent',
  shellDirectory: `${dataDirectory}/no-shell`,
  sandboxDirectory,
  docsDirectory: `${dataDirectory}/no-docs`,
  packagesDirectory: `${dataDirectory}/no-packages`,
  shippedPlugins: `${dataDirectory}/no-plugins`,
  onInstallStep: (step) => void (step === lastStep && process.kill(process.pid, 'SIGKILL')),
});
process.stdout.write('ready\n');
