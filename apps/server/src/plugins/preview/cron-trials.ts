import type { PreviewReport } from '@sodium/contract';
import type { PluginInstance, Registrations } from '../sandbox/types.js';

type Trial = Pick<PreviewReport['crons'][number], 'running' | 'lastRun'>;

const NEVER: Trial = { running: false, lastRun: null };

/** Tasks of a plugin in preview: nothing runs them but "run now". */
export class CronTrials {
  readonly #trials = new Map<string, Trial>();

  constructor(
    private readonly instance: PluginInstance | null,
    private readonly registered: () => Registrations['crons'],
    private readonly onChange: () => void,
  ) {}

  of(name: string): Trial {
    return this.#trials.get(name) ?? NEVER;
  }

  /** Answers with how it went, or null when there is no task of this name or it is running already. */
  async run(name: string): Promise<Trial['lastRun']> {
    const { lastRun: before, running } = this.of(name);
    const known = this.registered().some((cron) => cron.name === name);
    if (!known || !this.instance || running) return null;
    this.#set(name, { running: true, lastRun: before });
    const started = performance.now();
    const at = new Date().toISOString();
    const result = await this.instance.cron(name).then(
      () => ({ ok: true }),
      (error: Error) => ({ ok: false, message: error.message.slice(0, 500) }),
    );
    const lastRun = { at, ms: Math.round(performance.now() - started), ...result };
    this.#set(name, { running: false, lastRun });
    return lastRun;
  }

  #set(name: string, trial: Trial): void {
    this.#trials.set(name, trial);
    this.onChange();
  }
}
