import { collectDefaultMetrics, Counter, Gauge, Registry, type CounterConfiguration } from 'prom-client';
import { folderBytes } from './install/version-history.js';
import type { PluginManager } from './manager.js';
import { pluginRows } from './plugin-rows.js';
import type { InstanceMetrics } from './sandbox/types.js';

/** What Prometheus reads: the panel's own process, and for each active plugin what it costs and how it answers. */
export class PanelMetrics {
  private readonly registry = new Registry();
  private isWatching = false;

  constructor(private readonly manager: PluginManager) {
    this.addInfo();
    this.addStates();
    this.addCalls();
    this.addProcesses();
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** The first reading begins to watch the panel's own process: a panel that nobody reads spends nothing on it. */
  async read(): Promise<string> {
    if (!this.isWatching) collectDefaultMetrics({ register: this.registry });
    this.isWatching = true;
    return this.registry.metrics();
  }

  private addInfo(): void {
    const info = new Gauge({
      name: 'sodium_info',
      help: 'The version of the panel.',
      labelNames: ['version'],
      registers: [this.registry],
    });
    info.set({ version: this.manager.deps.sodiumVersion }, 1);
  }

  private addStates(): void {
    const { manager } = this;
    new Gauge({
      name: 'sodium_plugin_state',
      help: 'The state of each plugin: 1 for the one it is in.',
      labelNames: ['plugin', 'version', 'state'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const { id, version, state } of pluginRows(manager)) this.set({ plugin: id, version, state }, 1);
      },
    });
    new Gauge({
      name: 'sodium_plugin_data_bytes',
      help: 'What the documents of each active plugin take on disk.',
      labelNames: ['plugin'],
      registers: [this.registry],
      async collect() {
        this.reset();
        for (const { manifest } of manager.allRunning())
          this.set({ plugin: manifest.id }, await folderBytes(manager.deps.versions.dataFolder(manifest.id)));
      },
    });
  }

  private addCalls(): void {
    const each = (
      note: (labels: { plugin: string; kind: string }, call: InstanceMetrics['calls'][number]) => void,
    ): void => {
      for (const [plugin, { calls }] of this.running())
        for (const call of calls) note({ plugin, kind: call.kind }, call);
    };
    const labelNames = ['plugin', 'kind'];
    this.mirror(
      { name: 'sodium_plugin_calls_total', help: 'Calls of a plugin: routes, hooks, tasks and methods.', labelNames },
      (counter) => each((labels, { count }) => counter.inc(labels, count)),
    );
    this.mirror(
      { name: 'sodium_plugin_call_errors_total', help: 'Calls of a plugin that failed.', labelNames },
      (counter) => each((labels, { errors }) => counter.inc(labels, errors)),
    );
    new Gauge({
      name: 'sodium_plugin_call_duration_seconds',
      help: 'How long the latest calls of a plugin took.',
      labelNames: [...labelNames, 'quantile'],
      registers: [this.registry],
      collect() {
        this.reset();
        each((labels, { p50Ms, p99Ms }) => {
          this.set({ ...labels, quantile: '0.5' }, p50Ms / 1000);
          this.set({ ...labels, quantile: '0.99' }, p99Ms / 1000);
        });
      },
    });
  }

  private addProcesses(): void {
    const running = this.running.bind(this);
    const labelNames = ['plugin'];
    this.mirror(
      { name: 'sodium_plugin_cpu_seconds_total', help: 'Processor time of a plugin.', labelNames },
      (counter) => {
        for (const [plugin, { cpuMs }] of running()) counter.inc({ plugin }, cpuMs / 1000);
      },
    );
    this.mirror(
      {
        name: 'sodium_plugin_restarts_total',
        help: 'How often the process of a plugin was started again after a failure.',
        labelNames,
      },
      (counter) => {
        for (const [plugin, { restarts }] of running()) counter.inc({ plugin }, restarts);
      },
    );
    new Gauge({
      name: 'sodium_plugin_memory_bytes',
      help: 'Memory of the process of a plugin; 0 while it is idle.',
      labelNames,
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [plugin, { memoryBytes }] of running()) this.set({ plugin }, memoryBytes);
      },
    });
  }

  /** A counter whose values are counted elsewhere. */
  private mirror(
    configuration: Omit<CounterConfiguration<string>, 'registers' | 'collect'>,
    fill: (counter: Counter) => void,
  ): void {
    new Counter({
      ...configuration,
      registers: [this.registry],
      collect() {
        this.reset();
        fill(this);
      },
    });
  }

  private running(): [string, InstanceMetrics][] {
    return this.manager
      .allRunning()
      .flatMap(({ manifest, instance }) =>
        instance ? [[manifest.id, instance.metrics()] as [string, InstanceMetrics]] : [],
      );
  }
}
