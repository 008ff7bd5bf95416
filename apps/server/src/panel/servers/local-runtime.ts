import { join } from 'node:path';
import type { ConsoleLine, ServerState, Usage } from '@sodium/contract';
import { HttpError } from '../../http-error.js';
import { Listeners, type Dispose } from '../listeners.js';
import type { Isolation } from './isolation/isolation.js';
import { CpuGovernor } from './process/cpu-governor.js';
import { FolderSizes } from './process/folder-size.js';
import { runInstallation } from './process/installation.js';
import { processIn, type Installing } from './process/phase.js';
import { reap } from './process/reaper.js';
import { RunRecords } from './process/run-records.js';
import { Sampler, type Sampled } from './process/sampler.js';
import { serverEnvironment } from './process/server-environment.js';
import { ServerEntry } from './process/server-entry.js';
import { ServerFolder } from './process/server-folder.js';
import { ServerProcess } from './process/server-process.js';
import { startProblem } from './process/start-problem.js';
import { Watchdog } from './process/watchdog.js';
import type { Runtime, RuntimeEvent, ServerExit, ServerSpec } from './runtime.js';

const LONGEST_TIMER_S = 3600;

export interface LocalRuntimeOptions {
  /** `data/servers`: the folders of the servers, and in `.runs` what runs. */
  directory: string;
  isolation: Isolation;
  sampleMs?: number;
}

/** Servers as processes of this machine. */
export class LocalRuntime implements Runtime {
  readonly #options: LocalRuntimeOptions;
  readonly #entries = new Map<string, ServerEntry>();
  readonly #listeners = new Listeners<RuntimeEvent>();
  readonly #records: RunRecords;
  readonly #watchdog: Watchdog;
  readonly #sizes = new FolderSizes();
  readonly #sampler: Sampler;
  readonly #governor = new CpuGovernor(() => this.#running());
  readonly #spawning = new Set<Promise<ServerProcess>>();
  #closing = false;

  private constructor(options: LocalRuntimeOptions) {
    this.#options = options;
    this.#records = new RunRecords(join(options.directory, '.runs'));
    this.#watchdog = new Watchdog(this.#records.directory, join(options.directory, '.watchdog.json'));
    this.#sampler = new Sampler({
      running: () => this.#running(),
      onUsage: (id, usage) => this.#onUsage(id, usage),
      onLimit: (id, message) => this.#endForLimit(id, message),
      ...(options.sampleMs ? { intervalMs: options.sampleMs } : {}),
    });
  }

  /** Ends what a panel that was killed left behind, and watches over this one. */
  static async open(options: LocalRuntimeOptions): Promise<LocalRuntime> {
    const runtime = new LocalRuntime(options);
    await runtime.#records.prepare();
    await runtime.#watchdog.start();
    await reap(runtime.#records.directory);
    await runtime.#records.clear();
    return runtime;
  }

  get isolation(): Isolation {
    return this.#options.isolation;
  }

  events(listener: (event: RuntimeEvent) => void): Dispose {
    return this.#listeners.add(listener);
  }

  state(id: string): ServerState {
    return this.#entries.get(id)?.phase.kind ?? 'offline';
  }

  attach(id: string, after = 0): ConsoleLine[] {
    return this.#entries.get(id)?.console.after(after) ?? [];
  }

  async stats(id: string): Promise<Usage> {
    const usage = this.#entries.get(id)?.usage ?? { cpu: 0, memoryBytes: 0, diskBytes: 0, uptimeMs: 0 };
    return { ...usage, diskBytes: await this.#sizes.current(this.#path(id)) };
  }

  async create(spec: ServerSpec): Promise<void> {
    const folder = new ServerFolder(this.#path(spec.id));
    await folder.create(spec.files);
    await folder.giveTo(this.isolation.uidFor(spec.number));
    this.#entry(spec.id);
  }

  async install(spec: ServerSpec): Promise<ServerExit> {
    const entry = this.#entry(spec.id);
    entry.refuseUnlessOffline('installed');
    const phase: Installing = { kind: 'installing', process: null, cancelled: false };
    const run = this.#runInstall(entry, phase, spec);
    entry.over = run.then(
      () => undefined,
      () => undefined,
    );
    entry.enter(phase);
    return run;
  }

  async start(spec: ServerSpec): Promise<void> {
    const entry = this.#entry(spec.id);
    entry.refuseUnlessOffline('started');
    entry.spec = spec;
    entry.enter({ kind: 'starting', process: null, readyTimer: null });
    let process: ServerProcess;
    try {
      process = await this.#spawn(spec, spec.start);
    } catch (error) {
      const message = `It could not be started: ${startProblem(error, spec.start)}`;
      entry.say(message);
      entry.enter({ kind: 'offline', exit: { code: null, signal: null, crashed: true, message } });
      throw new HttpError(409, 'SERVER_START_FAILED', message, {}, { cause: error });
    }
    entry.awaitReady(process);
    entry.over = this.#awaitEnd(entry, process);
    this.#sampler.wake();
    this.#governor.wake();
  }

  stop(id: string): Promise<void> {
    const entry = this.#entry(id);
    const { phase } = entry;
    if (phase.kind === 'installing') return this.kill(id);
    if ((phase.kind !== 'starting' && phase.kind !== 'running') || !phase.process) return entry.over;
    const procedure = entry.spec!.stop;
    const { process } = phase;
    const graceMs = Math.min(procedure.graceSeconds, LONGEST_TIMER_S) * 1000;
    const killTimer = setTimeout(() => {
      entry.say(`It did not end within ${procedure.graceSeconds} seconds and was killed.`);
      process.kill();
    }, graceMs);
    entry.enter({ kind: 'stopping', process, killTimer });
    if (procedure.type === 'signal') void process.signal(procedure.signal);
    else if (!process.write(procedure.command)) void process.signal('SIGTERM');
    return entry.over;
  }

  kill(id: string): Promise<void> {
    const entry = this.#entry(id);
    const { phase } = entry;
    if (phase.kind === 'installing') phase.cancelled = true;
    const process = processIn(phase);
    if (process && (phase.kind === 'starting' || phase.kind === 'running'))
      entry.enter({ kind: 'stopping', process, killTimer: null });
    process?.kill();
    return entry.over;
  }

  async delete(id: string): Promise<void> {
    await this.kill(id);
    this.#entries.delete(id);
    this.#sizes.forget(this.#path(id));
    await new ServerFolder(this.#path(id)).remove();
  }

  command(id: string, command: string): void {
    const entry = this.#entry(id);
    const { phase } = entry;
    if ((phase.kind !== 'starting' && phase.kind !== 'running') || !phase.process)
      throw new HttpError(
        409,
        'SERVER_NOT_RUNNING',
        `The server takes no commands while it is ${phase.kind}. Start it first.`,
      );
    if (!phase.process.write(command))
      throw new HttpError(
        409,
        'SERVER_NOT_READING',
        'The server does not read its commands. Wait a moment, or restart it.',
      );
    entry.push('in', command);
  }

  say(id: string, text: string): void {
    this.#entry(id).say(text);
  }

  async close(graceMs = 10_000): Promise<void> {
    this.#closing = true;
    // What is being started would otherwise run on without anybody who knows of it.
    await Promise.allSettled(this.#spawning);
    const active = [...this.#entries.values()].filter((entry) => entry.phase.kind !== 'offline');
    const all = Promise.all(active.map((entry) => this.stop(entry.id)));
    const timer = setTimeout(() => active.forEach((entry) => void this.kill(entry.id)), graceMs);
    await all;
    clearTimeout(timer);
    this.#sampler.stop();
    this.#governor.stop();
    await this.#watchdog.close();
  }

  #path(id: string): string {
    return join(this.#options.directory, id);
  }

  #entry(id: string): ServerEntry {
    let entry = this.#entries.get(id);
    if (!entry) this.#entries.set(id, (entry = new ServerEntry(id, (event) => this.#listeners.emit(event))));
    return entry;
  }

  #spawn(spec: ServerSpec, argv: readonly string[]): Promise<ServerProcess> {
    const spawning = this.#spawnRecorded(spec, argv);
    this.#spawning.add(spawning);
    const done = (): void => void this.#spawning.delete(spawning);
    spawning.then(done, done);
    return spawning;
  }

  async #spawnRecorded(spec: ServerSpec, argv: readonly string[]): Promise<ServerProcess> {
    const entry = this.#entry(spec.id);
    const folder = this.#path(spec.id);
    const uid = this.isolation.uidFor(spec.number);
    await new ServerFolder(folder).giveTo(uid);
    // Before the process exists: if the panel dies in between, the user and the mark still name it.
    await this.#records.write(spec.id, uid, null);
    const process = await ServerProcess.spawn({
      id: spec.id,
      folder,
      launch: this.isolation.launch(argv, folder, uid),
      env: serverEnvironment(spec, folder),
      onLine: (stream, text) => entry.heard(stream, text),
    });
    try {
      await this.#records.write(spec.id, uid, process.pid);
      if (this.#closing) throw new Error('the panel is stopping.');
      return process;
    } catch (error) {
      process.kill();
      await process.ended;
      throw error;
    }
  }

  async #runInstall(entry: ServerEntry, phase: Installing, spec: ServerSpec): Promise<ServerExit> {
    const exit = await runInstallation(phase, spec.install, {
      spawn: (argv) => this.#spawn(spec, argv),
      say: (text) => entry.say(text),
    });
    await this.#records.remove(spec.id).catch(() => undefined);
    void this.#sizes.measure(this.#path(spec.id));
    entry.enter(exit.crashed ? { kind: 'offline', exit } : { kind: 'offline' });
    return exit;
  }

  async #awaitEnd(entry: ServerEntry, process: ServerProcess): Promise<void> {
    const exit = await process.ended;
    // A record that stays behind names a process that is gone: the next start finds nothing to end.
    await this.#records.remove(entry.id).catch(() => undefined);
    entry.ended(exit);
  }

  #endForLimit(id: string, message: string): void {
    const entry = this.#entries.get(id);
    if (!entry || (entry.phase.kind !== 'starting' && entry.phase.kind !== 'running')) return;
    entry.phase.endReason = message;
    entry.phase.process?.kill();
  }

  #running(): Sampled[] {
    return [...this.#entries.values()].flatMap((entry) => {
      const process = processIn(entry.phase);
      if (!process || !entry.spec) return [];
      const uid = this.isolation.uidFor(entry.spec.number);
      const { id } = entry;
      const { pid, startedAt } = process;
      return [{ id, pid, uid, startedAt, limits: entry.spec.limits, diskBytes: this.#sizes.peek(this.#path(id)) }];
    });
  }

  #onUsage(id: string, usage: Usage): void {
    const entry = this.#entries.get(id);
    if (!entry || entry.phase.kind === 'offline') return;
    entry.usage = usage;
    this.#listeners.emit({ type: 'usage', id, usage });
  }
}
