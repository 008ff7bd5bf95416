import { spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { createStreamChannel } from '../../../protocol/stream-channel.js';
import { PluginStore } from '../../../../../storage/plugin-store/index.js';

/**
 * A panel with one plugin process, to be killed. Arguments: the store's folder, the writer's script, its first number,
 * and optionally the step of a compaction at which this process ends itself.
 */
const [directory, script, first, deadlyStep] = process.argv.slice(2) as [string, string, string, string?];
const child = spawn(process.execPath, [script, first], { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] });
const channel = createStreamChannel(child.stdio[3] as Duplex);
await PluginStore.open({
  channel,
  location: { kind: 'disk', directory },
  onStep: (step) => {
    if (step === deadlyStep) process.kill(process.pid, 'SIGKILL');
  },
});
child.on('exit', (code, signal) => {
  console.error(`the writer ended by itself: ${signal ?? code}`);
  process.exit(1);
});
channel.onClose((reason) => {
  if (reason) console.error('the channel was closed:', reason);
});
// The store is attached: the writer may load.
channel.send(1, 0);
