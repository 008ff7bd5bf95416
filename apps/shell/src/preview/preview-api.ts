import type { Preferences } from '@sodium/contract';
import { ApiClient } from '../api/api-client.js';
import { ApiError } from '../api/api-error.js';
import type { PreviewLook, PreviewStart } from './preview-start.js';

const PREFERENCES = '/api/account/preferences';
const DASHBOARD = '/api/account/dashboard';

/**
 * Requests from a preview: below the frame's own address, to a panel that changes nothing. What a person arranges for
 * themselves, widgets and colours, is remembered as long as the frame is there, so that it can be tried out.
 */
export class PreviewApi extends ApiClient {
  readonly #first: Map<string, unknown>;
  #preferences: Preferences;
  #dashboard: unknown;

  constructor(
    start: PreviewStart,
    private readonly onEnded: () => void,
  ) {
    super({ prefix: start.prefix });
    this.#first = new Map(Object.entries(start.answers));
    this.#preferences = start.answers[PREFERENCES] as Preferences;
    this.#dashboard = start.answers[DASHBOARD];
  }

  prefer({ theme, mode }: Partial<PreviewLook>): Preferences {
    const before = this.#preferences;
    const chosen = theme === undefined ? before.theme : theme;
    const shown = before.themes.some(({ id }) => id === chosen) ? chosen! : 'sodium';
    this.#preferences = { ...before, theme: chosen, mode: mode ?? before.mode, shown };
    return this.#preferences;
  }

  /** The themes again: the one that is tried may have changed. */
  async renew(): Promise<void> {
    const { themes } = await super.request<Preferences>('GET', PREFERENCES);
    this.#preferences = { ...this.#preferences, themes };
    this.prefer({});
  }

  override async request<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    if (path === PREFERENCES) return this.#ofPreferences(method, body) as T;
    if (path === DASHBOARD) return this.#ofDashboard(method, body) as T;
    if (method === 'GET' && this.#first.has(path)) return this.#take(path) as T;
    try {
      return await super.request<T>(method, path, body, signal);
    } catch (error) {
      if (error instanceof ApiError && error.code === 'FRAME_ENDED') this.onEnded();
      throw error;
    }
  }

  #ofPreferences(method: string, body: unknown): Preferences {
    return method === 'GET' ? this.#preferences : this.prefer(body as Partial<PreviewLook>);
  }

  #ofDashboard(method: string, body: unknown): unknown {
    if (method !== 'GET') this.#dashboard = body;
    return this.#dashboard;
  }

  #take(path: string): unknown {
    const answer = this.#first.get(path);
    this.#first.delete(path);
    return answer;
  }
}
