import { Channel } from './channel.js';
import { quietFault, type Context } from './context.js';
import { postMessage, type Outcome } from './discord.js';
import { composeMessage, type Message, type WebhookBody } from './message.js';
import type { Queue } from './queue.js';
import type { Rules } from './rules.js';

/** Events that happen together travel together. */
const LINGER_MS = 500;
const LONGEST_TIMER_MS = 10 * 60_000;
/** With the longest waits between them: about nine hours. */
const MOST_ATTEMPTS = 40;
const TEST_DEADLINE_MS = 4500;

/** Sends what waits in the queue, one message at a time, at the pace that Discord allows. */
export class Delivery {
  readonly channel: Channel;
  #timer: { id: ReturnType<typeof setTimeout>; at: number } | null = null;
  #running: Promise<void> | null = null;

  constructor(
    readonly context: Context,
    readonly queue: Queue,
    readonly rules: Rules,
  ) {
    this.channel = new Channel(context);
    if (queue.size('waiting') > 0) this.wake();
  }

  /** Sends soon. */
  wake(delay = LINGER_MS): void {
    const wait = Math.min(Math.max(delay, 0), LONGEST_TIMER_MS);
    // Timers run by the real clock, whatever the plugin's one says.
    const at = performance.now() + wait;
    if (this.#timer && this.#timer.at <= at) return;
    if (this.#timer) clearTimeout(this.#timer.id);
    const run = (): void => {
      this.#timer = null;
      this.run().catch((error: unknown) => this.context.logger.error('Sending failed:', error));
    };
    this.#timer = { id: setTimeout(run, wait), at };
  }

  /** Sends what may be sent now. Resolves when nothing is left or when it has to wait. */
  run(): Promise<void> {
    this.#running ??= this.#drain().finally(() => (this.#running = null));
    return this.#running;
  }

  /** Sends a message that says nothing, past the queue but not past Discord's limits. */
  async test(): Promise<{ ok: boolean; message: string }> {
    const { config, now } = this.context;
    const address = config.get<string | undefined>('webhook_url');
    if (!address) return { ok: false, message: 'There is no webhook address yet. Enter it in the settings.' };
    const fault = quietFault(this.context);
    if (fault) return { ok: false, message: fault };
    await this.channel.meet(address);
    const { pausedUntil, pausedBecause } = this.channel.state;
    if (pausedUntil > now() && pausedBecause === null)
      return { ok: false, message: `Discord asks to wait ${Math.ceil((pausedUntil - now()) / 1000)} more seconds.` };
    const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), TEST_DEADLINE_MS));
    const outcome = await Promise.race([postMessage(address, this.#testBody()), late]);
    if (!outcome) return { ok: false, message: 'Discord did not answer within 5 seconds.' };
    return this.#judgeTest(outcome);
  }

  async #drain(): Promise<void> {
    for (;;) {
      const address = this.context.config.get<string | undefined>('webhook_url');
      if (!address) return;
      await this.channel.meet(address);
      const { disabled, pausedUntil } = this.channel.state;
      if (disabled) return;
      const { now } = this.context;
      if (pausedUntil > now()) return this.#wakeForWaiting(pausedUntil);
      this.queue.tellOverflow();
      const due = this.queue.due();
      const next = due.length === 0 ? this.queue.nextDueAt() : null;
      if (next !== null) this.wake(next - now());
      if (due.length === 0) return;
      await this.#send(address, composeMessage(due, this.rules.of, this.#username()));
    }
  }

  #wakeForWaiting(at: number): void {
    if (this.queue.size('waiting') > 0) this.wake(at - this.context.now());
  }

  async #send(address: string, message: Message): Promise<void> {
    this.queue.markSending(message.events);
    const outcome = await postMessage(address, message.body);
    // Everything that follows from the answer is one write.
    this.#settle(message, outcome);
    this.#obey(outcome);
  }

  #settle({ events, body }: Message, outcome: Outcome): void {
    if (outcome.kind === 'sent') {
      const [first, ...others] = body.embeds;
      const text = others.length > 0 ? `${first!.title} and ${others.length} more` : first!.title;
      this.channel.noteSent(text, events.length);
      return this.queue.markSent(events);
    }
    if (outcome.kind === 'limited' || outcome.kind === 'gone') return this.queue.giveBack(events);
    if (outcome.kind === 'refused') {
      // One of them is at fault: each goes by itself, so that it takes no other with it.
      if (events.length > 1) return this.queue.giveBack(events, { alone: true });
      return this.queue.giveUp(events, outcome.reason);
    }
    const attempts = Math.max(...events.map((event) => event.attempts)) + 1;
    if (attempts >= MOST_ATTEMPTS) return this.queue.giveUp(events, outcome.reason);
    this.queue.giveBack(events, { attempts });
  }

  #obey(outcome: Outcome): void {
    if (outcome.kind === 'gone') return this.channel.disable(outcome.reason);
    if (outcome.kind === 'failed') {
      this.context.logger.warn(`A message was not sent and will be tried again: ${outcome.reason}`);
      this.channel.backOff(outcome.reason, outcome.pauseMs);
      return;
    }
    this.channel.worked();
    this.channel.pause(outcome.pauseMs, null);
  }

  #judgeTest(outcome: Outcome): { ok: boolean; message: string } {
    this.#obey(outcome);
    if (outcome.kind === 'sent') {
      this.wake();
      return { ok: true, message: 'Discord has taken the test message.' };
    }
    if (outcome.kind === 'limited')
      return { ok: false, message: `Discord asks to wait ${Math.ceil(outcome.pauseMs / 1000)} seconds.` };
    return { ok: false, message: outcome.reason };
  }

  #testBody(): WebhookBody {
    const { now } = this.context;
    const username = this.#username();
    const description = 'Alerts of your panel will appear here.';
    const embed = { title: 'It works', description, color: 0x2563c9, timestamp: new Date(now()).toISOString() };
    return { ...(username ? { username } : {}), embeds: [embed], allowed_mentions: { parse: [] } };
  }

  #username(): string | undefined {
    return this.context.config.get<string | undefined>('username')?.trim() || undefined;
  }
}
