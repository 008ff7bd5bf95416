import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Loaded into the measured panel before its own code: tells how late its event loop is. */
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
process.on('message', (order) => {
  process.send!({ p99Ms: delay.percentile(99) / 1e6 });
  if (order === 'reset') delay.reset();
});
// The channel alone must not keep the panel alive.
process.channel?.unref();
