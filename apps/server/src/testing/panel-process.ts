import { createPanel } from '../create-panel.js';

/** A panel in a process of its own, so that a test can kill it. Arguments: data folder, sandbox folder, the step of an installation at which it ends. */
const [dataDirectory = '', sandboxDirectory = '', lastStep] = process.argv.slice(2);
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
