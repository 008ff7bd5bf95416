import { render } from 'lit';
import type { ElementSource } from '@sodium/sdk';
import { runInBoundary } from './boundary.js';
import { PLUGIN_DEADLINE_MS, withDeadline } from './deadline.js';
import type { Contribution, PluginHandle } from './types.js';

/** A sidebar item has no view of its own to mount, or only an element. */
export type MountableContribution = Contribution & { definition: NonNullable<Contribution['definition']> };

type RenderFunction = (...args: unknown[]) => unknown;

/**
 * One view of a plugin, in a container of its own. Whatever goes wrong in it reaches `onFailure`, whether it is thrown,
 * rejected, or reported by the browser; nothing is thrown at the shell.
 */
export class PluginMount {
  readonly container = document.createElement('div');
  readonly #handle: PluginHandle;
  #element: HTMLElement | null = null;
  #run = 0;

  constructor(
    readonly contribution: MountableContribution,
    readonly onFailure: (error: unknown, where: string) => void,
    readonly deadlineMs = PLUGIN_DEADLINE_MS,
  ) {
    this.#handle = contribution.handle;
    this.container.className = 'content';
    this.container.hidden = true;
  }

  /** Shows the view, or shows it again for new arguments. Resolves when it is there or has failed. */
  async show(args: readonly unknown[]): Promise<void> {
    const run = (this.#run += 1);
    const { definition } = this.contribution;
    if (definition.element !== undefined) this.#showElement(definition.element, args);
    else await this.#showRendered((definition as { render: RenderFunction }).render, args, run);
    if (run === this.#run) await this.#settle();
  }

  reveal(): void {
    this.container.hidden = false;
  }

  /** Takes the view off the page: elements are disconnected, late results are ignored. */
  dispose(): void {
    this.#run += 1;
    // Errors while leaving have no place any more: whoever shows this place next is not to blame. The log gets them.
    runInBoundary(
      () => render(null, this.container),
      (error) => this.#handle.report(error, 'disconnect'),
    );
  }

  async #showRendered(view: RenderFunction, args: readonly unknown[], run: number): Promise<void> {
    let result: unknown;
    this.#guard('render', () => {
      result = view(...args);
    });
    if (isThenable(result)) {
      try {
        result = await withDeadline(result, this.deadlineMs, 'render()');
      } catch (error) {
        if (run === this.#run) this.onFailure(error, 'render');
        return;
      }
    }
    if (run === this.#run) this.#guard('render', () => render(result ?? null, this.container));
  }

  #showElement(source: ElementSource, args: readonly unknown[]): void {
    this.#guard('element', () => {
      this.#element ??= this.#create(source);
      Object.assign(this.#element, propertiesOf(this.contribution, args));
      if (!this.#element.isConnected) render(this.#element, this.container);
    });
  }

  #create(source: ElementSource): HTMLElement {
    if (typeof source === 'string') return this.#createTag(source);
    const local = this.contribution.key
      .split('/')
      .at(-1)!
      .replace(/[^a-z0-9]+/gi, '-')
      .replace(/^-+|-+$/g, '')
      .toLowerCase();
    const kind = this.contribution.kind === 'adminTab' ? 'admin-tab' : this.contribution.kind;
    this.#handle.ensureDefined(`${kind}-${local || 'root'}`, source);
    return new source();
  }

  #createTag(tag: string): HTMLElement {
    if (!customElements.get(tag)) {
      throw new Error(`The element <${tag}> is not defined. Pass the class, or what sodium.define() returned.`);
    }
    return document.createElement(tag);
  }

  /** Waits for the first update of the Lit elements in the view, so that their errors are known to be of this place. */
  async #settle(): Promise<void> {
    const elements = [...this.container.querySelectorAll('*')].filter(hasUpdates);
    const waits = elements.map((element) =>
      withDeadline(element.updateComplete, this.deadlineMs, `<${element.localName}>`),
    );
    const failed = (await Promise.allSettled(waits)).find((result) => result.status === 'rejected');
    if (failed) this.onFailure(failed.reason, 'update');
  }

  #guard(where: string, work: () => void): void {
    runInBoundary(work, (error) => this.onFailure(error, where));
  }
}

/** An element gets as properties what `render` gets as arguments. */
function propertiesOf(contribution: Contribution, args: readonly unknown[]): Record<string, unknown> {
  if (contribution.kind === 'tab') return { serverId: args[0], live: args[1] };
  return { ...(args[0] as Record<string, unknown> | undefined) };
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as { then?: unknown } | null | undefined)?.then === 'function';

const hasUpdates = (element: Element): element is Element & { updateComplete: PromiseLike<unknown> } =>
  isThenable((element as { updateComplete?: unknown }).updateComplete);
