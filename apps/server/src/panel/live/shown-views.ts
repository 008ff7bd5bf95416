import { z } from 'zod';
import type { LiveDeps, LiveSocket } from './live-types.js';
import type { MessageBudget } from './message-budget.js';

const messageSchema = z.object({
  shown: z
    .array(z.object({ plugin: z.string().min(1).max(64), place: z.enum(['page', 'sidebar', 'tab', 'widget']) }))
    .max(1000),
});
const ONCE_IN_MS = 10 * 60_000;
const REMEMBERED = 2000;

/** Hears which views of plugins a page shows. What it says again soon counts no more: a count is no toy of its users. */
export function hearShownViews(socket: LiveSocket, { shown, sessions }: LiveDeps, budget: MessageBudget): void {
  const heard = new Map<string, number>();
  socket.on('plugins:shown', (message: unknown) => {
    const parsed = messageSchema.safeParse(message);
    if (budget.take() !== 'ok' || !parsed.success || !sessions.check(socket.data.who.session)) return;
    for (const view of parsed.data.shown) {
      const key = `${view.plugin} ${view.place}`;
      if (Date.now() - (heard.get(key) ?? -Infinity) < ONCE_IN_MS) continue;
      if (heard.size >= REMEMBERED) return;
      heard.set(key, Date.now());
      shown?.(view);
    }
  });
}
