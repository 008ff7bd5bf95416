import { compareSpecificity, matchPath, pathObjection, pathShape } from './page-path.js';
import type {
  AdminTabContribution,
  Contribution,
  PageContribution,
  SidebarContribution,
  TabContribution,
  WidgetContribution,
} from './types.js';

/** The tabs that the panel's own server view has. */
const CORE_TABS = new Set(['console', 'resources', 'schedules', 'settings']);

/** A path or id that somebody else has already. */
export class ContributionConflict extends Error {
  override readonly name = 'ContributionConflict';
}

/**
 * What all active plugins add to this page. The shell paints from here; `change` fires (once per microtask) when
 * anything was added, replaced or removed. Entries are replaced, never mutated.
 */
export class ContributionStore extends EventTarget {
  readonly #entries = new Map<string, Contribution>();
  #order: readonly string[] = [];
  #announced = false;

  get pages(): PageContribution[] {
    return this.#ofKind('page');
  }
  get sidebar(): SidebarContribution[] {
    return this.#ofKind('sidebar');
  }
  get tabs(): TabContribution[] {
    return this.#ofKind('tab');
  }
  get widgets(): WidgetContribution[] {
    return this.#ofKind('widget');
  }
  get adminTabs(): AdminTabContribution[] {
    return this.#ofKind('adminTab');
  }

  get(key: string): Contribution | undefined {
    return this.#entries.get(key);
  }

  /** Adds a contribution or replaces the one with its key. Throws `ContributionConflict` when somebody else has its path or id. */
  put(contribution: Contribution): void {
    this.#refuseConflict(contribution);
    this.#entries.set(contribution.key, contribution);
    this.#announce();
  }

  remove(key: string): void {
    if (this.#entries.delete(key)) this.#announce();
  }

  removePlugin(id: string): void {
    for (const entry of [...this.#entries.values()]) if (entry.plugin.id === id) this.remove(entry.key);
  }

  /** The order of plugins: that of the registry, so that updates at run time do not reshuffle the page. */
  setOrder(ids: readonly string[]): void {
    this.#order = ids;
    this.#announce();
  }

  /** The page at an address such as `/todos/7` (without query), the most specific pattern first. */
  matchPage(path: string): { contribution: PageContribution; params: Record<string, string> } | null {
    for (const contribution of this.pages.sort((a, b) => compareSpecificity(a.path, b.path))) {
      const params = matchPath(contribution.path, path);
      if (params) return { contribution, params };
    }
    return null;
  }

  #ofKind<K extends Contribution['kind']>(kind: K): Extract<Contribution, { kind: K }>[] {
    const rank = (entry: Contribution): number => this.#order.indexOf(entry.plugin.id);
    return [...this.#entries.values()]
      .filter((entry): entry is Extract<Contribution, { kind: K }> => entry.kind === kind)
      .sort((a, b) => rank(a) - rank(b));
  }

  #refuseConflict(contribution: Contribution): void {
    const claim = claimOf(contribution);
    if (!claim) return;
    const mine = `Plugin "${contribution.plugin.id}" cannot have the ${claim.what}`;
    if (claim.objection) throw new ContributionConflict(`${mine}: it ${claim.objection}. Choose another one.`);
    for (const other of this.#entries.values()) {
      if (other.key === contribution.key || claimOf(other)?.name !== claim.name) continue;
      const owner =
        other.plugin.id === contribution.plugin.id ? 'itself, in another place' : `plugin "${other.plugin.id}"`;
      throw new ContributionConflict(
        `${mine}: it is taken by ${owner}. Choose another one, or deactivate one of the two.`,
      );
    }
  }

  #announce(): void {
    if (this.#announced) return;
    this.#announced = true;
    queueMicrotask(() => {
      this.#announced = false;
      this.dispatchEvent(new Event('change'));
    });
  }
}

/** What must be unique on the page. Sidebar items and admin tabs stand beside each other without harm. */
function claimOf(entry: Contribution): { name: string; what: string; objection: string | null } | null {
  switch (entry.kind) {
    case 'page':
      return {
        name: `page ${pathShape(entry.path)}`,
        what: `path "${entry.path}"`,
        objection: pathObjection(entry.path),
      };
    case 'tab': {
      const objection = CORE_TABS.has(entry.id) ? 'is taken by the panel' : null;
      return { name: `tab ${entry.id}`, what: `server tab "${entry.id}"`, objection };
    }
    case 'widget':
      return { name: `widget ${entry.id}`, what: `dashboard widget "${entry.id}"`, objection: null };
    default:
      return null;
  }
}
