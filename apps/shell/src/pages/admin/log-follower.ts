import { msg } from '@lit/localize';
import type { PluginLogLine } from '@sodium/contract';
import type { ApiClient } from '../../api/api-client.js';
import { pluginApi } from './plugin-model.js';

interface Message {
  last?: number;
  lines?: PluginLogLine[];
}

export type FollowState = { kind: 'connecting' } | { kind: 'live' } | { kind: 'lost'; error: unknown };

const AGAIN_MS = [500, 1_000, 2_000, 5_000];

/** Keeps up with a plugin's log: from the first line that the panel still has, over every gap of the connection. */
export class LogFollower {
  readonly #abort = new AbortController();
  #last = 0;
  #attempts = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly api: Pick<ApiClient, 'follow'>,
    private readonly plugin: string,
    private readonly tell: {
      lines(lines: readonly PluginLogLine[]): void;
      /** The panel counts anew: what was told before is of its earlier life. */
      restarted(): void;
      state(state: FollowState): void;
    },
  ) {
    void this.#connect();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#abort.abort();
  }

  async #connect(): Promise<void> {
    let error: unknown = new Error(msg('The panel ended the connection.'));
    try {
      const address = `${pluginApi(this.plugin)}/logs?follow=1&after=${this.#last}`;
      await this.api.follow<Message>(address, (message) => this.#take(message), this.#abort.signal);
    } catch (cause) {
      error = cause;
    }
    if (this.#abort.signal.aborted) return;
    if (this.#attempts > 0) this.tell.state({ kind: 'lost', error });
    this.#timer = setTimeout(() => void this.#connect(), AGAIN_MS[Math.min(this.#attempts++, AGAIN_MS.length - 1)]);
  }

  #take({ last, lines }: Message): void {
    this.#attempts = 0;
    if (last !== undefined) {
      this.tell.state({ kind: 'live' });
      if (last >= this.#last) return;
      this.#last = 0;
      return this.tell.restarted();
    }
    if (!lines || lines.length === 0) return;
    this.#last = lines.at(-1)!.seq;
    this.tell.lines(lines);
  }
}
