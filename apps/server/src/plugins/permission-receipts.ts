import type { Permission } from '@sodium/sdk';
import type { ConsentBook } from './consent.js';

/** How often a permission was used, and when last. */
export interface Receipt {
  count: number;
  last: string;
}

const WRITE_EVERY_MS = 30_000;

/** Counts how often each plugin used each permission. Written now and then, since a use must cost nothing. */
export class PermissionReceipts {
  private readonly pending = new Map<string, Map<Permission, Receipt>>();
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly consents: ConsentBook) {}

  note(plugin: string, permission: Permission): void {
    let counts = this.pending.get(plugin);
    if (!counts) this.pending.set(plugin, (counts = new Map()));
    const entry = counts.get(permission);
    if (entry) {
      entry.count += 1;
      entry.last = new Date().toISOString();
    } else counts.set(permission, { count: 1, last: new Date().toISOString() });
    this.timer ??= setTimeout(() => void this.flush().catch(() => undefined), WRITE_EVERY_MS).unref();
  }

  used(plugin: string): Permission[] {
    const stored = Object.keys(this.consents.get(plugin)?.used ?? {}) as Permission[];
    return [...new Set([...stored, ...(this.pending.get(plugin)?.keys() ?? [])])];
  }

  list(plugin: string): Record<string, Receipt> {
    const receipts = { ...this.consents.get(plugin)?.used };
    for (const [permission, { count, last }] of this.pending.get(plugin) ?? []) {
      receipts[permission] = { count: (receipts[permission]?.count ?? 0) + count, last };
    }
    return receipts;
  }

  async flush(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const pending = [...this.pending];
    this.pending.clear();
    for (const [plugin, counts] of pending) {
      const consent = this.consents.get(plugin);
      if (!consent) continue;
      const used = { ...consent.used };
      for (const [permission, { count, last }] of counts)
        used[permission] = { count: (used[permission]?.count ?? 0) + count, last };
      await this.consents.update(plugin, { used });
    }
  }
}
