import type { PreviewAnswers, PreviewInfo, PreviewReport, Role } from '@sodium/contract';
import type { ApiClient } from '../../api/api-client.js';
import { ApiError } from '../../api/api-error.js';
import { pluginApi } from './plugin-model.js';

/** The preview of one plugin, as the panel knows it for this session. */
export class PreviewClient {
  constructor(
    private readonly api: ApiClient,
    private readonly plugin: string,
  ) {}

  /** The one that runs, or a new one when there is none, or when the plugin's folder holds something else by now. */
  open = (wishes: { madeUp: boolean }): Promise<PreviewInfo> => this.api.post(this.#path(), wishes);
  /** Gives it more time, too. */
  change = (patch: { viewAs?: Role }): Promise<PreviewInfo> => this.api.put(this.#path(), patch);
  discard = (): Promise<void> => this.api.delete(this.#path());
  /** With `after`, waits until there is something newer. */
  report = (after: number, signal: AbortSignal): Promise<PreviewReport> =>
    this.api.get(`${this.#path('report')}?after=${after}`, signal);
  answers = (answers: PreviewAnswers): Promise<PreviewInfo> => this.api.put(this.#path('answers'), answers);
  settings = (values: Record<string, unknown>): Promise<PreviewInfo> =>
    this.api.put(this.#path('settings'), { values });
  runCron = (name: string): Promise<void> => this.api.post(this.#path(`crons/${encodeURIComponent(name)}/run`));
  replay = (event?: string): Promise<void> => this.api.post(this.#path('events'), event ? { event } : {});
  reload = (): Promise<PreviewInfo> => this.api.post(this.#path('reload'));

  #path(below = ''): string {
    return `${pluginApi(this.plugin)}/preview${below && `/${below}`}`;
  }
}

/** It expired, was discarded in another tab, or the panel was restarted. */
export const isEnded = (error: unknown): boolean => error instanceof ApiError && error.status === 404;
