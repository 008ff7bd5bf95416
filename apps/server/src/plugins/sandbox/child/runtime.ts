import type { FrameChannel } from '../protocol/channel.js';
import { CONTROL_FRAMES } from '../protocol/channel.js';
import { AttachmentCollector } from '../protocol/attachments.js';
import {
  FROM_CHILD,
  MAX_ATTACHMENT_BYTES,
  TO_CHILD,
  type ConfigMessage,
  type CronMessage,
  type HookMessage,
  type HttpMessage,
  type LoadMessage,
  type MethodMessage,
} from '../protocol/frames.js';
import { decodeJson, encodeJson } from '../protocol/json.js';
import { AnswerSender } from './answer-sender.js';
import { describeError } from './format-value.js';
import { host } from './host.js';
import type { LogSink } from './log-sink.js';
import { PanelCalls } from './panel-calls.js';
import { loadPlugin, type LoadedPlugin } from './load-plugin.js';
import { HttpRequest } from './sodium/http-request.js';

const MAX_SOURCE_AND_BODIES = 512;

/** Serves the panel's frames for the one plugin of this process. */
export class Runtime {
  readonly #calls: PanelCalls;
  readonly #bodies = new AttachmentCollector(MAX_ATTACHMENT_BYTES, MAX_SOURCE_AND_BODIES);
  readonly #answers: AnswerSender;
  /** Follows a call by another plugin through whatever it awaits, so that the panel can see chains of calls. */
  readonly #served = new host.AsyncLocalStorage<number>();
  #plugin: LoadedPlugin | null = null;

  constructor(
    readonly channel: FrameChannel,
    readonly shared: Record<string, unknown>,
    readonly log: LogSink,
  ) {
    this.#calls = new PanelCalls(channel);
    this.#answers = new AnswerSender(channel);
    channel.onFrame(CONTROL_FRAMES, (type, id, payload) => this.#onFrame(type, id, payload));
  }

  #onFrame(type: number, id: number, payload: Uint8Array): void {
    switch (type) {
      case TO_CHILD.hook:
        return this.#serve(id, (plugin) => plugin.sodium.hooks.run(decodeJson(payload) as HookMessage));
      case TO_CHILD.http:
        return this.#http(id, decodeJson(payload) as HttpMessage);
      case TO_CHILD.chunk:
        return this.#bodies.add(id, payload);
      case TO_CHILD.result:
        return this.#calls.onResult(id, payload);
      case TO_CHILD.resultChunk:
        return this.#calls.onChunk(id, payload);
      case TO_CHILD.ping:
        return void this.channel.send(
          FROM_CHILD.pong,
          id,
          encodeJson({ timers: this.#plugin?.timers.count() ?? 0, calls: this.#calls.pending }),
        );
      case TO_CHILD.credit:
        return this.#answers.credit(id, (decodeJson(payload) as { pieces: number }).pieces);
      case TO_CHILD.abort:
        return this.#answers.abort(id);
      case TO_CHILD.cron:
        return this.#serve(id, (plugin) => plugin.sodium.crons.run((decodeJson(payload) as CronMessage).name));
      case TO_CHILD.method: {
        const message = decodeJson(payload) as MethodMessage;
        return this.#served.run(id, () => this.#serve(id, (plugin) => plugin.callMethod(message)));
      }
      case TO_CHILD.config:
        return this.#configure(id, decodeJson(payload) as ConfigMessage);
      case TO_CHILD.load:
        return this.#load(id, decodeJson(payload) as LoadMessage);
      case TO_CHILD.settle:
        return this.#serve(id, (plugin) => plugin.store.compact().then(() => undefined));
      default:
    }
  }

  #load(id: number, message: LoadMessage): void {
    this.#calls.currentCall = () => this.#served.getStore();
    this.#bodies.expect(id, message.attachment, (bytes) => {
      const source = new host.TextDecoder().decode(bytes);
      const { channel, log, shared } = this;
      loadPlugin({ channel, log, shared, calls: this.#calls, message, source }).then(
        ({ plugin, registrations }) => {
          this.#plugin = plugin;
          this.#done(id, registrations);
        },
        (error: unknown) => this.#fail(id, error),
      );
    });
  }

  #configure(id: number, message: ConfigMessage): void {
    this.#serve(id, async (plugin) => {
      if (message.clockOffsetMs !== undefined) plugin.clock?.set(message.clockOffsetMs);
      if (Object.keys(message.changed).length > 0) await plugin.sodium.config.update(message);
    });
  }

  #http(id: number, message: HttpMessage): void {
    this.#bodies.expect(id, message.attachment, (body) => {
      this.#answers.open(id);
      void this.#settle(
        id,
        (plugin) => plugin.sodium.router.handle(new HttpRequest(message, body)),
        (answer) => this.#answers.send(id, answer),
      );
    });
  }

  #serve(id: number, work: (plugin: LoadedPlugin) => Promise<unknown>): void {
    void this.#settle(id, work, (value) => this.#done(id, value));
  }

  /** Works, waits until every write made so far is on disk, and only then answers. */
  async #settle<T>(id: number, work: (plugin: LoadedPlugin) => Promise<T>, answer: (value: T) => void): Promise<void> {
    const plugin = this.#plugin;
    if (!plugin) return this.#fail(id, new Error('The plugin has not loaded.'));
    const since = plugin.store.begin();
    let finish: () => void;
    try {
      const value = await work(plugin);
      finish = () => answer(value);
    } catch (error) {
      finish = () => this.#fail(id, error);
    }
    try {
      await plugin.store.barrier(since);
    } catch (error) {
      const lost = new Error(`A write could not be kept: ${describeError(error).message}`);
      return this.#fail(id, Object.assign(lost, { code: 'PLUGIN_STORE_FAILED' }));
    }
    this.#try(id, finish);
  }

  #try(id: number, finish: () => void): void {
    try {
      finish();
    } catch (error) {
      this.#fail(id, error);
    }
  }

  #done(id: number, value: unknown): void {
    this.#try(id, () => this.channel.send(FROM_CHILD.done, id, encodeJson({ value: value ?? null })));
  }

  #fail(id: number, error: unknown): void {
    this.#answers.abort(id);
    this.channel.send(FROM_CHILD.failed, id, encodeJson(describeError(error)));
  }
}
