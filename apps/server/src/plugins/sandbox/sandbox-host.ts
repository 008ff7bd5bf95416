import { CompileCache } from './compile/compile-cache.js';
import { SandboxedPlugin } from './plugin-instance.js';
import { DEFAULT_LIMITS, type SandboxLimits } from './supervisor/limits.js';
import { PluginProcess } from './supervisor/plugin-process.js';
import type { Capability, InstanceSpec, PluginInstance, SandboxHost } from './types.js';

export interface SandboxOptions {
  /** Where `buildSandbox` put `child.cjs`. */
  folder: string;
  /** Where large sources are kept once compiled, so that the next start of the panel need not do it again. */
  cacheFolder?: string;
  /** Asked when a process starts, so that capabilities can be joined after the host was made. */
  capabilities: Readonly<Record<string, Capability>> | (() => Readonly<Record<string, Capability>>);
  /** Keeps one process ready, so that a plugin's first request waits for no start. Default true. */
  spare?: boolean;
  limits?: Partial<SandboxLimits>;
  /** How far the clock that plugins see is ahead of the real one, in milliseconds. For tests. */
  clockOffset?(): number;
  /** Told each line that a process writes to its collections, in order. For tests. */
  onWrite?(plugin: string, line: Uint8Array): void;
}

/** How long the machine may look after the plugin that was just started before the next spare process boots. */
const SPARE_DELAY_MS = 250;

/** Runs plugins, each in a process of its own. */
export function createSandboxHost(options: SandboxOptions): SandboxHost {
  return new ProcessHost(options);
}

class ProcessHost implements SandboxHost {
  readonly #limits: SandboxLimits;
  readonly #compile: CompileCache;
  readonly #instances = new Set<SandboxedPlugin>();
  readonly #processes = new Set<PluginProcess>();
  readonly #watch: NodeJS.Timeout;
  #spare: PluginProcess | null = null;
  #spareTimer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(readonly options: SandboxOptions) {
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#compile = new CompileCache(options.folder, options.cacheFolder);
    this.#watch = setInterval(() => this.#look(), this.#limits.watchEveryMs);
    this.#watch.unref();
    process.once('exit', this.#killAll);
  }

  create(spec: InstanceSpec): PluginInstance {
    if (this.#closed) throw new Error('The sandbox has been closed.');
    const { capabilities } = this.options;
    const instance = new SandboxedPlugin(spec, {
      limits: this.#limits,
      compile: this.#compile,
      takeProcess: () => this.#takeProcess(),
      capabilities: () => (typeof capabilities === 'function' ? capabilities() : capabilities),
      clockOffset: this.options.clockOffset,
      onWrite: this.options.onWrite,
      onClosed: (closed) => this.#instances.delete(closed),
    });
    this.#instances.add(instance);
    // Plugins that the panel knows from before start at their first use: that one has a process ready too.
    this.#prepareSpare();
    return instance;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#watch);
    if (this.#spareTimer) clearTimeout(this.#spareTimer);
    await Promise.all([...this.#instances].map((instance) => instance.stop()));
    await Promise.all([...this.#processes].map((running) => running.end()));
    await this.#compile.close();
    process.off('exit', this.#killAll);
  }

  readonly #killAll = (): void => {
    for (const running of this.#processes) running.kill('the panel ended');
  };

  #look(): void {
    for (const instance of this.#instances) instance.look();
  }

  async #takeProcess(): Promise<PluginProcess> {
    if (this.#closed) throw new Error('The sandbox has been closed.');
    const spare = this.#spare;
    this.#spare = null;
    this.#prepareSpare();
    const taken = spare && !spare.gone ? spare : this.#startProcess();
    await taken.booted;
    return taken;
  }

  #prepareSpare(): void {
    if (this.options.spare === false || this.#spare) return;
    if (this.#spareTimer) return void this.#spareTimer.refresh();
    this.#spareTimer = setTimeout(() => {
      this.#spareTimer = null;
      if (!this.#closed && !this.#spare) this.#spare = this.#startProcess();
    }, SPARE_DELAY_MS);
    this.#spareTimer.unref();
  }

  #startProcess(): PluginProcess {
    const started = new PluginProcess(this.options.folder, this.#limits);
    this.#processes.add(started);
    void started.exited.then(() => {
      this.#processes.delete(started);
      if (this.#spare === started) this.#spare = null;
    });
    return started;
  }
}
