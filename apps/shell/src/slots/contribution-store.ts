import { compareSpecificity, matchPath, pathShape } from '@sodium/contract/page-path';
import { PANEL_TABS } from '@sodium/contract/panel-names';
import { pathObjection } from './page-path.js';
import type {
  AdminTabContribution,
  Contribution,
  PageContribution,
  SidebarContribution,
  TabContribution,
  WidgetContribution,
} from './types.js';

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
  /** Who has what must be unique on the page, by the claim's name: every plugin asks for each of its pages at the start. */
  readonly #owners = new Map<string, Contribution>();
  #ranks: ReadonlyMap<string, number> = new Map();
  /** By kind, until the next change: each step to another page asks for them several times. */
  readonly #sorted = new Map<Contribution['kind'], Contribution[]>();
  #announced = false;

  get pages(): readonly PageContribution[] {
    return this.#ofKind('page');
  }
  get sidebar(): readonly SidebarContribution[] {
    return this.#ofKind('sidebar');
  }
  get tabs(): readonly TabContribution[] {
    return this.#ofKind('tab');
  }
  get widgets(): readonly WidgetContribution[] {
    return this.#ofKind('widget');
  }
  get adminTabs(): readonly AdminTabContribution[] {
    return this.#ofKind('adminTab');
  }

  get(key: string): Contribution | undefined {
    return this.#entries.get(key);
  }

  /** Adds a contribution or replaces the one with its key. Throws `ContributionConflict` when somebody else has its path or id. */
  put(contribution: Contribution): void {
    const claim = this.#grant(contribution);
    this.#forget(contribution.key);
    this.#entries.set(contribution.key, contribution);
    if (claim) this.#owners.set(claim.name, contribution);
    this.#announce();
  }

  remove(key: string): void {
    if (this.#forget(key)) this.#announce();
  }

  removePlugin(id: string): void {
    for (const entry of [...this.#entries.values()]) if (entry.plugin.id === id) this.remove(entry.key);
  }

  /** The order of plugins: that of the registry, so that updates at run time do not reshuffle the page. */
  setOrder(ids: readonly string[]): void {
    this.#ranks = new Map(ids.map((id, rank) => [id, rank]));
    this.#announce();
  }

  /** The page at an address such as `/todos/7` (without query), the most specific pattern first. */
  matchPage(path: string): { contribution: PageContribution; params: Record<string, string> } | null {
    const matches = this.pages.flatMap((contribution) => {
      const params = matchPath(contribution.path, path);
      return params ? [{ contribution, params }] : [];
    });
    const [first] = matches.sort((a, b) => compareSpecificity(a.contribution.path, b.contribution.path));
    return first ?? null;
  }

  #ofKind<K extends Contribution['kind']>(kind: K): readonly Extract<Contribution, { kind: K }>[] {
    const sorted = this.#sorted.get(kind) ?? this.#sort(kind);
    this.#sorted.set(kind, sorted);
    return sorted as Extract<Contribution, { kind: K }>[];
  }

  #sort(kind: Contribution['kind']): Contribution[] {
    const rank = (entry: Contribution): number => this.#ranks.get(entry.plugin.id) ?? -1;
    return [...this.#entries.values()].filter((entry) => entry.kind === kind).sort((a, b) => rank(a) - rank(b));
  }

  #forget(key: string): boolean {
    const entry = this.#entries.get(key);
    const claim = entry && claimOf(entry);
    if (claim) this.#owners.delete(claim.name);
    return this.#entries.delete(key);
  }

  #grant(contribution: Contribution): Claim | null {
    const claim = claimOf(contribution);
    if (!claim) return null;
    const mine = `Plugin "${contribution.plugin.id}" cannot have the ${claim.what}`;
    if (claim.objection) throw new ContributionConflict(`${mine}: it ${claim.objection}. Choose another one.`);
    const other = this.#owners.get(claim.name);
    if (!other || other.key === contribution.key) return claim;
    const owner =
      other.plugin.id === contribution.plugin.id ? 'itself, in another place' : `plugin "${other.plugin.id}"`;
    throw new ContributionConflict(
      `${mine}: it is taken by ${owner}. Choose another one, or deactivate one of the two.`,
    );
  }

  #announce(): void {
    this.#sorted.clear();
    if (this.#announced) return;
    this.#announced = true;
    queueMicrotask(() => {
      this.#announced = false;
      this.dispatchEvent(new Event('change'));
    });
  }
}

interface Claim {
  readonly name: string;
  readonly what: string;
  readonly objection: string | null;
}

/** What must be unique on the page. Sidebar items and admin tabs stand beside each other without harm. */
function claimOf(entry: Contribution): Claim | null {
  switch (entry.kind) {
    case 'page':
      return {
        name: `page ${pathShape(entry.path)}`,
        what: `path "${entry.path}"`,
        objection: pathObjection(entry.path),
      };
    case 'tab': {
      const objection = PANEL_TABS.has(entry.id) ? 'is taken by the panel' : null;
      return { name: `tab ${entry.id}`, what: `server tab "${entry.id}"`, objection };
    }
    case 'widget':
      return { name: `widget ${entry.id}`, what: `dashboard widget "${entry.id}"`, objection: null };
    default:
      return null;
  }
}
